// SPDX-License-Identifier: Apache-2.0
// The journal. Every call is one transaction; what it answers `committed` survives a power cut.
// Only the engine writes a rollout's entries; anybody may make a request of it. Calls throw
// Error{state_unreadable} where the store itself fails (disk full, corrupt); a conflict is a value.
// Engine's thread.
#pragma once

#include "model/freeze.hpp"
#include "model/journal.hpp"
#include "model/rollout.hpp"
#include "ports/approvals.hpp"
#include "ports/task.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace deployctl {

struct NewRollout {
    RolloutRecord record;  ///< number, version and started are the store's to give
    Value plan;            ///< without literal secrets
    RolloutBegun begun;
};

struct BeginAnswer {
    enum class Kind { begun, another_is_active } kind{};
    RolloutRecord rollout;  ///< the new one, or the active one
};

enum class AppendAnswer {
    committed,
    conflict,  ///< another runner has written since: stop
};

struct AppendResult {
    AppendAnswer answer{};
    std::vector<Event> events;  ///< as they were written, with seq and time
    std::int64_t version = 0;   ///< the record's version now
};

struct RolloutFilter {
    enum class Which { all, active } which = Which::all;
    std::string app;          ///< empty: any
    std::string environment;  ///< empty: any
    std::optional<WallTime> since;
    int at_most = 50;
    /// What was taken in from another machine has later numbers than its age.
    enum class Order {
        number,  ///< the newest here first
        end,     ///< those under way first, then by when they ended, the last one first
    } order = Order::number;
};

class Store : public Approvals {
public:
    virtual Task<BeginAnswer> begin(NewRollout rollout) = 0;
    /// Writes all entries or none; only where the record's version is still `expected_version`.
    virtual Task<AppendResult> append(
        RolloutId rollout, std::int64_t expected_version, std::vector<Entry> entries
    ) = 0;

    /// By id, unique prefix of an id (at least 6), or number; nothing where none or several match.
    virtual Task<std::optional<RolloutRecord>> find(std::string reference) = 0;
    /// In the order that is asked for.
    virtual Task<std::vector<RolloutRecord>> list(RolloutFilter filter) = 0;
    virtual Task<Value> plan(RolloutId rollout) = 0;
    /// In order, those with a greater seq.
    virtual Task<std::vector<Event>> events(RolloutId rollout, std::int64_t after) = 0;
    /// Intents without an outcome, and those whose outcome is unknown.
    virtual Task<std::vector<OpenAttempt>> open_attempts(RolloutId rollout) = 0;
    virtual Task<std::optional<Cause>> cause(RolloutId rollout) = 0;

    virtual Task<> make_request(RolloutId rollout, Request request) = 0;
    /// Those that no RequestTaken entry names yet, oldest first.
    virtual Task<std::vector<Request>> pending_requests(RolloutId rollout) = 0;

    /// Writes an ad-hoc freeze; one of an id that is there is the same one, of which only the
    /// first removal is written. Answers with what is kept, with its number.
    virtual Task<Freeze> keep_freeze(Freeze freeze) = 0;
    /// Of an app, oldest first, also those that are over.
    virtual Task<std::vector<Freeze>> freezes(std::string app) = 0;
};

}  // namespace deployctl
