// SPDX-License-Identifier: Apache-2.0
#include "readiness/redaction_signs.hpp"

#include "model/text.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace deployctl::readiness {

namespace {

/// In lower case.
constexpr std::array<std::string_view, 62> signs = {
    "pass",    "pwd",          "pw",         "secret",     "token",     "key",        "credential",
    "auth",    "dsn",          "sig",        "string",     "hook",      "api_url",    "cookie",
    "bearer",  "basic",        "://",        "@",          "$",         "<",          "redis-cli",
    "ldap",    "zip",          "login",      "identified", "literal",   "echo",       "printf",
    "oracle:", "sqlplus",      "-----begin", "akia",       "asia",      "ghp_",       "gho_",
    "ghu_",    "ghs_",         "ghr_",       "github_pat", "glpat",     "glsa_",      "xox",
    "xapp",    "k_live",       "k_test",     "sk-",        "npm_",      "pypi",       "aiza",
    "ya29",    "sg.",          "hv",         "dop_",       "shp",       "nrak",       "eyj",
    "atatt3",  "telegram.org", "discord",    "office.com", "pagerduty", "googleapis",
};

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
    const auto plain = lower(std::string(text));
    const bool has_sign = std::any_of(signs.begin(), signs.end(), [&](std::string_view sign) {
        return plain.find(sign) != plain.npos;
    });
    return has_sign || has_switch(text) || has_long_word(text);
}

}  // namespace deployctl::readiness
