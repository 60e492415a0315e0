// SPDX-License-Identifier: Apache-2.0
// A journal whose commits pass crash points, before and after each: "commit/effect.intent/after".
// An append is named after its first entry. Holds references; engine's thread.
#pragma once

#include "plugins/crash/crash_points.hpp"
#include "ports/forwarding_store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl::plugins {

class CrashingStore final : public ForwardingStore {
public:
    CrashingStore(Store& inner, CrashPoints& points) : ForwardingStore(inner), points_(points) {}

    Task<BeginAnswer> begin(NewRollout rollout) override;
    Task<AppendResult> append(
        RolloutId rollout, std::int64_t expected_version, std::vector<Entry> entries
    ) override;
    Task<> make_request(RolloutId rollout, Request request) override;

private:
    CrashPoints& points_;
};

}  // namespace deployctl::plugins
