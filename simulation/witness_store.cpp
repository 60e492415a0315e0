// SPDX-License-Identifier: Apache-2.0
#include "simulation/witness_store.hpp"

#include "documents/json.hpp"

#include <utility>

namespace deployctl::simulation {

Task<BeginAnswer> WitnessStore::begin(NewRollout rollout) {
    co_await scenery_.turns.pass();
    scenery_.checker.on_plan(rollout.plan, scenery_.clock.elapsed());
    auto answer = co_await inner().begin(std::move(rollout));
    const bool is_begun = answer.kind == BeginAnswer::Kind::begun;
    if (is_begun && told_.try_emplace(answer.rollout.id, answer.rollout.version).second) {
        scenery_.checker.on_begin(machine_, answer.rollout, scenery_.clock.elapsed());
    }
    co_return answer;
}

Task<AppendResult> WitnessStore::append(
    RolloutId rollout, std::int64_t expected_version, std::vector<Entry> entries
) {
    co_await scenery_.turns.pass();
    auto answer = co_await inner().append(rollout, expected_version, entries);
    if (answer.answer != AppendAnswer::committed) {
        co_return answer;
    }
    auto& told = told_[rollout];
    if (answer.version <= told) {
        co_return answer;  // asked again, since the first answer was lost
    }
    told = answer.version;
    EntrySeen seen{scenery_.clock.elapsed(), rollout, answer.version, 0, {}, runner_, machine_, {}};
    for (auto& entry : entries) {
        seen.entry = std::move(entry);
        if (std::holds_alternative<GateEvaluated>(seen.entry)) {
            seen.samples = std::exchange(scenery_.samples[runner_], {});
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
