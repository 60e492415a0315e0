// SPDX-License-Identifier: Apache-2.0
// A store that hands every call on: what stands before another store overrides what it looks at.
// Holds a reference; the inner store's thread.
#pragma once

#include "ports/store.hpp"

#include <utility>

namespace deployctl {

class ForwardingStore : public Store {
public:
    explicit ForwardingStore(Store& inner) : inner_(inner) {}

    Task<BeginAnswer> begin(NewRollout rollout) override {
        return inner_.begin(std::move(rollout));
    }

    Task<AppendResult> append(
        RolloutId rollout, std::int64_t expected_version, std::vector<Entry> entries
    ) override {
        return inner_.append(std::move(rollout), expected_version, std::move(entries));
    }

    Task<std::optional<RolloutRecord>> find(std::string reference) override {
        return inner_.find(std::move(reference));
    }

    Task<std::vector<RolloutRecord>> list(RolloutFilter filter) override {
        return inner_.list(std::move(filter));
    }

    Task<Value> plan(RolloutId rollout) override { return inner_.plan(std::move(rollout)); }

    Task<std::vector<Event>> events(RolloutId rollout, std::int64_t after) override {
        return inner_.events(std::move(rollout), after);
    }

    Task<std::vector<OpenAttempt>> open_attempts(RolloutId rollout) override {
        return inner_.open_attempts(std::move(rollout));
    }

    Task<std::optional<Cause>> cause(RolloutId rollout) override {
        return inner_.cause(std::move(rollout));
    }

    Task<> make_request(RolloutId rollout, Request request) override {
        return inner_.make_request(std::move(rollout), std::move(request));
    }

    Task<std::vector<Request>> pending_requests(RolloutId rollout) override {
        return inner_.pending_requests(std::move(rollout));
    }

    Task<Freeze> keep_freeze(Freeze freeze) override {
        return inner_.keep_freeze(std::move(freeze));
    }

    Task<std::vector<Freeze>> freezes(std::string app) override {
        return inner_.freezes(std::move(app));
    }

    Task<> keep_approval(Approval approval) override {
        return inner_.keep_approval(std::move(approval));
    }

    Task<std::vector<Approval>> approvals(RolloutId rollout) override {
        return inner_.approvals(std::move(rollout));
    }

protected:
    Store& inner() { return inner_; }

private:
    Store& inner_;
};

}  // namespace deployctl
