// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/secrets.hpp"

#include "model/text.hpp"
#include "readiness/patterns.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace deployctl::readiness {

namespace {

/// "dbPassword", "DB_PASSWORD" and "db-password" are "db password".
std::string in_words(std::string_view name) {
    std::string words(name);
    RE2::GlobalReplace(&words, "([a-z0-9])([A-Z])", "\\1 \\2");
    RE2::GlobalReplace(&words, "[_.\\-/:]+", " ");
    return words;
}

/// Each name of a secret has one of these words: most names are spared the long look.
bool has_word_of_secrets(std::string_view name) {
    static constexpr std::array<std::string_view, 7> words = {
        "pass", "pwd", "secret", "token", "key", "cred", "string"
    };
    const auto plain = lower(std::string(name));
    return std::ranges::any_of(words, [&](std::string_view word) {
        return plain.find(word) != plain.npos;
    });
}

/// Of what is a secret, only where its name ends so: a PASSWORD_HASH_ALGO is none.
const RE2& secret_ends() {
    static const RE2 ends(
        "(?i)((passw(or)?d|passphrase|secret|token|api ?key|private ?key|access ?key|secret ?key|"
        "encryption ?key|auth ?key|signing ?key|secret ?string|connection ?string|credentials?)|"
        "(^| )(pass|pwd))$"
    );
    return ends;
}

/// Of a name that promises an address: only its form tells whether a password is in it.
bool names_an_address(std::string_view name) {
    static const RE2 ends("(?i)connection ?string$");
    return is_found(ends, in_words(name));
}

}  // namespace

bool names_a_secret(std::string_view name) {
    static const RE2 others("(?i)^(pwd|oldpwd)$");
    return has_word_of_secrets(name) && is_found(secret_ends(), in_words(name)) &&
           !is_found(others, name);
}

bool holds_a_key(std::string_view text) {
    static const RE2 forms(
        "\\b(AKIA|ASIA)[0-9A-Z]{16}\\b|-----BEGIN [A-Z ]*PRIVATE KEY|\\bgh[pousr]_[A-Za-z0-9]{36}|"
        "\\bxox[abprs]-[A-Za-z0-9-]{10}|\\b[sr]k_live_[A-Za-z0-9]{10}|\\bglpat-[A-Za-z0-9_-]{16}|"
        "hooks\\.slack\\.com/services/T[A-Z0-9]+/|"
        "\\beyJ[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}\\."
    );
    return is_found(forms, text);
}

bool shows_a_secret(std::string_view value) {
    static const RE2 forms(
        "[a-z][a-z0-9+.-]*://[^/\\s:@$]*:[^/\\s:@${<]+@|"
        "(?i)(^|[\\s;&?,{\"'])(password|passwd|pwd|accountkey|sharedaccesskey)[\"']?[ \\t]*[=:][ "
        "\\t]*[\"']?[^\\s\"';&$<{%(*]{4}"
    );
    return holds_a_key(value) || is_found(forms, value);
}

bool may_be_a_secret(std::string_view value) {
    static const RE2 harmless(
        "(?i)^\\s*$|^(true|false|yes|no|none|null|on|off)$|^[0-9]{1,3}[a-z]?$|^\\.{0,2}/"
        "|^\\$|^<.*>$|^\\{\\{|^enc\\["
        "|^(arn|vault|op|ref\\+[a-z]+|sm|ssm|awssm|gcpsm|azurekeyvault|keyvault|file|env|secret):"
        "|^projects/[^/]+/secrets/|^[\\w./-]+\\.(json|ya?ml|pem|p12|pfx|crt|cer|key|jks|txt|env)$"
    );
    return !is_found(harmless, value);
}

bool stands_for_a_secret(std::string_view value) {
    static const RE2 words(
        R"((?i)^$|[$`<{]|^(x+|\*+|\.+)$|change.?me|example|placeholder|your[-_]|dummy|redacted|_FILE$)"
    );
    return is_found(words, value);
}

namespace {

/// "db-creds" in DB_PASSWORD_SECRET: the name of an object that holds it.
bool names_an_object(std::string_view name, std::string_view value) {
    static const RE2 holder("(?i)(passw(or)?d|token|key|creds?|credentials?|tls|auth) secret$");
    static const RE2 object("^[a-z][a-z0-9]*(-[a-z0-9]+)+$");
    static const RE2 speaking(
        "(^|-)(secrets?|creds?|credentials?|passwords?|tokens?|keys?|auth)(-|$)"
    );
    return is_found(object, value) &&
           (is_found(holder, in_words(name)) || is_found(speaking, value));
}

}  // namespace

bool is_written_secret(std::string_view name, std::string_view value) {
    const bool by_name = names_a_secret(name) && !names_an_address(name) &&
                         may_be_a_secret(value) && !names_an_object(name, value);
    return by_name || shows_a_secret(value);
}

Secrecy secrecy_of(std::string_view name, const documents::Node& value) {
    if (value.is_unknown()) {
        return names_a_secret(name) ? Secrecy::unknown : Secrecy::none;
    }
    if (!value.is_scalar()) {
        return Secrecy::none;
    }
    return is_written_secret(name, value.text) ? Secrecy::literal : Secrecy::none;
}

}  // namespace deployctl::readiness
