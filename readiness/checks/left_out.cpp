// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/left_out.hpp"

#include "readiness/inputs/kubernetes_relations.hpp"

#include <algorithm>

namespace deployctl::readiness {

std::optional<Answer> ask_left_out(
    std::string_view kind, const Subject& subject, const Facts& facts
) {
    const auto left = facts.related(subject, relation::left_out);
    const bool any = std::any_of(left.begin(), left.end(), [&](const Subject* one) {
        return one->kind == kind;
    });
    return any ? std::optional(not_known(
                     "too many pods and objects of kind " + std::string(kind) + " are here"
                 ))
               : std::nullopt;
}

}  // namespace deployctl::readiness
