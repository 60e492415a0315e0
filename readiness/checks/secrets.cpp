// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/secrets.hpp"

#include "readiness/checks/patterns.hpp"

namespace deployctl::readiness {

bool names_a_secret(std::string_view name) {
    static const RE2 words(
        "(?i)(passw(or)?d|passphrase|pwd$|secret|token|api_?key|private_?key|access_?key|"
        "credential|encryption_?key|auth_?key)"
    );
    static const RE2 others(
        "(?i)(_|^)(file|path|dir|name|id|ttl|expir(y|es|ation)|length|min|max|policy|header|url|"
        "endpoint|issuer|enabled?|rotation|lifetime|algorithm|type|ref|provider)(_\\w+)?$|"
        "(file|path|name|ref)$|^(pwd|oldpwd)$"
    );
    return is_found(words, name) && !is_found(others, name);
}

bool shows_a_secret(std::string_view value) {
    static const RE2 forms(
        "\\b(AKIA|ASIA)[0-9A-Z]{16}\\b|-----BEGIN [A-Z ]*PRIVATE KEY|\\bgh[pousr]_[A-Za-z0-9]{36}|"
        "\\bxox[abprs]-[A-Za-z0-9-]{10}|[a-z][a-z0-9+.-]*://[^/\\s:@$]*:[^/\\s:@${<]+@"
    );
    return is_found(forms, value);
}

bool may_be_a_secret(std::string_view value) {
    static const RE2 harmless(
        "(?i)^\\s*$|^(true|false|yes|no|none|null|on|off)$|^[0-9]{1,3}[a-z]?$|^\\.{0,2}/"
        "|^\\$|^<.*>$|"
        "^\\{\\{"
    );
    return !is_found(harmless, value);
}

Secrecy secrecy_of(std::string_view name, const documents::Node& value) {
    if (value.is_unknown()) {
        return names_a_secret(name) ? Secrecy::unknown : Secrecy::none;
    }
    if (!value.is_scalar()) {
        return Secrecy::none;
    }
    const bool by_name = names_a_secret(name) && may_be_a_secret(value.text);
    return by_name || shows_a_secret(value.text) ? Secrecy::literal : Secrecy::none;
}

}  // namespace deployctl::readiness
