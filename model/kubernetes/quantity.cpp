// SPDX-License-Identifier: Apache-2.0
#include "model/kubernetes/quantity.hpp"

#include <array>
#include <charconv>
#include <string_view>
#include <utility>

namespace deployctl {

namespace {

constexpr double kibi = 1024;

constexpr std::array<std::pair<std::string_view, double>, 16> suffixes{{
    {"", 1},
    {"n", 1e-9},
    {"u", 1e-6},
    {"m", 1e-3},
    {"k", 1e3},
    {"M", 1e6},
    {"G", 1e9},
    {"T", 1e12},
    {"P", 1e15},
    {"E", 1e18},
    {"Ki", kibi},
    {"Mi", kibi* kibi},
    {"Gi", kibi* kibi* kibi},
    {"Ti", kibi* kibi* kibi* kibi},
    {"Pi", kibi* kibi* kibi* kibi* kibi},
    {"Ei", kibi* kibi* kibi* kibi* kibi* kibi},
}};

std::optional<double> read_text(std::string_view text) {
    constexpr double most = 1e24;
    text.remove_prefix(text.starts_with('+') ? 1 : 0);
    const bool begins_well =
        !text.empty() && (text[0] == '.' || (text[0] >= '0' && text[0] <= '9'));
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (!begins_well || error != std::errc{}) {
        return std::nullopt;
    }
    const auto rest = text.substr(static_cast<std::size_t>(end - text.data()));
    for (const auto& [suffix, factor] : suffixes) {
        if (rest == suffix && number * factor <= most) {
            return number * factor;
        }
    }
    return std::nullopt;
}

}  // namespace

std::optional<double> read_quantity(const Value& value) {
    if (value.is_string()) {
        return read_text(value.view(""));
    }
    const auto number = value.real("", -1);
    return number >= 0 ? std::optional(number) : std::nullopt;
}

}  // namespace deployctl
