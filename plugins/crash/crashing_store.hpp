// SPDX-License-Identifier: Apache-2.0
// A journal whose commits pass crash points, before and after each: "commit/effect.intent/after".
// An append is named after its first entry. Holds references; engine's thread.
#pragma once

#include "plugins/crash/crash_points.hpp"
#include "ports/store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl::plugins {

class CrashingStore final : public Store {
public:
    CrashingStore(Store& inner, CrashPoints& points) : inner_(inner), points_(points) {}

    Task<BeginAnswer> begin(NewRollout rollout) override;
    Task<AppendResult> append(
        RolloutId rollout, std::int64_t expected_version, std::vector<Entry> entries
    ) override;
    Task<std::optional<RolloutRecord>> find(std::string reference) override;
    Task<std::vector<RolloutRecord>> list(RolloutFilter filter) override;
    Task<Value> plan(RolloutId rollout) override;
    Task<std::vector<Event>> events(RolloutId rollout, std::int64_t after) override;
    Task<std::vector<OpenAttempt>> open_attempts(RolloutId rollout) override;
    Task<std::optional<Cause>> cause(RolloutId rollout) override;
    Task<> make_request(RolloutId rollout, Request request) override;
    Task<std::vector<Request>> pending_requests(RolloutId rollout) override;

private:
    Store& inner_;
    CrashPoints& points_;
};

}  // namespace deployctl::plugins
