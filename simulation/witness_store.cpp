// SPDX-License-Identifier: Apache-2.0
#include "simulation/witness_store.hpp"

#include "documents/json.hpp"

namespace deployctl::simulation {

Task<BeginAnswer> WitnessStore::begin(NewRollout rollout) {
    co_await scenery_.turns.pass();
    auto answer = co_await inner_.begin(std::move(rollout));
    if (answer.kind == BeginAnswer::Kind::begun) {
        scenery_.checker.on_begin(answer.rollout, scenery_.clock.elapsed());
    }
    co_return answer;
}

Task<AppendResult> WitnessStore::append(
    RolloutId rollout, std::int64_t expected_version, std::vector<Entry> entries
) {
    co_await scenery_.turns.pass();
    auto answer = co_await inner_.append(rollout, expected_version, entries);
    if (answer.answer != AppendAnswer::committed) {
        co_return answer;
    }
    EntrySeen seen{scenery_.clock.elapsed(), rollout, answer.version, 0, {}};
    for (auto& entry : entries) {
        seen.entry = std::move(entry);
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

Task<std::optional<RolloutRecord>> WitnessStore::find(std::string reference) {
    auto answer = co_await inner_.find(reference);
    co_return answer;
}

Task<std::vector<RolloutRecord>> WitnessStore::list(RolloutFilter filter) {
    auto answer = co_await inner_.list(filter);
    co_return answer;
}

Task<Value> WitnessStore::plan(RolloutId rollout) {
    auto answer = co_await inner_.plan(rollout);
    co_return answer;
}

Task<std::vector<Event>> WitnessStore::events(RolloutId rollout, std::int64_t after) {
    auto answer = co_await inner_.events(rollout, after);
    co_return answer;
}

Task<std::vector<OpenAttempt>> WitnessStore::open_attempts(RolloutId rollout) {
    auto answer = co_await inner_.open_attempts(rollout);
    co_return answer;
}

Task<std::optional<Cause>> WitnessStore::cause(RolloutId rollout) {
    auto answer = co_await inner_.cause(rollout);
    co_return answer;
}

Task<> WitnessStore::make_request(RolloutId rollout, Request request) {
    co_await inner_.make_request(rollout, request);
}

Task<std::vector<Request>> WitnessStore::pending_requests(RolloutId rollout) {
    auto answer = co_await inner_.pending_requests(rollout);
    co_return answer;
}

}  // namespace deployctl::simulation
