// SPDX-License-Identifier: Apache-2.0
#include "documents/hcl_cursor.hpp"

#include <algorithm>
#include <utility>

namespace deployctl::documents {

namespace {

bool begins_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

bool continues_name(char c) {
    return begins_name(c) || (c >= '0' && c <= '9') || c == '-';
}

bool begins_character(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

}  // namespace

HclCursor::HclCursor(std::string_view text) : text_(text) {
    static constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text_.substr(0, byte_order_mark.size()) == byte_order_mark) {
        at_ = byte_order_mark.size();
    }
}

void HclCursor::step(std::size_t count) {
    for (; count > 0 && at_ < text_.size(); --count, ++at_) {
        if (text_[at_] == '\n') {
            ++spot_.line;
            spot_.column = 1;
        } else if (begins_character(text_[at_])) {
            ++spot_.column;
        }
    }
}

bool HclCursor::take(char wanted) {
    if (at_end() || peek() != wanted) {
        return false;
    }
    step();
    return true;
}

bool HclCursor::skip_comment() {
    if (peek() == '#' || (peek() == '/' && peek(1) == '/')) {
        const auto end = std::min(text_.find('\n', at_), text_.size());
        step(end - at_);
        return true;
    }
    if (peek() != '/' || peek(1) != '*') {
        return false;
    }
    const auto end = text_.find("*/", at_ + 2);
    if (end == std::string_view::npos) {
        fail("this comment has no end", spot_);
        return true;
    }
    step(end + 2 - at_);
    return true;
}

void HclCursor::skip_blanks(Lines lines) {
    while (!at_end()) {
        const char c = peek();
        const bool blank = c == ' ' || c == '\t' || (c == '\r' && peek(1) == '\n') ||
                           (c == '\n' && lines == Lines::go_on);
        if (blank) {
            step();
        } else if (!skip_comment()) {
            return;
        }
    }
}

std::string_view HclCursor::take_name() {
    if (!begins_name(peek())) {
        return {};
    }
    const auto begin = mark();
    while (!at_end() && continues_name(peek())) {
        step();
    }
    return since(begin);
}

void HclCursor::back(const Mark& mark) {
    if (mistake_.what.empty()) {
        at_ = mark.at;
        spot_ = mark.spot;
    }
}

std::string_view HclCursor::since(const Mark& mark) const {
    return text_.substr(mark.at, at_ - mark.at);
}

void HclCursor::fail(std::string what, Spot spot) {
    if (mistake_.what.empty()) {
        mistake_ = {std::move(what), spot};
        at_ = text_.size();
    }
}

}  // namespace deployctl::documents
