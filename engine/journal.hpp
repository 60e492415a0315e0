// SPDX-License-Identifier: Apache-2.0
// The executor's pen: appends entries to the store under the version it last saw, tells the event
// sink, and keeps the rollout's record as it now is. One a run; engine's thread. Throws LostControl
// where somebody else has written since.
#pragma once

#include "model/error.hpp"
#include "model/journal.hpp"
#include "ports/event_sink.hpp"
#include "ports/store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl::engine {

/// Another runner has the rollout now; whatever this one meant to write must not happen.
class LostControl : public Error {
public:
    explicit LostControl(std::string what_happened)
        : Error(
              ExitCode::locked,
              std::move(what_happened),
              "another runner goes on with it: `deployctl rollout watch` shows it"
          ) {}
};

/// Whether a person asks for the way back.
constexpr bool sends_back(RequestKind kind) {
    return kind == RequestKind::abort || kind == RequestKind::rollback;
}

/// `Store::begin`; a call whose answer was lost is made again, in the same words, and tells.
Task<BeginAnswer> begin(Store& store, NewRollout rollout);

class Journal {
public:
    Journal(Store& store, EventSink& sink, RolloutRecord record);

    const RolloutRecord& record() const { return record_; }

    /// Takes up what others have written: once the Lease is this runner's, nobody does any more.
    Task<> catch_up();
    Task<> write(Entry entry);
    /// In one transaction; none where there is nothing to write.
    Task<> write_all(std::vector<Entry> entries);
    /// One StateChanged by the one table of transitions; an impossible one is a bug.
    Task<> change_state(RolloutEvent event, Direction direction, std::string reason);
    /// The same, saying with which exit code the runner leaves.
    Task<> change_state(RolloutEvent event, Direction direction, std::string reason, ExitCode exit);
    /// The entry of it, for a transaction with others.
    Entry state_change(
        RolloutEvent event,
        Direction direction,
        std::string reason,
        std::optional<ExitCode> exit = std::nullopt
    ) const;

private:
    Task<AppendResult> append(std::vector<Entry> entries);

    Store& store_;
    EventSink& sink_;
    RolloutRecord record_;
};

}  // namespace deployctl::engine
