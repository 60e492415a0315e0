// SPDX-License-Identifier: Apache-2.0
#include "readiness/promql_reading.hpp"

#include <array>
#include <re2/re2.h>

namespace deployctl::readiness {

namespace {

using Kind = PromqlTokenKind;
using Type = PromqlType;

Type type_of(char letter) {
    return letter == 's'   ? Type::scalar
           : letter == 'm' ? Type::matrix
           : letter == 't' ? Type::text
                           : Type::vector;
}

bool matches_empty(const PromqlMatcher& matcher) {
    const bool negative = matcher.sign.front() == '!';
    const bool is_pattern = matcher.sign.back() == '~';
    const bool hit =
        is_pattern ? RE2::FullMatch("", RE2(matcher.value, RE2::Quiet)) : matcher.value.empty();
    return hit != negative;
}

}  // namespace

PromqlPart PromqlReading::primary(int depth) {
    const auto token = now();
    PromqlPart part;
    part.offset = token.offset;

    switch (token.kind) {
        case Kind::number:
        case Kind::duration:
            step();
            part.type = Type::scalar;
            part.is_number = true;
            part.number = token.value;
            return part;
        case Kind::text:
            step();
            part.type = Type::text;
            return part;
        case Kind::name: return named(depth);
        case Kind::sign: return signed_operand(depth);
        default: return fail("an expression is expected, not the end");
    }
}

PromqlPart PromqlReading::signed_operand(int depth) {
    if (is_sign("{")) {
        return selector({}, now().offset);
    }

    const auto offset = now().offset;
    if (!took_sign("(")) {
        return fail("`" + std::string(now().text) + "` begins no expression");
    }
    auto part = expression(depth + 1, 1);
    expect(")");
    part.is_selector = false;
    part.offset = offset;
    return part;
}

PromqlPart PromqlReading::named(int depth) {
    const auto name = now().text;
    const bool is_call = next().kind == Kind::sign && next().text == "(";
    const auto keyword = next().kind == Kind::name ? promql_lower(next().text) : std::string();
    const bool is_grouped = keyword == "by" || keyword == "without";
    if (!promql_aggregation(name).empty() && (is_call || is_grouped)) {
        return aggregation(depth);
    }
    if (is_call) {
        return call(depth);
    }
    const auto text = promql_lower(name);
    if (text == "inf" || text == "nan") {
        PromqlPart part;
        part.type = Type::scalar;
        part.offset = now().offset;
        step();
        return part;
    }
    const auto offset = now().offset;
    step();
    return selector(std::string(name), offset);
}

PromqlPart PromqlReading::call(int depth) {
    const auto name = now();
    const auto* const function = promql_function(name.text);
    if (function == nullptr) {
        return fail("there is no function `" + std::string(name.text) + "`");
    }
    step();
    const auto taken = arguments(depth, name.text);
    if (out_.error) {
        return {};
    }
    const auto count = taken.size();
    const auto most = function->takes.size();
    if (static_cast<int>(count) < function->least || (count > most && !function->repeats)) {
        return fail_at(
            name.offset,
            std::string(name.text) + " does not take " + std::to_string(count) + " arguments"
        );
    }
    for (std::size_t at = 0; at < count; ++at) {
        check_argument(name.text, taken[at], function->takes[std::min(at, most - 1)]);
    }
    out_.functions.emplace_back(name.text);
    out_.filters = out_.filters || name.text.starts_with("absent");
    return called(name, function->gives);
}

PromqlPart PromqlReading::called(const PromqlToken& name, Type gives) {
    PromqlPart part;
    part.type = gives;
    part.head = promql_lower(name.text);
    part.offset = name.offset;
    return part;
}

void PromqlReading::check_argument(std::string_view function, const PromqlPart& part, char letter) {
    if (part.type != type_of(letter)) {
        fail_at(
            part.offset,
            std::string(function) + " takes " + std::string(promql_name_of(type_of(letter))) +
                " here, not " + std::string(promql_name_of(part.type))
        );
    }
}

std::vector<PromqlPart> PromqlReading::arguments(int depth, std::string_view function) {
    std::vector<PromqlPart> parts;
    expect("(");
    if (took_sign(")")) {
        return parts;
    }
    do {
        const auto known = out_.selectors.size();
        parts.push_back(expression(depth + 1, 1));
        const bool is_one = out_.selectors.size() == known + 1;
        if (is_one && parts.back().head.empty() &&
            (parts.back().is_selector || parts.back().type == Type::matrix)) {
            out_.selectors.back().inside = function;
        }
    } while (!out_.error && took_sign(","));
    expect(")");
    return parts;
}

PromqlPart PromqlReading::aggregation(int depth) {
    const auto name = now();
    const auto takes = promql_aggregation(name.text);
    step();
    const bool grouped_before = took_word("by") || took_word("without");
    if (grouped_before) {
        labels();
    }
    const auto taken = arguments(depth, promql_lower(name.text));
    if (out_.error) {
        return {};
    }
    if (taken.size() != takes.size()) {
        return fail_at(
            name.offset,
            promql_lower(name.text) + " takes " + std::to_string(takes.size()) + " argument(s)"
        );
    }
    for (std::size_t at = 0; at < taken.size(); ++at) {
        check_argument(name.text, taken[at], takes[at]);
    }
    if (!grouped_before && (took_word("by") || took_word("without"))) {
        labels();
    }
    out_.functions.push_back(promql_lower(name.text));
    return called(name, Type::vector);
}

void PromqlReading::labels() {
    expect("(");
    while (!out_.error && !is_sign(")")) {
        const bool is_label =
            now().kind == Kind::name && now().text.find(':') == std::string_view::npos;
        if (!is_label && now().kind != Kind::text) {
            fail("a label is expected, not `" + std::string(now().text) + "`");
            return;
        }
        step();
        if (!took_sign(",")) {
            break;
        }
    }
    expect(")");
}

PromqlPart PromqlReading::selector(std::string metric, std::size_t offset) {
    PromqlPart part;
    part.is_selector = true;
    part.offset = offset;
    PromqlSelector found;
    found.metric = std::move(metric);
    if (took_sign("{")) {
        while (!out_.error && !is_sign("}")) {
            matcher(found);
            if (!took_sign(",")) {
                break;
            }
        }
        expect("}");
    }
    if (!out_.error && found.metric.empty() && std::ranges::all_of(found.matchers, matches_empty)) {
        return fail_at(part.offset, "a selector needs a matcher that does not match nothing");
    }
    out_.selectors.push_back(std::move(found));
    return part;
}

std::string PromqlReading::matcher_sign() {
    static constexpr std::array<std::string_view, 4> signs = {"=", "!=", "=~", "!~"};
    std::string sign(now().text);
    if (now().kind != Kind::sign || std::ranges::find(signs, sign) == signs.end()) {
        fail("=, !=, =~ or !~ is expected behind a label");
        return {};
    }
    step();
    return sign;
}

namespace {

/// "web|api", "/api/.*": nobody has to compile it to see that it is one.
bool is_plain_expression(std::string_view text) {
    constexpr std::size_t longest = 256;
    char before = '\0';
    for (const char letter : text) {
        const bool is_word = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                             (letter >= '0' && letter <= '9') ||
                             std::string_view("_-/:|. ").find(letter) != std::string_view::npos;
        const bool repeats_any = (letter == '*' || letter == '+') && before == '.';
        if (!is_word && !repeats_any) {
            return false;
        }
        before = letter;
    }
    return text.size() < longest;
}

}  // namespace

std::string PromqlReading::matcher_value(std::string_view sign) {
    if (now().kind != Kind::text) {
        fail("a matcher's value is a text in quotes");
        return {};
    }
    auto value = promql_unquoted(now().text);
    if (sign.ends_with('~') && !is_plain_expression(value) && !RE2(value, RE2::Quiet).ok()) {
        fail("is a broken regular expression");
        return {};
    }
    step();
    return value;
}

void PromqlReading::matcher(PromqlSelector& selector) {
    const auto token = now();
    const bool is_text = token.kind == Kind::text;
    if (!is_text && (token.kind != Kind::name || token.text.find(':') != token.text.npos)) {
        fail("a label is expected, not `" + std::string(token.text) + "`");
        return;
    }
    step();
    const auto label = is_text ? promql_unquoted(token.text) : std::string(token.text);
    if (is_text && (is_sign(",") || is_sign("}"))) {
        set_metric(selector, label, token.offset);
        return;
    }
    const auto sign = matcher_sign();
    const auto value = matcher_value(sign);
    if (label == "__name__" && sign == "=") {
        set_metric(selector, value, token.offset);
    } else {
        selector.matchers.push_back({label, sign, value});
    }
}

void PromqlReading::set_metric(PromqlSelector& selector, std::string name, std::size_t offset) {
    if (!selector.metric.empty()) {
        fail_at(offset, "the metric's name is said twice");
        return;
    }

    selector.metric = std::move(name);
}

}  // namespace deployctl::readiness
