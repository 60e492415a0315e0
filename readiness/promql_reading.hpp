// SPDX-License-Identifier: Apache-2.0
// The reading of one expression of PromQL, by recursive descent: operators in promql.cpp, operands
// in promql_operands.cpp. Lives for one call; the expression has to live longer.
#pragma once

#include "readiness/promql.hpp"
#include "readiness/promql_tokens.hpp"

#include <algorithm>

namespace deployctl::readiness {

/// In lower case.
std::string promql_lower(std::string_view text);
/// "an instant vector".
std::string_view promql_name_of(PromqlType type);

/// A part of an expression that has been read.
struct PromqlPart {
    PromqlType type = PromqlType::vector;
    bool is_selector = false;  ///< itself: a range may follow
    bool is_number = false;
    double number = 0;
    std::string head;  ///< outermost function or aggregation
    std::size_t offset = 0;
};

struct PromqlOperator {
    std::string_view sign;
    int rank;  ///< the higher, the tighter
};

class PromqlReading {
public:
    explicit PromqlReading(std::string_view text) : tokens_(promql_tokens(text)) {}

    Promql take();

private:
    const PromqlToken& now() const { return tokens_[at_]; }

    const PromqlToken& next() const { return tokens_[std::min(at_ + 1, tokens_.size() - 1)]; }

    /// The last token is never passed.
    void step() { at_ += at_ + 1 < tokens_.size() ? 1 : 0; }

    bool is_sign(std::string_view sign) const {
        return now().kind == PromqlTokenKind::sign && now().text == sign;
    }

    bool is_word(std::string_view word) const;
    bool took_sign(std::string_view sign);
    bool took_word(std::string_view word);

    PromqlPart fail(std::string what) { return fail_at(now().offset, std::move(what)); }

    PromqlPart fail_at(std::size_t offset, std::string what);
    void expect(std::string_view sign);
    const PromqlOperator* operator_here() const;
    PromqlPart expression(int depth, int least);
    PromqlPart unary(int depth);

    struct Matching {
        bool is_bool = false;
        bool is_stated = false;
        bool is_grouped = false;
    };

    Matching matching();
    PromqlPart binary(int depth, const PromqlPart& left, const PromqlOperator& sign);
    /// Of so many vectors, 2 where both sides are one.
    void check_matching(
        std::size_t offset, const PromqlOperator& sign, const Matching& how, int vectors
    );
    void check_operands(std::size_t offset, const PromqlPart& left, const PromqlPart& right);
    void note(
        const PromqlPart& left,
        const PromqlPart& right,
        const PromqlOperator& sign,
        const Matching& how
    );
    PromqlPart postfix(int depth);
    void check_shifted(const PromqlPart& part);
    double take_duration();
    void instant();
    PromqlPart range(const PromqlPart& part);
    PromqlPart primary(int depth);
    PromqlPart signed_operand(int depth);
    PromqlPart named(int depth);
    PromqlPart call(int depth);
    static PromqlPart called(const PromqlToken& name, PromqlType gives);
    void check_argument(std::string_view function, const PromqlPart& part, char letter);
    std::vector<PromqlPart> arguments(int depth, std::string_view function);
    PromqlPart aggregation(int depth);
    void labels();
    PromqlPart selector(std::string metric, std::size_t offset);
    void matcher(PromqlSelector& selector);
    std::string matcher_sign();
    std::string matcher_value(std::string_view sign);
    void set_metric(PromqlSelector& selector, std::string name, std::size_t offset);

    std::vector<PromqlToken> tokens_;
    std::size_t at_ = 0;
    Promql out_;
};

}  // namespace deployctl::readiness
