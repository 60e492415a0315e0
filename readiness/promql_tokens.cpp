// SPDX-License-Identifier: Apache-2.0
#include "readiness/promql_tokens.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

namespace deployctl::readiness {

namespace {

bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

bool is_letter(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_';
}

bool is_space(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

struct Unit {
    std::string_view name;
    double seconds;
};

/// The largest first: in a duration each is smaller than the one before.
constexpr std::array<Unit, 7> units = {
    {{"y", 365 * 86400.0},
     {"w", 7 * 86400.0},
     {"d", 86400.0},
     {"h", 3600.0},
     {"m", 60.0},
     {"s", 1.0},
     {"ms", 0.001}}
};

/// The number of the unit that stands in front, or nothing. "ms" is no "m".
std::optional<std::size_t> unit_at(std::string_view text) {
    if (text.starts_with("ms")) {
        return units.size() - 1;
    }
    for (std::size_t at = 0; at + 1 < units.size(); ++at) {
        if (text.starts_with(units[at].name)) {
            return at;
        }
    }
    return std::nullopt;
}

struct Duration {
    std::size_t bytes = 0;
    double seconds = 0;
};

/// As many parts "1h" as stand in front.
Duration take_duration(std::string_view text) {
    Duration duration;
    std::size_t allowed = 0;
    while (true) {
        auto end = duration.bytes;
        while (end < text.size() && is_digit(text[end])) {
            ++end;
        }
        const auto unit = unit_at(text.substr(end));
        if (end == duration.bytes || !unit || *unit < allowed) {
            break;
        }
        double count = 0;
        std::from_chars(text.data() + duration.bytes, text.data() + end, count);
        duration.seconds += count * units[*unit].seconds;
        duration.bytes = end + units[*unit].name.size();
        allowed = *unit + 1;
    }
    return duration;
}

class Tokens {
public:
    explicit Tokens(std::string_view text) : text_(text) {}

    std::vector<PromqlToken> take() {
        for (skip(); at_ < text_.size() && !is_broken_; skip()) {
            take_one();
        }
        if (!is_broken_) {
            add(PromqlTokenKind::end, 0);
        }
        return std::move(tokens_);
    }

private:
    char byte(std::size_t ahead = 0) const {
        return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
    }

    void skip() {
        while (at_ < text_.size() && (is_space(text_[at_]) || text_[at_] == '#')) {
            if (text_[at_] == '#') {
                const auto end = text_.find('\n', at_);
                at_ = end == text_.npos ? text_.size() : end;
            } else {
                ++at_;
            }
        }
    }

    void add(PromqlTokenKind kind, std::size_t bytes, double value = 0) {
        tokens_.push_back({kind, text_.substr(at_, bytes), at_, value});
        at_ += bytes;
    }

    void fail(std::string_view why) {
        tokens_.push_back({PromqlTokenKind::broken, why, at_, 0});
        is_broken_ = true;
    }

    void take_one() {
        if (is_digit(byte()) || (byte() == '.' && is_digit(byte(1)))) {
            take_number();
        } else if (is_letter(byte()) || byte() == ':') {
            take_name();
        } else if (byte() == '"' || byte() == '\'' || byte() == '`') {
            take_text();
        } else {
            take_sign();
        }
    }

    void take_number() {
        const auto rest = text_.substr(at_);
        const auto duration = take_duration(rest);
        if (duration.bytes > 0 && !is_letter(byte(duration.bytes)) &&
            !is_digit(byte(duration.bytes))) {
            add(PromqlTokenKind::duration, duration.bytes, duration.seconds);
            return;
        }
        const bool is_hex = rest.starts_with("0x") || rest.starts_with("0X");
        const auto* const begin = rest.data() + (is_hex ? 2 : 0);
        double value = 0;
        const auto [end, error] = std::from_chars(
            begin,
            rest.data() + rest.size(),
            value,
            is_hex ? std::chars_format::hex : std::chars_format::general
        );
        const auto bytes = static_cast<std::size_t>(end - rest.data());
        if (error == std::errc::invalid_argument || is_letter(byte(bytes)) || byte(bytes) == '.') {
            fail("is a broken number or duration");
            return;
        }
        add(PromqlTokenKind::number, bytes, value);
    }

    void take_name() {
        std::size_t bytes = 1;
        while (is_letter(byte(bytes)) || is_digit(byte(bytes)) || byte(bytes) == ':') {
            ++bytes;
        }
        // A colon of a subquery's step belongs to no name.
        if (byte() == ':' && (bytes == 1 || is_digit(byte(1)))) {
            add(PromqlTokenKind::sign, 1);
            return;
        }
        add(PromqlTokenKind::name, bytes);
    }

    void take_text() {
        const char quote = byte();
        std::size_t bytes = 1;
        while (at_ + bytes < text_.size() && byte(bytes) != quote) {
            if (byte(bytes) == '\n' && quote != '`') {
                break;
            }
            bytes += byte(bytes) == '\\' && quote != '`' ? 2 : 1;
        }
        if (byte(bytes) != quote) {
            fail("is a text without an end");
            return;
        }
        if (has_bad_escape(text_.substr(at_ + 1, bytes - 1), quote)) {
            fail("has an escape that a text does not know; write \\\\ for a backslash");
            return;
        }
        add(PromqlTokenKind::text, bytes + 1);
    }

    static bool has_bad_escape(std::string_view body, char quote) {
        for (std::size_t at = 0; quote != '`' && at + 1 < body.size(); ++at) {
            if (body[at] == '\\') {
                ++at;
                const bool known =
                    body[at] == quote || std::string_view("abfnrtv\\xuU01234567").find(body[at]) !=
                                             std::string_view::npos;
                if (!known) {
                    return true;
                }
            }
        }
        return false;
    }

    void take_sign() {
        const auto rest = text_.substr(at_);
        for (const std::string_view pair : {"==", "!=", "<=", ">=", "=~", "!~"}) {
            if (rest.starts_with(pair)) {
                add(PromqlTokenKind::sign, 2);
                return;
            }
        }
        if (std::string_view("()[]{},+-*/%^<>=@").find(byte()) == std::string_view::npos) {
            fail("is a character that PromQL does not know");
            return;
        }
        add(PromqlTokenKind::sign, 1);
    }

    std::string_view text_;
    std::size_t at_ = 0;
    bool is_broken_ = false;
    std::vector<PromqlToken> tokens_;
};

}  // namespace

std::vector<PromqlToken> promql_tokens(std::string_view expression) {
    return Tokens(expression).take();
}

double promql_seconds(std::string_view duration) {
    const auto taken = take_duration(duration);
    const bool is_whole = taken.bytes > 0 && taken.bytes == duration.size();
    return is_whole ? taken.seconds : (duration == std::string_view("0") ? 0 : -1);
}

std::string promql_unquoted(std::string_view token) {
    if (token.size() < 2) {
        return std::string(token);
    }
    const bool is_raw = token.front() == '`';
    const auto body = token.substr(1, token.size() - 2);
    std::string text;
    for (std::size_t at = 0; at < body.size(); ++at) {
        if (body[at] == '\\' && !is_raw && at + 1 < body.size()) {
            ++at;
            text += body[at] == 'n' ? '\n' : body[at] == 't' ? '\t' : body[at];
        } else {
            text += body[at];
        }
    }
    return text;
}

}  // namespace deployctl::readiness
