// SPDX-License-Identifier: Apache-2.0
// What the policies of a stack say of its plan: each is asked once, before anybody is asked whether
// to apply it.
#pragma once

#include "cli/parts.hpp"
#include "model/settings.hpp"

#include <string>
#include <vector>

namespace deployctl::cli {

struct PoliciesAsked {
    std::vector<std::string> refusals;  ///< denied, or not answered: "policy infra-rules: ..."
    std::vector<std::string> warnings;  ///< of those with `dry_run`
};

struct PlanToJudge {
    Target target;
    std::vector<std::string> policies;  ///< names of gates
    std::string json;                   ///< as `show -json` prints it, with its secrets
};

Task<PoliciesAsked> ask_policies(
    Parts* parts, const Configuration* configuration, PlanToJudge judged
);

}  // namespace deployctl::cli
