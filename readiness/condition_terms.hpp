// SPDX-License-Identifier: Apache-2.0
// Inside of condition.cpp: the parts of a condition. Immutable; any thread.
#pragma once

#include "readiness/condition.hpp"

#include <memory>
#include <optional>

namespace deployctl::readiness {

struct Asked {
    const Subject& subject;
    const Facts& facts;
    const documents::Node& here;  ///< the subject's node, or an entry of a list in it
};

class Condition::Term {
public:
    virtual ~Term() = default;
    virtual std::optional<Answer> ask(const Asked& asked) const = 0;
};

/// Null where it cannot be understood.
std::shared_ptr<const Condition::Term> read_term(const documents::Node& node, Mistakes& mistakes);
std::shared_ptr<const Condition::Term> read_path_term(
    const documents::Node& node, Mistakes& mistakes
);

}  // namespace deployctl::readiness
