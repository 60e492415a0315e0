// SPDX-License-Identifier: Apache-2.0
#include "readiness/redaction_signs.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace deployctl::readiness {

namespace {

/// In lower case, by their first letters.
constexpr auto signs = [] {
    std::array<std::string_view, 65> all = {
        "pass",       "pwd",        "pw",        "secret",     "token",    "key",
        "credential", "auth",       "dsn",       "sig",        "string",   "hook",
        "api_url",    "cookie",     "bearer",    "basic",      "@tcp(",    "@unix(",
        "${",         "redis-cli",  "ldap",      "zip",        "login",    "identified",
        "literal",    "echo",       "printf",    "oracle:",    "sqlplus",  "-----begin",
        "akia",       "asia",       "ghp_",      "gho_",       "ghu_",     "ghs_",
        "ghr_",       "github_pat", "glpat",     "glsa_",      "xox",      "xapp",
        "k_live",     "k_test",     "sk-",       "npm_",       "pypi",     "aiza",
        "ya29",       "sg.",        "hvs.",      "hvb.",       "dop_",     "shpat_",
        "shpss_",     "shpca_",     "nrak",      "eyj",        "atatt3",   "telegram.org",
        "discord",    "office.com", "pagerduty", "googleapis", "dckr_pat",
    };
    std::ranges::sort(all);
    return all;
}();

constexpr char lower_of(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

constexpr std::size_t bytes = 256;

/// Where the signs begin that have this byte first; the next entry says where they end.
constexpr auto first_signs = [] {
    std::array<std::uint8_t, bytes + 1> places{};
    for (std::size_t byte = 0; byte <= bytes; ++byte) {
        std::size_t before = 0;
        for (const auto sign : signs) {
            before += static_cast<unsigned char>(sign.front()) < byte ? 1 : 0;
        }
        places.at(byte) = static_cast<std::uint8_t>(before);
    }
    return places;
}();

bool begins_with(std::string_view text, std::string_view sign) {
    return text.size() >= sign.size() &&
           std::equal(sign.begin(), sign.end(), text.begin(), [](char wanted, char letter) {
               return wanted == lower_of(letter);
           });
}

/// One look at each letter: most texts are short, and begin none of the signs.
bool has_sign(std::string_view text) {
    for (; !text.empty(); text.remove_prefix(1)) {
        const auto byte = static_cast<unsigned char>(lower_of(text.front()));
        for (std::size_t at = first_signs[byte]; at < first_signs[byte + 1U]; ++at) {
            if (begins_with(text, signs[at])) {
                return true;
            }
        }
    }
    return false;
}

bool is_letter(char letter) {
    return lower_of(letter) >= 'a' && lower_of(letter) <= 'z';
}

/// " -u a:b", "[-p": a switch of a program, and neither a minus nor the begin of an item.
bool has_switch(std::string_view text) {
    for (auto at = text.find('-'); at != text.npos; at = text.find('-', at + 1)) {
        const bool begins = at == 0 || std::string_view(" \t\n\"',[(=").find(text[at - 1]) !=
                                           std::string_view::npos;
        const auto rest = text.substr(at + 1);
        if (begins && !rest.empty() && (is_letter(rest.front()) || rest.front() == '-')) {
            return true;
        }
    }
    return false;
}

/// A secret of an address stands before an `@`.
bool has_address(std::string_view text) {
    const auto at = text.find("://");
    return at != text.npos && text.find('@', at) != text.npos;
}

bool is_upper(char letter) {
    return letter >= 'A' && letter <= 'Z';
}

bool is_digit(char letter) {
    return letter >= '0' && letter <= '9';
}

bool is_of_key(char letter) {
    return is_letter(letter) || is_digit(letter) ||
           std::string_view("+/_=-").find(letter) != std::string_view::npos;
}

/// As long as a key that only its disorder tells, with letters and digits as one has them: names of
/// metrics are long as well.
bool has_long_word(std::string_view text) {
    constexpr std::size_t least = 40;
    constexpr int least_upper = 4;
    constexpr int least_digits = 3;
    while (text.size() >= least) {
        const auto end = std::ranges::find_if_not(text, is_of_key);
        const auto size = static_cast<std::size_t>(end - text.begin());
        const auto word = text.substr(0, size);
        if (size >= least && std::ranges::count_if(word, is_upper) >= least_upper &&
            std::ranges::count_if(word, is_digit) >= least_digits) {
            return true;
        }
        text.remove_prefix(std::min(size + 1, text.size()));
    }
    return false;
}

}  // namespace

bool may_hold_secret(std::string_view text) {
    return has_sign(text) || has_switch(text) || has_address(text) || has_long_word(text);
}

}  // namespace deployctl::readiness
