// SPDX-License-Identifier: Apache-2.0
// What rules ask in code, where a condition over one tree is not enough: other subjects, other
// files, arithmetic. Pure functions of a subject and the facts; any thread, so nothing is kept
// between calls. A rule names one by `check: NAME`.
#pragma once

#include "readiness/facts.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace deployctl::readiness {

enum class Truth { no, yes, unknown };

/// How sure a verdict is, the surest first.
enum class Confidence {
    certain,    ///< it stands there
    derived,    ///< by what the API fills in
    heuristic,  ///< by a pattern in a script, a name
    declared,   ///< only a document says so
};

struct Answer {
    Truth holds = Truth::unknown;
    const documents::Node* where = nullptr;  ///< the evidence; null: the subject's own node
    std::string observed;                    ///< "runAsUser: 0"; of what is unknown, why
    std::string expected;                    ///< "10000 or more"
    Confidence confidence = Confidence::certain;
};

/// Nothing: the question is not this subject's.
using Check = std::optional<Answer> (*)(const Subject& subject, const Facts& facts);

struct NamedCheck {
    std::string_view name;  ///< "final-user-is-not-root"
    Check check;
};

/// One table a file of checks/, all joined in check_table.cpp.
std::span<const NamedCheck> all_checks();

Answer holds(std::string observed = {});
Answer fails(std::string observed, std::string expected = {});
Answer fails_at(const documents::Node& where, std::string observed, std::string expected = {});
Answer not_known(std::string why);
/// The same, by a pattern or a name.
Answer guessed(Answer answer);

}  // namespace deployctl::readiness
