// SPDX-License-Identifier: Apache-2.0
#include "plugins/crash/crashing_store.hpp"

#include <utility>

namespace deployctl::plugins {

Task<BeginAnswer> CrashingStore::begin(NewRollout rollout) {
    points_.pass("commit/rollout.started/before");
    auto answer = co_await inner_.begin(std::move(rollout));
    points_.pass("commit/rollout.started/after");
    co_return answer;
}

Task<AppendResult> CrashingStore::append(
    RolloutId rollout, std::int64_t expected_version, std::vector<Entry> entries
) {
    const auto what = entries.empty() ? std::string("nothing") : to_event(entries.front()).type;
    const auto point = "commit/" + what;
    points_.pass(point + "/before");
    auto result = co_await inner_.append(rollout, expected_version, std::move(entries));
    points_.pass(point + "/after");
    co_return result;
}

Task<> CrashingStore::make_request(RolloutId rollout, Request request) {
    points_.pass("commit/request/before");
    co_await inner_.make_request(rollout, request);
    points_.pass("commit/request/after");
}

Task<std::optional<RolloutRecord>> CrashingStore::find(std::string reference) {
    return inner_.find(std::move(reference));
}

Task<std::vector<RolloutRecord>> CrashingStore::list(RolloutFilter filter) {
    return inner_.list(std::move(filter));
}

Task<Value> CrashingStore::plan(RolloutId rollout) {
    return inner_.plan(std::move(rollout));
}

Task<std::vector<Event>> CrashingStore::events(RolloutId rollout, std::int64_t after) {
    return inner_.events(std::move(rollout), after);
}

Task<std::vector<OpenAttempt>> CrashingStore::open_attempts(RolloutId rollout) {
    return inner_.open_attempts(std::move(rollout));
}

Task<std::optional<Cause>> CrashingStore::cause(RolloutId rollout) {
    return inner_.cause(std::move(rollout));
}

Task<std::vector<Request>> CrashingStore::pending_requests(RolloutId rollout) {
    return inner_.pending_requests(std::move(rollout));
}

}  // namespace deployctl::plugins
