// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/command_secrets.hpp"

#include "readiness/checks/secrets.hpp"
#include "readiness/patterns.hpp"

#include <string_view>

namespace deployctl::readiness {

namespace {

/// `--tls-secret` names an object, `--client-secret` is one.
bool is_secret_switch(std::string_view name) {
    static const RE2 objects("(?i)secret$");
    static const RE2 secrets("(?i)(client|cookie|session|shared|jwt|hmac)[_.-]?secret$");
    static const RE2 of_redis("(?i)^-*(requirepass|masterauth)$");
    const bool is_one = names_a_secret(name) || is_found(of_redis, name);
    return is_one && (!is_found(objects, name) || is_found(secrets, name));
}

/// As it is, and nothing that the shell or the kubelet fills in.
bool is_given(std::string_view value) {
    const bool is_quoted = value.size() > 1 && (value.front() == '"' || value.front() == '\'');
    const auto plain = is_quoted ? value.substr(1, value.size() - 2) : value;
    static const RE2 filled_in("\\$[\\w({]|`|^-");
    return may_be_a_secret(plain) && !is_found(filled_in, plain);
}

/// Its name with the dashes in front; a double quote is written \x22, for tools that count braces.
std::string secret_in_script(std::string_view script) {
    static const RE2 assigned(
        R"((?:^|[\s;&|\x22'(\[,])(-{0,2})([A-Za-z_][\w.-]*)=(\x22[^\x22]*\x22|'[^']*'|[^\s;&|\x22']+))"
    );
    static const RE2 switched(
        R"((?:^|\s)(--?)([A-Za-z][\w.-]*)[ \t]+(\x22[^\x22]*\x22|'[^']*'|[^\s;&|\x22'-][^\s;&|\x22']*))"
    );
    static const RE2 of_mysql(
        R"((?:^|[\s;&|/])(?:mysql\w*|mariadb[\w-]*)\b[^\n;&|]*\s-p[^\s;&|$\x22'])"
    );
    std::string dashes;
    std::string name;
    std::string value;
    for (const auto* const form : {&assigned, &switched}) {
        re2::StringPiece rest(script.data(), script.size());
        while (RE2::FindAndConsume(&rest, *form, &dashes, &name, &value)) {
            const bool is_one = dashes.empty() ? names_a_secret(name) : is_secret_switch(name);
            if (is_one && is_given(value)) {
                return dashes + name;
            }
        }
    }
    return is_found(of_mysql, script) ? "-p" : "";
}

}  // namespace

std::string secret_among(std::span<const documents::Node> words) {
    std::string line;
    for (std::size_t at = 0; at < words.size(); ++at) {
        const auto text = words[at].text;
        line += std::string(at == 0 ? "" : " ") + std::string(text);
        if (shows_a_secret(text)) {
            return "a key";
        }
        if (auto name = secret_in_script(text); !name.empty()) {
            return name;
        }
        const bool is_switch = text.starts_with('-') && is_secret_switch(text);
        if (is_switch && at + 1 < words.size() && is_given(words[at + 1].text)) {
            return std::string(text);
        }
    }
    return secret_in_script(line);  // `[mysqldump, -pHunter]` is one only as a whole
}

}  // namespace deployctl::readiness
