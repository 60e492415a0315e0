// SPDX-License-Identifier: Apache-2.0
#include "model/operation.hpp"

#include "model/named.hpp"

namespace deployctl {

const char* to_text(OperationState state) {
    switch (state) {
        case OperationState::running: return "running";
        case OperationState::done: return "done";
        case OperationState::failed: return "failed";
        case OperationState::undone: return "undone";
        case OperationState::needs_human: return "needs_human";
    }
    return "";
}

std::optional<OperationState> read_operation_state(std::string_view text) {
    return read_name(
        text,
        std::array{
            OperationState::running,
            OperationState::done,
            OperationState::failed,
            OperationState::undone,
            OperationState::needs_human,
        }
    );
}

}  // namespace deployctl
