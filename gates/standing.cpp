// SPDX-License-Identifier: Apache-2.0
#include "gates/standing.hpp"

#include "gates/paper.hpp"
#include "ports/one_line.hpp"

#include <algorithm>

namespace deployctl::gates {

namespace {

Standing unknown(std::string why) {
    Standing standing;
    standing.trouble = std::move(why);
    return standing;
}

/// Each attempt has found what was promoted before it, or somebody else has brought what it found.
const RolloutRecord* find_stranger(
    const std::vector<const RolloutRecord*>& attempts, const RolloutRecord& promoted
) {
    for (const auto* attempt : attempts) {
        const auto& found = attempt->previous_version;
        if (!found.empty() && found != promoted.next_version) {
            return attempt;
        }
    }
    return nullptr;
}

Standing stands(
    const RolloutRecord& promoted,
    const std::vector<const RolloutRecord*>& attempts,
    Standing standing
) {
    if (const auto* stranger = find_stranger(attempts, promoted)) {
        return unknown(
            named(*stranger) + " found " + one_line(stranger->previous_version, 60) +
            " there, which only the journal of the machine that brought it knows; the last one "
            "here is " +
            named(promoted)
        );
    }
    standing.promoted = promoted;
    return standing;
}

}  // namespace

/// By when they ended: one may have waited for another that was begun later.
Standing standing_in(std::vector<RolloutRecord> rollouts, WallTime now) {
    std::ranges::stable_sort(rollouts, ended_later);
    if (rollouts.empty()) {
        return unknown(
            "no rollout there is in the journal of this machine; `deployctl state import FILE` "
            "takes in what another machine has written with `state export`"
        );
    }
    Standing standing;
    std::vector<const RolloutRecord*> attempts;
    for (const auto& rollout : rollouts) {
        if (!is_terminal(rollout.state)) {
            standing.under_way = rollout;
            attempts.push_back(&rollout);
            continue;
        }
        if (rollout.state == RolloutState::aborted) {
            continue;  // it ended before anything was changed
        }
        if (rollout.state == RolloutState::superseded) {
            return unknown(
                named(rollout) +
                " was closed, and what stands there since is not in the journal: " +
                one_line(rollout.end_reason, 150)
            );
        }
        const auto ended = rollout.ended.value_or(rollout.started);
        if (is_ahead(ended, now)) {
            return unknown(
                named(rollout) + " ended at " + minute_text(ended) +
                ", which is yet to come: clocks differ"
            );
        }
        standing.since = std::max(standing.since, ended);
        if (rollout.state == RolloutState::promoted) {
            return stands(rollout, attempts, standing);
        }
        attempts.push_back(&rollout);
    }
    if (std::ssize(rollouts) >= most_rollouts_read) {
        return unknown(
            "none of the last " + std::to_string(rollouts.size()) + " rollouts there was promoted"
        );
    }
    return standing;
}

RolloutFilter newest_of(const std::string& app, const std::string& environment) {
    RolloutFilter filter;
    filter.app = app;
    filter.environment = environment;
    filter.at_most = most_rollouts_read;
    filter.order = RolloutFilter::Order::end;
    return filter;
}

bool is_same(const RolloutRecord& rollout, const WantedVersion& wanted) {
    const bool both_known = !rollout.digest.empty() && !wanted.digest.empty();
    return both_known ? rollout.digest == wanted.digest
                      : !wanted.version.empty() && rollout.next_version == wanted.version;
}

std::string named(const RolloutRecord& rollout) {
    return one_line(rollout.next_version, 60) + " of rollout " + std::to_string(rollout.number);
}

std::string minute_text(WallTime time) {
    return to_minute_text(time) + " UTC";
}

}  // namespace deployctl::gates
