// SPDX-License-Identifier: Apache-2.0
#include "readiness/audit_claims.hpp"

#include "model/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

namespace deployctl::readiness {

namespace {

constexpr std::size_t most_claims = 100;
constexpr int most_colons = 20;  // of a line that are looked at

/// In lower case; what a report says of itself beside others.
constexpr std::array<std::string_view, 9> comparisons = {
    "exceeds industry standard",
    "exceed industry standard",
    "above industry standard",
    "beyond industry standard",
    "industry-leading",
    "industry leading",
    "world-class",
    "world class",
    "best-in-class",
};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// How long "5%" or "5 percent" is at the front; 0 where it is neither.
std::size_t percent_length(std::string_view text) {
    const auto number = std::min(text.find_first_not_of("0123456789."), text.size());
    const auto blank = text.substr(number).starts_with(' ') ? 1U : 0U;
    const auto unit = text.substr(number + blank);
    const std::size_t length = unit.starts_with("percent") ? 7 : unit.starts_with('%') ? 1 : 0;
    return number > 0 && length > 0 ? number + blank + length : 0;
}

/// "top 5%", as it is written.
std::optional<std::string> top_share(std::string_view text) {
    constexpr std::string_view word = "top ";
    const auto low = lower(std::string(text));
    for (auto at = low.find(word); at != std::string::npos; at = low.find(word, at + 1)) {
        const bool begins = at == 0 || std::isalnum(static_cast<unsigned char>(low[at - 1])) == 0;
        const auto length = percent_length(std::string_view(low).substr(at + word.size()));
        if (begins && length > 0) {
            return std::string(text.substr(at, word.size() + length));
        }
    }
    return std::nullopt;
}

std::optional<std::string> comparison(std::string_view text) {
    const auto low = lower(std::string(text));
    for (const auto words : comparisons) {
        if (const auto at = low.find(words); at != std::string::npos) {
            return std::string(text.substr(at, words.size()));
        }
    }
    return std::nullopt;
}

/// With an ending, in a folder, or one of those that have neither: "Makefile".
bool is_file_name(std::string_view word) {
    const auto point = word.rfind('.');
    const bool has_ending = point != std::string_view::npos && point + 1 < word.size() &&
                            !std::ranges::all_of(word.substr(point + 1), is_digit);
    return has_ending || word.find('/') != std::string_view::npos || word.ends_with("Dockerfile") ||
           word.ends_with("Makefile");
}

/// "main.tf:12"
bool names_line_of_file(std::string_view raw) {
    constexpr std::size_t longest_name = 200;
    int colons = 0;
    for (auto at = raw.find(':'); at != std::string_view::npos && ++colons <= most_colons;
         at = raw.find(':', at + 1)) {
        const bool has_number = at + 1 < raw.size() && is_digit(raw[at + 1]);
        const auto begin = at - std::min(at, longest_name);
        const auto before = raw.substr(begin, at - begin);
        if (has_number && is_file_name(before.substr(before.find_last_of(" `(*[") + 1))) {
            return true;
        }
    }
    return false;
}

bool names_source(std::string_view raw) {
    const auto low = lower(std::string(raw));
    constexpr std::array<std::string_view, 7> signs = {
        "http://", "https://", "](", "[^", "source:", "sources:", "measured by"
    };
    return names_line_of_file(raw) || std::ranges::any_of(signs, [&](std::string_view sign) {
               return low.find(sign) != std::string::npos;
           });
}

bool is_item(std::string_view raw) {
    return raw.starts_with("- ") || raw.starts_with("* ") || raw.starts_with("+ ");
}

/// The sentence may go on on the line below.
bool has_source(const ReportDocument& document, std::size_t at) {
    const auto& lines = document.lines;
    const bool goes_on = at + 1 < lines.size() && lines[at + 1].number == lines[at].number + 1 &&
                         !is_item(lines[at + 1].raw);
    return names_source(lines[at].raw) || (goes_on && names_source(lines[at + 1].raw));
}

/// "- [x] backups" or an item with a picture of a tick.
bool is_ticked(std::string_view raw) {
    const auto rest = is_item(raw) ? raw.substr(2, 40) : std::string_view();
    constexpr std::array<std::string_view, 5> ticks = {
        "\xE2\x9C\x85", "\xE2\x9C\x94", "\xE2\x9C\x93", "[x]", "[X]"
    };
    return std::ranges::any_of(ticks, [&](std::string_view tick) {
        return rest.starts_with(tick);
    });
}

void add_claim(Claims& claims, const std::optional<std::string>& words, int line) {
    if (words && claims.bare.size() < most_claims) {
        claims.bare.push_back({*words, line});
    }
}

}  // namespace

Claims find_claims(const ReportDocument& document) {
    Claims claims;
    for (std::size_t at = 0; at < document.lines.size(); ++at) {
        const auto& line = document.lines[at];
        const bool has_ground = has_source(document, at);
        if (is_ticked(line.raw)) {
            ++claims.ticked.all;
            claims.ticked.with_evidence += has_ground ? 1 : 0;
        }
        if (!has_ground) {
            add_claim(claims, top_share(line.text), line.number);
            add_claim(claims, comparison(line.text), line.number);
        }
    }
    return claims;
}

}  // namespace deployctl::readiness
