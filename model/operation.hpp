// SPDX-License-Identifier: Apache-2.0
// What is done beside single rollouts, as the journal keeps it: infrastructure that is applied,
// backups and restores, promotions over environments, failovers, locks. Values; any thread.
#pragma once

#include "model/rollout.hpp"
#include "model/time.hpp"
#include "model/value.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace deployctl {

enum class OperationState {
    running,
    done,
    failed,
    undone,       ///< failed, and what it had changed is as it was
    needs_human,  ///< nobody knows how it ended, or it cannot go on by itself
};

const char* to_text(OperationState state);
std::optional<OperationState> read_operation_state(std::string_view text);

struct Operation {
    std::string id;           ///< UUIDv7
    std::int64_t number = 0;  ///< the store's to give
    std::string kind;         ///< "infra.apply", "backup.run", "promotion", "dr.drill"
    std::string app;
    std::string environment;
    std::string subject;  ///< the stack, the database, the version
    std::string by;
    std::string reason;
    OperationState state = OperationState::running;
    WallTime started;
    std::optional<WallTime> ended;
    Runner runner;  ///< that works on it, or did last
    Value plan;     ///< what was meant, without secrets
    Value result;   ///< what came of it: digests, sizes, seconds
};

/// One fact of an operation, in order.
struct OperationEvent {
    std::int64_t seq = 0;
    WallTime at;
    std::string type;  ///< "stage.started"
    Value data;
};

}  // namespace deployctl
