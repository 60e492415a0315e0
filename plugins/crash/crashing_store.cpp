// SPDX-License-Identifier: Apache-2.0
#include "plugins/crash/crashing_store.hpp"

#include <utility>

namespace deployctl::plugins {

Task<BeginAnswer> CrashingStore::begin(NewRollout rollout) {
    points_.pass("commit/rollout.started/before");
    auto answer = co_await inner().begin(std::move(rollout));
    points_.pass("commit/rollout.started/after");
    co_return answer;
}

Task<AppendResult> CrashingStore::append(
    RolloutId rollout, std::int64_t expected_version, std::vector<Entry> entries
) {
    const auto* what = entries.empty() ? "nothing" : event_type_of(entries.front());
    const auto point = std::string("commit/") + what;
    points_.pass(point + "/before");
    auto result = co_await inner().append(rollout, expected_version, std::move(entries));
    points_.pass(point + "/after");
    co_return result;
}

Task<> CrashingStore::make_request(RolloutId rollout, Request request) {
    points_.pass("commit/request/before");
    co_await inner().make_request(rollout, request);
    points_.pass("commit/request/after");
}

}  // namespace deployctl::plugins
