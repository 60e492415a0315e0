// SPDX-License-Identifier: Apache-2.0
#include "cli/lineage.hpp"

#include <algorithm>
#include <ranges>

namespace deployctl::cli {

namespace {

void add(Lineage& lineage, const RolloutRecord& rollout) {
    auto& good = lineage.good;
    if (good.empty() || good.back().version != rollout.previous_version) {
        good.push_back({rollout.previous_version, ""});  // brought out by somebody else
    }
    const auto older =
        std::find_if(good.rbegin() + 1, good.rend(), [&rollout](const GoodVersion& one) {
            return one.version == rollout.next_version;
        });
    if (older == good.rend() || rollout.next_version == rollout.previous_version) {
        good.push_back({rollout.next_version, rollout.id});
        return;
    }
    lineage.returns.push_back({rollout.id, good.back().rollout});
    good.erase(older.base(), good.end());
}

}  // namespace

Lineage lineage_of(const std::vector<RolloutRecord>& newest_first) {
    Lineage lineage;
    for (const auto& rollout : newest_first | std::views::reverse) {
        if (rollout.state == RolloutState::promoted) {
            add(lineage, rollout);
        }
    }
    return lineage;
}

}  // namespace deployctl::cli
