// SPDX-License-Identifier: Apache-2.0
#include "readiness/promql.hpp"

#include "readiness/promql_reading.hpp"

#include <algorithm>
#include <array>

namespace deployctl::readiness {

namespace {

constexpr int deepest = 100;
constexpr std::size_t longest = 64UL << 10U;

using Kind = PromqlTokenKind;
using Type = PromqlType;

constexpr int comparing = 3;
constexpr int setting = 2;
constexpr int power = 6;

constexpr std::array<PromqlOperator, 16> operators = {
    {{"or", 1},
     {"and", setting},
     {"unless", setting},
     {"==", comparing},
     {"!=", comparing},
     {"<=", comparing},
     {">=", comparing},
     {"<", comparing},
     {">", comparing},
     {"+", 4},
     {"-", 4},
     {"*", 5},
     {"/", 5},
     {"%", 5},
     {"atan2", 5},
     {"^", power}}
};

}  // namespace

std::string promql_lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](char byte) {
        return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
    });
    return result;
}

std::string_view promql_name_of(PromqlType type) {
    static constexpr std::array<std::string_view, 4> names = {
        "a scalar", "an instant vector", "a range vector", "a text"
    };
    return names[static_cast<std::size_t>(type)];
}

Promql PromqlReading::take() {
    const auto part = expression(0, 1);
    if (!out_.error && now().kind != Kind::end) {
        fail("`" + std::string(now().text) + "` is not expected here");
    }
    out_.type = part.type;
    return std::move(out_);
}

bool PromqlReading::is_word(std::string_view word) const {
    return now().kind == Kind::name && promql_lower(now().text) == word;
}

bool PromqlReading::took_sign(std::string_view sign) {
    const bool is = is_sign(sign);
    if (is) {
        step();
    }
    return is;
}

bool PromqlReading::took_word(std::string_view word) {
    const bool is = is_word(word);
    if (is) {
        step();
    }
    return is;
}

PromqlPart PromqlReading::fail_at(std::size_t offset, std::string what) {
    if (!out_.error) {
        if (now().kind == Kind::broken) {
            what = "here " + std::string(now().text);
            offset = now().offset;
        }
        out_.error = PromqlError{offset, std::move(what)};
    }

    at_ = tokens_.size() - 1;
    return {};
}

void PromqlReading::expect(std::string_view sign) {
    if (!took_sign(sign)) {
        const auto found =
            now().kind == Kind::end ? std::string("the end") : "`" + std::string(now().text) + "`";
        fail("`" + std::string(sign) + "` is expected, not " + found);
    }
}

const PromqlOperator* PromqlReading::operator_here() const {
    if (now().kind != Kind::sign && now().kind != Kind::name) {
        return nullptr;
    }

    const auto text = promql_lower(now().text);
    const auto found = std::ranges::find(operators, text, &PromqlOperator::sign);
    return found == operators.end() ? nullptr : &*found;
}

PromqlPart PromqlReading::expression(int depth, int least) {
    if (depth > deepest) {
        return fail("is nested too deeply");
    }

    auto left = unary(depth);
    while (!out_.error) {
        const auto* const found = operator_here();
        if (found == nullptr || found->rank < least) {
            break;
        }
        left = binary(depth, left, *found);
    }
    return left;
}

PromqlPart PromqlReading::unary(int depth) {
    if (!is_sign("-") && !is_sign("+")) {
        return postfix(depth);
    }

    const bool negative = is_sign("-");
    const auto offset = now().offset;
    step();
    auto part = expression(depth + 1, power);
    if (part.type != Type::scalar && part.type != Type::vector) {
        return fail_at(offset, "a sign stands before " + std::string(promql_name_of(part.type)));
    }
    part.number = negative ? -part.number : part.number;
    part.is_selector = false;
    return part;
}

PromqlReading::Matching PromqlReading::matching() {
    Matching found;
    found.is_bool = took_word("bool");
    if (is_word("on") || is_word("ignoring")) {
        step();
        labels();
        found.is_stated = true;
        if (is_word("group_left") || is_word("group_right")) {
            step();
            found.is_grouped = true;
            if (is_sign("(")) {
                labels();
            }
        }
    }
    return found;
}

PromqlPart PromqlReading::binary(int depth, const PromqlPart& left, const PromqlOperator& sign) {
    const auto offset = now().offset;
    step();
    const auto how = matching();
    const auto right = expression(depth + 1, sign.rank == power ? power : sign.rank + 1);
    if (out_.error) {
        return {};
    }
    check_operands(offset, left, right);
    const bool both = left.type == Type::vector && right.type == Type::vector;
    const bool has_vector = left.type == Type::vector || right.type == Type::vector;
    if (sign.rank == comparing && !has_vector && !how.is_bool) {
        return fail_at(offset, "a comparison of scalars needs bool");
    }
    check_matching(offset, sign, how, both ? 2 : 1);
    note(left, right, sign, how);
    PromqlPart result;
    result.type = has_vector ? Type::vector : Type::scalar;
    result.offset = left.offset;
    return result;
}

void PromqlReading::check_matching(
    std::size_t offset, const PromqlOperator& sign, const Matching& how, int vectors
) {
    const bool is_set = sign.rank <= setting;
    if (is_set && vectors != 2) {
        fail_at(offset, "`" + std::string(sign.sign) + "` stands between vectors only");
    } else if (how.is_bool && sign.rank != comparing) {
        fail_at(offset, "bool stands at comparisons only");
    } else if ((how.is_stated && vectors != 2) || (how.is_grouped && is_set)) {
        fail_at(offset, "matching of labels is not for these operands");
    }
}

void PromqlReading::check_operands(
    std::size_t offset, const PromqlPart& left, const PromqlPart& right
) {
    for (const auto* const part : {&left, &right}) {
        if (part->type != Type::scalar && part->type != Type::vector) {
            fail_at(offset, "an operator does not take " + std::string(promql_name_of(part->type)));
        }
    }
}

void PromqlReading::note(
    const PromqlPart& left, const PromqlPart& right, const PromqlOperator& sign, const Matching& how
) {
    if (sign.rank == setting) {
        out_.filters = true;
    }

    if (sign.rank == comparing && !how.is_bool) {
        out_.filters = true;
        if (right.is_number) {
            out_.comparisons.push_back({left.head, std::string(sign.sign), right.number});
        }
    }
}

PromqlPart PromqlReading::postfix(int depth) {
    auto part = primary(depth);
    while (!out_.error) {
        if (is_sign("[")) {
            part = range(part);
        } else if (is_word("offset")) {
            step();
            took_sign("-");
            take_duration();
            check_shifted(part);
        } else if (took_sign("@")) {
            instant();
            check_shifted(part);
        } else {
            break;
        }
    }
    return part;
}

void PromqlReading::check_shifted(const PromqlPart& part) {
    if (!part.is_selector && part.type != Type::matrix) {
        fail_at(part.offset, "offset and @ belong to a selector or a subquery");
    }
}

double PromqlReading::take_duration() {
    const auto token = now();
    if (token.kind != Kind::duration && token.kind != Kind::number) {
        fail("a duration is expected, such as 5m");
        return 0;
    }
    step();
    return token.value;
}

void PromqlReading::instant() {
    if (is_word("start") || is_word("end")) {
        step();
        expect("(");
        expect(")");
        return;
    }

    if (!took_sign("-")) {
        took_sign("+");
    }
    if (now().kind != Kind::number) {
        fail("a time is expected behind @");
        return;
    }
    step();
}

PromqlPart PromqlReading::range(const PromqlPart& part) {
    const auto offset = now().offset;
    step();
    if (part.type != Type::vector) {
        return fail_at(offset, "a range follows an instant vector only");
    }
    const auto seconds = take_duration();
    if (!out_.error && seconds <= 0) {
        return fail_at(offset, "a range is longer than nothing");
    }
    const bool is_subquery = took_sign(":");
    if (is_subquery && !is_sign("]")) {
        take_duration();
    }
    if (!is_subquery && !part.is_selector) {
        return fail_at(offset, "a range follows a selector; a subquery is written [5m:]");
    }
    expect("]");
    if (!is_subquery && !out_.selectors.empty()) {
        out_.selectors.back().range = seconds;
    }
    PromqlPart result = part;
    result.type = Type::matrix;
    result.is_selector = false;
    return result;
}

Promql read_promql(std::string_view expression) {
    if (expression.size() > longest) {
        Promql refused;
        refused.error = PromqlError{0, "is longer than 64 KiB"};
        return refused;
    }
    return PromqlReading(expression).take();
}

}  // namespace deployctl::readiness
