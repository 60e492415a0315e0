// SPDX-License-Identifier: Apache-2.0
#include "plugins/backup/artefact.hpp"

#include "model/text.hpp"

#include <algorithm>
#include <array>

namespace deployctl::plugins::backup {

namespace {

constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view digits = "0123456789";

bool is_in(char letter, std::string_view set) {
    return set.find(letter) != set.npos;
}

/// "20261130T174020Z-0a1b2c3d": 0 a digit, x one of hexadecimal, the others themselves.
bool is_stamped(std::string_view text) {
    constexpr std::string_view shape = "00000000T000000Z-xxxxxxxx";
    if (text.size() < shape.size()) {
        return false;
    }
    for (std::size_t at = 0; at < shape.size(); ++at) {
        const bool fits = shape[at] == '0'   ? is_in(text[at], digits)
                          : shape[at] == 'x' ? is_in(text[at], "0123456789abcdef")
                                             : text[at] == shape[at];
        if (!fits) {
            return false;
        }
    }
    return true;
}

std::string stem_of(const Scope& scope) {
    return scope.app + "-" + scope.database + "-";
}

bool names_a_secret(const std::string& name) {
    constexpr std::array<std::string_view, 6> words{
        "password", "passwd", "secret", "token", "apikey", "credential"
    };
    const auto text = lower(name);
    return std::ranges::any_of(words, [&text](std::string_view word) {
        return text.find(word) != text.npos;
    });
}

/// "postgres://ada:***@host/db"
void cover_password_of_url(std::string& argument) {
    const auto host = argument.find("://");
    const auto at = host == argument.npos ? host : argument.find('@', host);
    const auto colon = at == argument.npos ? at : argument.find(':', host + 3);
    if (colon < at) {
        argument.replace(colon + 1, at - colon - 1, "***");
    }
}

}  // namespace

std::string stamp(WallTime time) {
    std::string text;
    for (const char letter : to_rfc3339(time).substr(0, 19)) {
        if (letter != '-' && letter != ':') {
            text += letter;
        }
    }
    return text + "Z";
}

bool is_plain_name(std::string_view name) {
    if (name.empty() || is_in(name.front(), ".-")) {
        return false;
    }
    return std::ranges::all_of(name, [](char letter) {
        return is_in(letter, letters) || is_in(letter, digits) || is_in(letter, "._-");
    });
}

std::string file_name(
    const Scope& scope, WallTime started, std::string_view id, std::string_view suffix
) {
    constexpr std::size_t digits_of_id = 8;  // the last ones: the first tell the time alone
    const auto end = id.size() > digits_of_id ? id.substr(id.size() - digits_of_id) : id;
    return stem_of(scope) + stamp(started) + "-" + std::string(end) + std::string(suffix);
}

bool is_name_of(std::string_view name, const Scope& scope) {
    const auto stem = stem_of(scope);
    return name.starts_with(stem) && is_stamped(name.substr(stem.size()));
}

std::string place_of(const Held& held) {
    return held.kind + "/" + held.name + " in " + held.kube_namespace;
}

std::vector<std::string> without_secrets(std::vector<std::string> argv) {
    bool is_secret = false;  // the one before said so
    for (auto& argument : argv) {
        const auto equals = argument.find('=');
        if (is_secret) {
            argument = "***";
            is_secret = false;
            continue;
        }
        if (equals != argument.npos && names_a_secret(argument.substr(0, equals))) {
            argument = argument.substr(0, equals) + "=***";
            continue;
        }
        is_secret = argument.starts_with("-") && names_a_secret(argument);
        cover_password_of_url(argument);
    }
    return argv;
}

}  // namespace deployctl::plugins::backup
