// SPDX-License-Identifier: Apache-2.0
// The journal in one SQLite file (docs/formats/journal.md). Each call works synchronously on the
// caller's thread, about 10 ms for a write, and only then returns its task's value; several
// processes may have the file open. Error{state_unreadable} where the file cannot be used:
// it is then left as it was. Writing through one that is open for reading is std::logic_error.
#pragma once

#include "ports/clock.hpp"
#include "ports/store.hpp"

#include <filesystem>
#include <memory>

namespace deployctl::state {

class Connection;
struct Moment;

/// `read_only` makes no file: one that is not there reads as empty until somebody writes it.
enum class Access { read_write, read_only };

struct SqliteOptions {
    std::filesystem::path file;
    Access access = Access::read_write;
    /// With a lock that another process holds. A runner calls three times (engine/journal.cpp) and
    /// renews no Lease meanwhile: all three fit into the time for which it trusts its Lease, 20 s.
    Duration patience = seconds(6);
};

class SqliteStore final : public Store {
public:
    /// `clock` outlives the store.
    SqliteStore(SqliteOptions options, const Clock& clock);
    ~SqliteStore() override;

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
    Task<Freeze> keep_freeze(Freeze freeze) override;
    Task<std::vector<Freeze>> freezes(std::string app) override;
    Task<> keep_approval(Approval approval) override;
    Task<std::vector<Approval>> approvals(RolloutId rollout) override;

private:
    Connection* reading();
    Connection& writing();
    Moment now() const;

    SqliteOptions options_;
    const Clock& clock_;
    std::unique_ptr<Connection> connection_;
};

}  // namespace deployctl::state
