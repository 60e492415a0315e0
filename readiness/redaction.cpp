// SPDX-License-Identifier: Apache-2.0
#include "readiness/redaction.hpp"

#include "readiness/checks/secrets.hpp"
#include "readiness/lazy_pattern.hpp"
#include "readiness/patterns.hpp"
#include "readiness/redaction_forms.hpp"
#include "readiness/redaction_signs.hpp"

#include <algorithm>
#include <deque>
#include <re2/re2.h>
#include <re2/set.h>

namespace deployctl::readiness {

namespace {

std::string_view view(re2::StringPiece piece) {
    return {piece.data(), piece.size()};
}

/// What is filled in later, a path, a switch, a number or a word that stands for a value.
bool is_harmless(std::string_view value) {
    constexpr std::size_t longest = 4096;  // so that many of them are judged soon
    static const RE2 known(
        R"re((?i)^$|^(true|false|yes|no|none|null|on|off|nil|enabled|disabled|not set)$|)re"
        R"re(^[0-9]{1,3}[a-z]?$|^\.{0,2}/[\w./-]*$|^(bearer |basic |token )?\$+[\w(`]|)re"
        R"re(^(bearer |basic |token )?\$\{[\w.\[\]]+\}|^\$\{\{|^`|^\{\{|^\(not shown\)|^\*+$|^<[^>]*>$|)re"
        R"re(^(var|local|data|module|each|self|path|random_\w+|aws_\w+|google_\w+|azurerm_\w+)\.[\w.\[\]\x22*]+$|)re"
        R"re(^-|^(id|type|src|source|name)=|^is (not|missing)|^[\[\](){}|>&,=]+$)re"
    );
    const auto first = value.find_first_not_of("\\\"' ,");
    const auto last = value.find_last_not_of("\\\"' ,");
    return first == value.npos ||
           (value.size() < longest && is_found(known, value.substr(first, last - first + 1)));
}

/// "db-password", "db.password" and "dbPassword" as "db_password".
std::string plain_name(std::string_view name) {
    std::string plain(name);
    RE2::GlobalReplace(&plain, "([a-z0-9])([A-Z])", "\\1_\\2");
    std::ranges::replace_if(plain, [](char c) { return c == '-' || c == '.'; }, '_');
    return plain.erase(0, plain.find_first_not_of('_'));
}

/// More than `names_a_secret` takes for one: here a wrong guess costs a word of a message.
bool is_secret_name(std::string_view name) {
    static const RE2 words(
        "(?i)passw(or)?d|passphrase|secret|token|credential|"
        "(api|private|access|secret|auth|encryption|account|shared|signing|master|service|routing|"
        "license|integration|deploy)_?key|"
        "((^|_|db|user|sql)pass|(^|_)pwd?|connection_?string|(^|_)dsn|(^|_)sig|signature|hook_?url|"
        "slack_api_url|webhook|(^|_)auth(_?string)?)$"
    );
    static const RE2 others(
        "(?i)(_|^)(file|path|dir|names?|ids?|ttl|expir(y|es|ation)|seconds|length|min|max|policy|"
        "header|endpoint|issuer|enabled?|rotation|lifetime|algorithm|algo|type|ref|provider|stdin|"
        "class|store|manager|operator|ya?ml|json|tf|sh|txt|conf|toml)(_\\w+)?$|"
        "(file|path|name|ref)$|^(pwd|oldpwd)$"
    );
    const auto plain = plain_name(name);
    return (is_found(words, plain) || names_a_secret(name)) && !is_found(others, plain);
}

bool is_number(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

/// What stands behind `scheme://`: the password before `@`, or a name so long that it is a token.
std::string_view secret_of_address(std::string_view address) {
    constexpr std::size_t least_token = 16;
    const auto host_end = address.find('/');
    const auto authority = address.substr(0, host_end);
    const auto colon = authority.find(':');
    auto at = authority.rfind('@');
    if (colon == authority.npos || at < colon) {
        return at != authority.npos && at >= least_token ? authority.substr(0, at)
                                                         : std::string_view();
    }
    const bool is_port = is_number(authority.substr(colon + 1));
    if (at == authority.npos && !is_port) {
        at = address.rfind('@');  // a password with a slash in it
    }
    const bool is_image = at != address.npos && address.substr(at).starts_with("@sha256:");
    return at == address.npos || at <= colon || is_image
               ? std::string_view()
               : address.substr(colon + 1, at - colon - 1);
}

/// Letters and digits in disorder, as no word, path or digest has them.
bool is_random(std::string_view text) {
    std::size_t upper = 0;
    std::size_t digits = 0;
    std::size_t word = 0;
    std::size_t longest = 0;
    for (const char c : text) {
        const bool is_lower = c >= 'a' && c <= 'z';
        word = is_lower ? word + 1 : 0;
        longest = std::max(longest, word);
        upper += c >= 'A' && c <= 'Z' ? 1 : 0;
        digits += c >= '0' && c <= '9' ? 1 : 0;
    }
    return upper >= 4 && digits >= 3 && longest > 0 && longest < 9 && !text.starts_with("sha");
}

/// A quote that nobody has opened ends the word where something else follows.
bool ends_list_entry(std::string_view text, std::size_t quote) {
    return quote + 1 >= text.size() ||
           std::string_view(" \t\n,])}").find(text[quote + 1]) != text.npos;
}

/// Behind what is in quotes; they end with their line.
std::size_t end_of_quoted(std::string_view text, std::size_t at) {
    const char quote = text[at++];
    for (; at < text.size() && text[at] != '\n'; ++at) {
        if (text[at] == quote) {
            return at + 1;
        }
        at += quote == '"' && text[at] == '\\' ? 1 : 0;
    }
    return std::min(at, text.size());
}

/// A word of a shell, with what stands in its quotes.
std::string_view word_at(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    std::size_t at = 0;
    while (at < text.size() && blanks.find(text[at]) == blanks.npos) {
        const bool is_quote = text[at] == '"' || text[at] == '\'';
        if (is_quote && at > 0 && ends_list_entry(text, at)) {
            break;
        }
        at = is_quote ? end_of_quoted(text, at) : at + 1;
    }
    return text.substr(0, at);
}

/// The part of `value` that is to be hidden; empty: nothing.
std::string_view secret_part(SecretBy by, std::string_view name, std::string_view value) {
    switch (by) {
        case SecretBy::form: return value;
        case SecretBy::address: value = secret_of_address(value); break;
        case SecretBy::user:
            value = is_number(name) && is_number(value) ? std::string_view() : value;
            break;
        case SecretBy::disorder: return is_random(value) ? value : std::string_view();
        case SecretBy::name:
        case SecretBy::line:
        case SecretBy::place: break;
    }
    return is_harmless(value) ? std::string_view() : value;
}

/// Of a form that goes by a name: what stands from here on.
std::string_view value_at(SecretBy by, std::string_view name, std::string_view rest) {
    if (!is_secret_name(name)) {
        return {};
    }
    return by == SecretBy::name ? word_at(rest) : rest.substr(0, rest.find('\n'));
}

/// All forms, and one automaton that tells which of them are to be looked for at all.
class Forms {
public:
    Forms() : set_(RE2::Options(), RE2::UNANCHORED) {
        for (const auto& form : secret_forms()) {
            set_.Add(form.pattern, nullptr);
            patterns_.emplace_back(form.pattern);
        }
        set_.Compile();
    }

    std::vector<SecretRange> find(std::string_view text) const {
        std::vector<SecretRange> found;
        for (const auto number : those_in(text)) {
            find(text, static_cast<std::size_t>(number), found);
        }
        return joined(std::move(found));
    }

private:
    std::vector<int> those_in(std::string_view text) const {
        std::vector<int> numbers;
        RE2::Set::ErrorInfo error{};
        const bool any = set_.Match({text.data(), text.size()}, &numbers, &error);
        if (!any && error.kind != RE2::Set::kNoError) {  // too large for the automaton
            numbers.clear();
            for (std::size_t number = 0; number < patterns_.size(); ++number) {
                numbers.push_back(static_cast<int>(number));
            }
        }
        return numbers;
    }

    void find(std::string_view text, std::size_t number, std::vector<SecretRange>& found) const {
        const auto by = secret_forms()[number].by;
        const bool goes_by_name = by == SecretBy::name || by == SecretBy::line;
        re2::StringPiece rest(text.data(), text.size());
        re2::StringPiece name;
        re2::StringPiece value;
        while (RE2::FindAndConsume(&rest, patterns_[number].compiled(), &name, &value)) {
            const auto whole = goes_by_name ? value_at(by, view(name), view(rest)) : view(value);
            const auto part = secret_part(by, view(name), whole);
            if (part.empty()) {
                continue;
            }
            const auto begin = static_cast<std::size_t>(part.data() - text.data());
            found.push_back({begin, begin + part.size()});
            if (goes_by_name) {
                rest.remove_prefix(part.size());
            }
        }
    }

    static std::vector<SecretRange> joined(std::vector<SecretRange> ranges) {
        std::ranges::sort(ranges, {}, &SecretRange::begin);
        std::vector<SecretRange> apart;
        for (const auto& range : ranges) {
            if (!apart.empty() && range.begin <= apart.back().end) {
                apart.back().end = std::max(apart.back().end, range.end);
            } else {
                apart.push_back(range);
            }
        }
        return apart;
    }

    RE2::Set set_;
    std::deque<LazyPattern> patterns_;  ///< which cannot be moved
};

}  // namespace

std::vector<SecretRange> secrets_in(std::string_view text) {
    if (text.empty() || !may_hold_secret(text)) {
        return {};
    }
    static const Forms forms;
    return forms.find(text);
}

std::string redacted(std::string_view text) {
    std::string shown;
    std::size_t next = 0;
    for (const auto& [begin, end] : secrets_in(text)) {
        shown += text.substr(next, begin - next);
        shown += "***";
        next = end;
    }
    return shown += text.substr(next);
}

}  // namespace deployctl::readiness
