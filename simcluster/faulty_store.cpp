// SPDX-License-Identifier: Apache-2.0
#include "simcluster/faulty_store.hpp"

#include "model/error.hpp"

namespace deployctl::simcluster {

Fault FaultyStore::begin_call(FaultPlan::Kind kind, std::string what) {
    const auto fault = plan_.next(kind, what);
    const bool is_done = fault == Fault::none || fault == Fault::crash_after ||
                         fault == Fault::lost_after || fault == Fault::twice ||
                         fault == Fault::unreadable;
    if (!is_done && fault != Fault::conflict) {
        throw Error(ExitCode::state_unreadable, "cannot " + what + ": disk is full");
    }
    return fault;
}

void FaultyStore::end_call(Fault fault) const {
    plan_.finish(fault);
    if (fault == Fault::lost_after) {
        throw Error(ExitCode::state_unreadable, "cannot close the transaction: input/output error");
    }
}

Task<BeginAnswer> FaultyStore::begin(NewRollout rollout) {
    const auto fault = begin_call(FaultPlan::Kind::write, "begin");
    auto answer = co_await inner_.begin(std::move(rollout));
    end_call(fault);
    co_return answer;
}

Task<AppendResult> FaultyStore::append(
    RolloutId rollout, std::int64_t expected_version, std::vector<Entry> entries
) {
    const auto what = std::string(entries.empty() ? "" : event_type_of(entries.front()));
    const auto fault = begin_call(FaultPlan::Kind::write, "append " + what);
    if (fault == Fault::conflict) {
        AppendResult refused;
        refused.answer = AppendAnswer::conflict;
        co_return refused;
    }
    auto answer = co_await inner_.append(rollout, expected_version, std::move(entries));
    end_call(fault);
    co_return answer;
}

Task<std::optional<RolloutRecord>> FaultyStore::find(std::string reference) {
    const auto fault = begin_call(FaultPlan::Kind::read, "find");
    auto answer = co_await inner_.find(reference);
    end_call(fault);
    co_return answer;
}

Task<std::vector<RolloutRecord>> FaultyStore::list(RolloutFilter filter) {
    const auto fault = begin_call(FaultPlan::Kind::read, "list rollouts");
    auto answer = co_await inner_.list(filter);
    end_call(fault);
    co_return answer;
}

Task<Value> FaultyStore::plan(RolloutId rollout) {
    const auto fault = begin_call(FaultPlan::Kind::read, "read the plan");
    auto answer = co_await inner_.plan(rollout);
    end_call(fault);
    co_return answer;
}

Task<std::vector<Event>> FaultyStore::events(RolloutId rollout, std::int64_t after) {
    const auto fault = begin_call(FaultPlan::Kind::read, "read events");
    auto answer = co_await inner_.events(rollout, after);
    end_call(fault);
    co_return answer;
}

Task<std::vector<OpenAttempt>> FaultyStore::open_attempts(RolloutId rollout) {
    const auto fault = begin_call(FaultPlan::Kind::read, "read open attempts");
    auto answer = co_await inner_.open_attempts(rollout);
    end_call(fault);
    co_return answer;
}

Task<std::optional<Cause>> FaultyStore::cause(RolloutId rollout) {
    const auto fault = begin_call(FaultPlan::Kind::read, "read the cause");
    auto answer = co_await inner_.cause(rollout);
    end_call(fault);
    co_return answer;
}

Task<> FaultyStore::make_request(RolloutId rollout, Request request) {
    const auto fault = begin_call(FaultPlan::Kind::write, "make a request");
    co_await inner_.make_request(rollout, request);
    end_call(fault);
}

Task<std::vector<Request>> FaultyStore::pending_requests(RolloutId rollout) {
    const auto fault = begin_call(FaultPlan::Kind::read, "read requests");
    auto answer = co_await inner_.pending_requests(rollout);
    end_call(fault);
    co_return answer;
}

Task<Freeze> FaultyStore::keep_freeze(Freeze freeze) {
    const auto fault = begin_call(FaultPlan::Kind::write, "keep a freeze");
    auto kept = co_await inner_.keep_freeze(freeze);
    end_call(fault);
    co_return kept;
}

Task<std::vector<Freeze>> FaultyStore::freezes(std::string app) {
    const auto fault = begin_call(FaultPlan::Kind::read, "read freezes");
    auto found = co_await inner_.freezes(app);
    end_call(fault);
    co_return found;
}

Task<> FaultyStore::keep_approval(Approval approval) {
    const auto fault = begin_call(FaultPlan::Kind::write, "keep an approval");
    co_await inner_.keep_approval(approval);
    end_call(fault);
}

Task<std::vector<Approval>> FaultyStore::approvals(RolloutId rollout) {
    const auto fault = begin_call(FaultPlan::Kind::read, "read approvals");
    auto found = co_await inner_.approvals(rollout);
    end_call(fault);
    co_return found;
}

}  // namespace deployctl::simcluster
