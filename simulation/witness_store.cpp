// SPDX-License-Identifier: Apache-2.0
#include "simulation/witness_store.hpp"

#include "documents/json.hpp"

#include <utility>

namespace deployctl::simulation {

Task<BeginAnswer> WitnessStore::begin(NewRollout rollout) {
    co_await scenery_.turns.pass(runner_);
    scenery_.checker.on_plan(rollout.plan, scenery_.clock.elapsed());
    auto answer = co_await inner().begin(std::move(rollout));
    const bool is_begun = answer.kind == BeginAnswer::Kind::begun;
    auto& versions = scenery_.testimony.versions;
    const std::pair place(machine_, answer.rollout.id);
    if (is_begun && versions.try_emplace(place, answer.rollout.version).second) {
        scenery_.checker.on_begin(machine_, answer.rollout, scenery_.clock.elapsed());
    }
    co_return answer;
}

Task<AppendResult> WitnessStore::append(
    RolloutId rollout, std::int64_t expected_version, std::vector<Entry> entries
) {
    co_await scenery_.turns.pass(runner_);
    auto answer = co_await inner().append(rollout, expected_version, entries);
    if (answer.answer != AppendAnswer::committed) {
        co_return answer;
    }
    auto& told = scenery_.testimony.versions[{machine_, rollout}];
    if (answer.version <= told) {
        // Asked again, since the first answer was lost, or the same words of a second runner.
        co_return answer;
    }
    told = answer.version;
    EntrySeen seen{scenery_.clock.elapsed(), rollout, answer.version, 0, {}, runner_, machine_, {}};
    seen.waited = scenery_.turns.waited(runner_);
    for (auto& entry : entries) {
        seen.entry = std::move(entry);
        if (std::holds_alternative<GateEvaluated>(seen.entry)) {
            seen.samples = std::exchange(scenery_.testimony.samples[runner_], {});
        }
        scenery_.checker.on_entry(seen, scenery_.cluster.world());
        ++seen.part;
    }
    if (scenery_.log) {
        for (const auto& event : answer.events) {
            scenery_.log(event.type + " " + documents::write_json(event.data));
        }
    }
    co_return answer;
}

}  // namespace deployctl::simulation
