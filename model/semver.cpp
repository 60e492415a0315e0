// SPDX-License-Identifier: Apache-2.0
#include "model/semver.hpp"

#include <algorithm>

namespace deployctl {

namespace {

constexpr std::size_t longest = 256;
constexpr std::string_view digits = "0123456789";
constexpr std::string_view letters =
    "0123456789-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

bool is_number(std::string_view text) {
    return !text.empty() && text.find_first_not_of(digits) == text.npos;
}

bool has_leading_zero(std::string_view text) {
    return text.size() > 1 && text.front() == '0';
}

bool is_good_number(std::string_view text) {
    return is_number(text) && !has_leading_zero(text);
}

bool is_identifier(std::string_view text) {
    return !text.empty() && text.find_first_not_of(letters) == text.npos;
}

bool is_good_prerelease(std::string_view text) {
    return is_identifier(text) && !(is_number(text) && has_leading_zero(text));
}

std::vector<std::string> split_at_dots(std::string_view text) {
    std::vector<std::string> parts;
    for (std::size_t begin = 0; begin <= text.size();) {
        const auto end = std::min(text.find('.', begin), text.size());
        parts.emplace_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

/// Of digits without leading zeros: the longer one is greater.
std::strong_ordering compare_numbers(const std::string& one, const std::string& other) {
    const auto by_length = one.size() <=> other.size();
    return by_length != std::strong_ordering::equal ? by_length : one.compare(other) <=> 0;
}

/// Numbers by their size and before all texts, which are ordered by their bytes.
std::strong_ordering compare_identifiers(const std::string& one, const std::string& other) {
    const bool is_one = is_number(one);
    const bool is_other = is_number(other);
    if (is_one && is_other) {
        return compare_numbers(one, other);
    }
    return is_one != is_other ? is_other <=> is_one : one.compare(other) <=> 0;
}

}  // namespace

std::optional<Semver> read_semver(std::string_view text) {
    if (text.size() > longest) {
        return std::nullopt;
    }
    text.remove_prefix(text.starts_with('v') ? 1 : 0);
    const auto plus = text.find('+');
    if (plus != text.npos) {
        const auto build = split_at_dots(text.substr(plus + 1));
        if (!std::ranges::all_of(build, is_identifier)) {
            return std::nullopt;
        }
        text = text.substr(0, plus);
    }
    const auto dash = text.find('-');
    Semver version{split_at_dots(text.substr(0, dash)), {}};
    if (version.numbers.size() != 3 || !std::ranges::all_of(version.numbers, is_good_number)) {
        return std::nullopt;
    }
    if (dash != text.npos) {
        version.prerelease = split_at_dots(text.substr(dash + 1));
        if (!std::ranges::all_of(version.prerelease, is_good_prerelease)) {
            return std::nullopt;
        }
    }
    return version;
}

std::strong_ordering operator<=>(const Semver& one, const Semver& other) {
    const auto by_numbers = std::lexicographical_compare_three_way(
        one.numbers.begin(),
        one.numbers.end(),
        other.numbers.begin(),
        other.numbers.end(),
        compare_numbers
    );
    if (by_numbers != std::strong_ordering::equal) {
        return by_numbers;
    }
    if (one.prerelease.empty() || other.prerelease.empty()) {
        return one.prerelease.empty() <=> other.prerelease.empty();
    }
    return std::lexicographical_compare_three_way(
        one.prerelease.begin(),
        one.prerelease.end(),
        other.prerelease.begin(),
        other.prerelease.end(),
        compare_identifiers
    );
}

}  // namespace deployctl
