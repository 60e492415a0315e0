// SPDX-License-Identifier: Apache-2.0
#include "model/journal.hpp"

namespace deployctl {

const char* to_text(StepResult result) {
    switch (result) {
        case StepResult::done: return "done";
        case StepResult::failed: return "failed";
        case StepResult::skipped: return "skipped";
    }
    return "";
}

const char* to_text(EffectVerb verb) {
    switch (verb) {
        case EffectVerb::patch: return "patch";
        case EffectVerb::create: return "create";
        case EffectVerb::remove: return "remove";
    }
    return "";
}

const char* to_text(AttemptState state) {
    switch (state) {
        case AttemptState::intent: return "intent";
        case AttemptState::applied: return "applied";
        case AttemptState::not_applied: return "not_applied";
        case AttemptState::unknown: return "unknown";
        case AttemptState::refused: return "refused";
    }
    return "";
}

const char* to_text(TaskEnd end) {
    switch (end) {
        case TaskEnd::done: return "done";
        case TaskEnd::failed: return "failed";
        case TaskEnd::cannot_tell: return "cannot_tell";
    }
    return "";
}

const char* to_text(RequestKind kind) {
    switch (kind) {
        case RequestKind::pause: return "pause";
        case RequestKind::resume: return "resume";
        case RequestKind::retry: return "retry";
        case RequestKind::advance: return "advance";
        case RequestKind::abort: return "abort";
        case RequestKind::rollback: return "rollback";
    }
    return "";
}

}  // namespace deployctl
