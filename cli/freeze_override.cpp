// SPDX-License-Identifier: Apache-2.0
#include "cli/freeze_override.hpp"

#include "model/approval.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <vector>

namespace deployctl::cli {

std::string emergency_approval(
    Parts& parts, const Configuration& configuration, const Order& order, const Target& target
) {
    const bool overrides =
        order.freeze.kind == FreezeRule::Kind::heed && !order.freeze.override_reason.empty();
    const bool counts = overrides && freeze_now(parts, configuration, target).outlook.is_frozen();
    return counts ? configuration.freeze.in_emergency.approval : "";
}

void heed_freeze(
    Parts& parts, const FreezeRule& rule, const Configuration& configuration, Prepared& prepared
) {
    const auto& takes = configuration.freeze.in_emergency;
    const auto& found = prepared.freeze;
    auto& draft = prepared.draft;
    if (!found.outlook.is_frozen() || draft.is_no_change) {
        return;
    }
    if (rule.kind == FreezeRule::Kind::ahead) {
        return;  // whoever looks ahead tells it
    }
    if (rule.override_reason.empty()) {
        draft.refusals.push_back(
            found.text +
            "; in an emergency `--override-freeze --reason TEXT` of `rollout` starts "
            "it all the same" +
            conditions_of(takes)
        );
        return;
    }
    const auto identity = parts.runners().self().identity;
    if (const auto why_not = object_to_override(takes, identity, draft.plan); !why_not.empty()) {
        draft.refusals.push_back(found.text + "; " + why_not);
        return;
    }
    prepared.freeze_override = "freeze overridden by " + with_roles(identity, configuration) +
                               ": " + rule.override_reason + "; " + found.text;
    draft.warnings.push_back(prepared.freeze_override);
}

}  // namespace deployctl::cli
