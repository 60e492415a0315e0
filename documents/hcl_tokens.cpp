// SPDX-License-Identifier: Apache-2.0
#include "documents/hcl_tokens.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

namespace deployctl::documents {

namespace {

char closing(char bracket) {
    switch (bracket) {
        case '(': return ')';
        case '[': return ']';
        default: return '}';
    }
}

bool is_one_of(char c, std::string_view set) {
    return c != '\0' && set.find(c) != std::string_view::npos;
}

/// Walks over an expression and holds what is needed to see where it ends, and that two values in
/// it do not stand beside each other.
class Walk {
public:
    Walk(HclCursor& cursor, Lines lines, int depth)
        : cursor_(cursor), lines_(lines), depth_(depth), end_(cursor.mark()) {}

    /// To where the last thing of it ends.
    HclCursor::Mark run() {
        while (!cursor_.at_end() && !ends_here()) {
            one();
        }
        if (!open_.empty()) {
            cursor_.fail(
                std::string("`") + open_.back().bracket + "` is never closed", open_.back().spot
            );
        }
        if (!after_value_) {
            cursor_.fail("a value is missing here", cursor_.spot());
        }
        return end_;
    }

private:
    struct Open {
        char bracket;
        Spot spot;
    };

    bool ends_here() const {
        return open_.empty() && (is_one_of(cursor_.peek(), ")]},") ||
                                 (cursor_.peek() == '\n' && lines_ == Lines::end));
    }

    void one() {
        const auto begin = cursor_.mark();
        cursor_.skip_blanks(Lines::end);
        if (!cursor_.since(begin).empty()) {
            return;
        }
        const char c = cursor_.peek();
        if (c == '\n') {
            cursor_.step();
            after_value_ = after_value_ && (open_.empty() || open_.back().bracket != '{');
            return;
        }
        if (is_one_of(c, "([{")) {
            opens(c);
        } else if (is_one_of(c, ")]}")) {
            closes(c);
        } else if (is_one_of(c, "+-*/%!=<>&|?:.,~") && !begins_heredoc(cursor_)) {
            operation(c);
        } else {
            value(c);
        }
        end_ = cursor_.mark();
    }

    /// `a.*` ends in a value, and `~` belongs to the brackets of a template.
    void operation(char c) {
        after_value_ = (c == '*' && after_dot_) || (c == '~' && after_value_);
        after_dot_ = c == '.';
        cursor_.step();
    }

    void opens(char bracket) {
        if (bracket == '{' && after_value_) {
            cursor_.fail("`{` does not belong here", cursor_.spot());
            return;
        }
        if (static_cast<int>(open_.size()) + depth_ >= hcl_depth) {
            cursor_.fail("nested too deeply", cursor_.spot());
            return;
        }
        open_.push_back({bracket, cursor_.spot()});
        after_value_ = false;
        cursor_.step();
    }

    void closes(char bracket) {
        if (closing(open_.back().bracket) != bracket) {
            cursor_.fail(
                std::string("`") + bracket + "` closes nothing: `" + open_.back().bracket +
                    "` is open since line " + std::to_string(open_.back().spot.line),
                cursor_.spot()
            );
            return;
        }
        open_.pop_back();
        after_value_ = true;
        cursor_.step();
    }

    void value(char c) {
        const auto spot = cursor_.spot();
        const bool stands_beside = after_value_ && !after_dot_;
        after_value_ = true;
        if (c == '"') {
            take_quoted(cursor_, depth_ + 1);
        } else if (c == '<') {
            take_heredoc(cursor_);
        } else if (!word()) {
            cursor_.fail("this character does not belong here", spot);
        }
        if (stands_beside && after_value_) {
            cursor_.fail("two values stand beside each other", spot);
        }
        after_dot_ = false;
    }

    /// A name, a number, or one of the words between values.
    bool word() {
        static constexpr std::array<std::string_view, 3> between = {"for", "in", "if"};
        const auto name = cursor_.take_name();
        if (!name.empty()) {
            after_value_ =
                after_dot_ || std::find(between.begin(), between.end(), name) == between.end();
            return true;
        }
        const auto begin = cursor_.mark();
        while (is_one_of(cursor_.peek(), "0123456789eE")) {
            cursor_.step();
        }
        return !cursor_.since(begin).empty();
    }

    HclCursor& cursor_;
    Lines lines_;
    int depth_;
    HclCursor::Mark end_;
    std::vector<Open> open_;
    bool after_value_ = false;
    bool after_dot_ = false;
};

void append_utf8(std::string& text, unsigned long code) {
    const auto byte = [&](unsigned long bits) { text += static_cast<char>(bits); };
    if (code < 0x80) {
        byte(code);
    } else if (code < 0x800) {
        byte(0xC0 | code >> 6U);
        byte(0x80 | (code & 0x3FU));
    } else if (code < 0x10000) {
        byte(0xE0 | code >> 12U);
        byte(0x80 | (code >> 6U & 0x3FU));
        byte(0x80 | (code & 0x3FU));
    } else {
        byte(0xF0 | code >> 18U);
        byte(0x80 | (code >> 12U & 0x3FU));
        byte(0x80 | (code >> 6U & 0x3FU));
        byte(0x80 | (code & 0x3FU));
    }
}

std::optional<unsigned long> take_hex(HclCursor& cursor, int digits) {
    unsigned long code = 0;
    for (; digits > 0; --digits) {
        const char c = cursor.peek();
        if (c >= '0' && c <= '9') {
            code = code * 16 + static_cast<unsigned long>(c - '0');
        } else if (is_one_of(c, "abcdefABCDEF")) {
            code = code * 16 + static_cast<unsigned long>((c | 0x20) - 'a' + 10);
        } else {
            return std::nullopt;
        }
        cursor.step();
    }
    return code;
}

/// From the backslash.
void take_escape(HclCursor& cursor, std::string& text) {
    const auto spot = cursor.spot();
    cursor.step();
    const char c = cursor.peek();
    cursor.step();
    switch (c) {
        case 'n': text += '\n'; return;
        case 'r': text += '\r'; return;
        case 't': text += '\t'; return;
        case '"':
        case '\\': text += c; return;
        case 'u':
        case 'U':
            if (const auto code = take_hex(cursor, c == 'u' ? 4 : 8); code && *code < 0x110000) {
                append_utf8(text, *code);
                return;
            }
            break;
        default: break;
    }
    cursor.fail("this is no escape of a quoted text", spot);
}

/// From `${` or `%{`.
void take_filled_in(HclCursor& cursor, int depth) {
    const auto spot = cursor.spot();
    cursor.step(2);
    Walk(cursor, Lines::go_on, depth).run();
    if (!cursor.take('}')) {
        cursor.fail("this template has no `}`", spot);
    }
}

bool begins_filled_in(const HclCursor& cursor) {
    return is_one_of(cursor.peek(), "$%") && cursor.peek(1) == '{';
}

bool escapes_template(const HclCursor& cursor) {
    return is_one_of(cursor.peek(), "$%") && cursor.peek(1) == cursor.peek() &&
           cursor.peek(2) == '{';
}

/// Up to the end of a line, which is stepped over and belongs to it.
std::string_view take_line(HclCursor& cursor) {
    const auto begin = cursor.mark();
    while (!cursor.at_end() && cursor.peek() != '\n') {
        cursor.step();
    }
    cursor.step();
    return cursor.since(begin);
}

std::string_view trimmed(std::string_view line) {
    const auto begin = line.find_first_not_of(" \t\r\n");
    return begin == line.npos ? std::string_view()
                              : line.substr(begin, line.find_last_not_of(" \t\r\n") + 1 - begin);
}

/// The lines without what all of them begin with.
std::string joined(const std::vector<std::string_view>& lines, bool flush) {
    std::size_t indent = flush ? std::string_view::npos : 0;
    for (const auto line : lines) {
        if (!trimmed(line).empty()) {
            indent = std::min(indent, line.find_first_not_of(" \t"));
        }
    }
    std::string text;
    for (auto line : lines) {
        line.remove_prefix(std::min(indent, line.size()));
        text += line.substr(0, line.find_last_not_of("\r\n") + 1);
        text += '\n';
    }
    return text;
}

/// Takes the escapes `$${` and `%%{` away; true where something is to be filled in.
bool unescape_templates(std::string& text) {
    bool filled_in = false;
    std::string plain;
    for (HclCursor cursor(text); !cursor.at_end();) {
        if (escapes_template(cursor)) {
            plain += cursor.peek();
            plain += '{';
            cursor.step(3);
            continue;
        }
        filled_in = filled_in || begins_filled_in(cursor);
        plain += cursor.peek();
        cursor.step();
    }
    text = std::move(plain);
    return filled_in;
}

}  // namespace

HclTemplate take_quoted(HclCursor& cursor, int depth) {
    HclTemplate result;
    const auto begin = cursor.spot();
    if (depth >= hcl_depth) {
        cursor.fail("nested too deeply", begin);
        return result;
    }
    cursor.step();
    while (cursor.peek() != '"') {
        if (cursor.at_end() || cursor.peek() == '\n') {
            cursor.fail("this quoted text does not end on its line", begin);
            return result;
        }
        if (cursor.peek() == '\\') {
            take_escape(cursor, result.text);
        } else if (escapes_template(cursor)) {
            result.text += cursor.peek();
            result.text += '{';
            cursor.step(3);
        } else if (begins_filled_in(cursor)) {
            const auto from = cursor.mark();
            take_filled_in(cursor, depth + 1);
            result.text += cursor.since(from);
            result.has_template = true;
        } else {
            result.text += cursor.peek();
            cursor.step();
        }
    }
    cursor.step();
    return result;
}

bool begins_heredoc(const HclCursor& cursor) {
    if (cursor.peek() != '<' || cursor.peek(1) != '<') {
        return false;
    }
    const char c = cursor.peek(cursor.peek(2) == '-' ? 3 : 2);
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

HclTemplate take_heredoc(HclCursor& cursor) {
    const auto begin = cursor.spot();
    cursor.step(2);
    const bool flush = cursor.take('-');
    const auto name = cursor.take_name();
    if (name.empty() || !trimmed(take_line(cursor)).empty()) {
        cursor.fail("a heredoc begins with `<<NAME` and a new line", begin);
        return {};
    }
    std::vector<std::string_view> lines;
    while (!cursor.at_end()) {
        const auto before = cursor.mark();
        const auto line = take_line(cursor);
        if (trimmed(line) == name) {
            // The line's end ends the attribute, too.
            cursor.back(before);
            cursor.step(line.find_last_not_of(" \t\r\n") + 1);
            HclTemplate result{joined(lines, flush), false};
            result.has_template = unescape_templates(result.text);
            return result;
        }
        lines.push_back(line);
    }
    cursor.fail("this heredoc has no line `" + std::string(name) + "` that ends it", begin);
    return {};
}

std::string_view take_expression(HclCursor& cursor, Lines lines) {
    const auto begin = cursor.mark();
    const auto end = Walk(cursor, lines, 0).run();
    const auto written = cursor.since(begin);
    return written.substr(0, std::min(written.size(), end.at - begin.at));
}

}  // namespace deployctl::documents
