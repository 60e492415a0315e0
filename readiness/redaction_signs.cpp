// SPDX-License-Identifier: Apache-2.0
#include "readiness/redaction_signs.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace deployctl::readiness {

namespace {

/// In lower case, by their first letters.
constexpr auto signs = [] {
    std::array<std::string_view, 62> all = {
        "pass",       "pwd",        "pw",         "secret",       "token",   "key",
        "credential", "auth",       "dsn",        "sig",          "string",  "hook",
        "api_url",    "cookie",     "bearer",     "basic",        "://",     "@",
        "$",          "<",          "redis-cli",  "ldap",         "zip",     "login",
        "identified", "literal",    "echo",       "printf",       "oracle:", "sqlplus",
        "-----begin", "akia",       "asia",       "ghp_",         "gho_",    "ghu_",
        "ghs_",       "ghr_",       "github_pat", "glpat",        "glsa_",   "xox",
        "xapp",       "k_live",     "k_test",     "sk-",          "npm_",    "pypi",
        "aiza",       "ya29",       "sg.",        "hv",           "dop_",    "shp",
        "nrak",       "eyj",        "atatt3",     "telegram.org", "discord", "office.com",
        "pagerduty",  "googleapis",
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

/// " -u a:b", "[-p": a switch of a program.
bool has_switch(std::string_view text) {
    for (auto at = text.find('-'); at != text.npos; at = text.find('-', at + 1)) {
        if (at == 0 ||
            std::string_view(" \t\n\"',[(=").find(text[at - 1]) != std::string_view::npos) {
            return true;
        }
    }
    return false;
}

/// As long as a key that only its disorder tells.
bool has_long_word(std::string_view text) {
    constexpr std::size_t least = 40;
    std::size_t length = 0;
    for (const char letter : text) {
        const bool is_of_key = (letter >= 'a' && letter <= 'z') ||
                               (letter >= 'A' && letter <= 'Z') ||
                               (letter >= '0' && letter <= '9') ||
                               std::string_view("+/_=-").find(letter) != std::string_view::npos;
        length = is_of_key ? length + 1 : 0;
        if (length >= least) {
            return true;
        }
    }
    return false;
}

}  // namespace

bool may_hold_secret(std::string_view text) {
    return has_sign(text) || has_switch(text) || has_long_word(text);
}

}  // namespace deployctl::readiness
