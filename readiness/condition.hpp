// SPDX-License-Identifier: Apache-2.0
// A condition over a subject's tree: what rules say in data. Made once from YAML, then asked by any
// number of threads. Three-valued: what rests on an expression without a known value is unknown.
// Expressions are RE2's, so that a hostile one costs linear time.
#pragma once

#include "documents/tree.hpp"
#include "readiness/check.hpp"
#include "readiness/mistakes.hpp"

#include <memory>
#include <optional>
#include <string>

namespace deployctl::readiness {

class Condition {
public:
    /// Holds always.
    Condition() = default;
    /// Of a tree that lives as long as the condition. What cannot be understood is said in
    /// `mistakes`; such a condition is not to be asked.
    static Condition read(const documents::Node& node, Mistakes& mistakes);

    bool is_empty() const { return term_ == nullptr; }

    /// Nothing: a check in it says that the question is not this subject's.
    std::optional<Answer> ask(const Subject& subject, const Facts& facts) const;

    class Term;

private:
    explicit Condition(std::shared_ptr<const Term> term) : term_(std::move(term)) {}

    std::shared_ptr<const Term> term_;  ///< copies of a rule share it
};

}  // namespace deployctl::readiness
