// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/secrets.hpp"

#include "readiness/patterns.hpp"

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

/// Of what is a secret, only where its name ends so: a PASSWORD_HASH_ALGO is none.
const RE2& secret_ends() {
    static const RE2 ends(
        "(?i)((passw(or)?d|passphrase|secret|token|api ?key|private ?key|access ?key|secret ?key|"
        "encryption ?key|auth ?key|signing ?key|credentials?)|(^| )(pass|pwd))$"
    );
    return ends;
}

}  // namespace

bool names_a_secret(std::string_view name) {
    static const RE2 others("(?i)^(pwd|oldpwd)$");
    return is_found(secret_ends(), in_words(name)) && !is_found(others, name);
}

bool shows_a_secret(std::string_view value) {
    static const RE2 forms(
        "\\b(AKIA|ASIA)[0-9A-Z]{16}\\b|-----BEGIN [A-Z ]*PRIVATE KEY|\\bgh[pousr]_[A-Za-z0-9]{36}|"
        "\\bxox[abprs]-[A-Za-z0-9-]{10}|\\b[sr]k_live_[A-Za-z0-9]{10}|\\bglpat-[A-Za-z0-9_-]{16}|"
        "hooks\\.slack\\.com/services/T[A-Z0-9]+/|"
        "\\beyJ[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}\\.|"
        "[a-z][a-z0-9+.-]*://[^/\\s:@$]*:[^/\\s:@${<]+@|"
        "(?i)(^|[\\s;&?,{\"'])(password|passwd|pwd)[\"']?[ \\t]*[=:][ "
        "\\t]*[\"']?[^\\s\"';&$<{%(*]{4}"
    );
    return is_found(forms, value);
}

bool may_be_a_secret(std::string_view value) {
    static const RE2 harmless(
        "(?i)^\\s*$|^(true|false|yes|no|none|null|on|off)$|^[0-9]{1,3}[a-z]?$|^\\.{0,2}/"
        "|^\\$|^<.*>$|^\\{\\{|^enc\\["
        "|^(arn|vault|op|ref\\+[a-z]+|sm|ssm|awssm|gcpsm|azurekeyvault|keyvault|file|env|secret):"
        "|^projects/[^/]+/secrets/"
    );
    return !is_found(harmless, value);
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

Secrecy secrecy_of(std::string_view name, const documents::Node& value) {
    if (value.is_unknown()) {
        return names_a_secret(name) ? Secrecy::unknown : Secrecy::none;
    }
    if (!value.is_scalar()) {
        return Secrecy::none;
    }
    const bool by_name =
        names_a_secret(name) && may_be_a_secret(value.text) && !names_an_object(name, value.text);
    return by_name || shows_a_secret(value.text) ? Secrecy::literal : Secrecy::none;
}

}  // namespace deployctl::readiness
