// SPDX-License-Identifier: Apache-2.0
#include "engine/gate_replay.hpp"

#include "gates/policy.hpp"

#include <map>
#include <utility>

namespace deployctl::engine {

namespace {

gates::Tally tally_of(const GateEvaluated& recorded) {
    return {
        recorded.good_in_a_row,
        recorded.bad_in_a_row,
        recorded.ruled.errors_in_a_row,
        recorded.ruled.inconclusive_in_a_row,
    };
}

/// One gate's way through the events.
class Replaying {
public:
    Replaying(GatePolicy policy, gates::VerdictReplay verdicts)
        : policy_(policy), verdicts_(std::move(verdicts)) {}

    ReplayedVerdict take(const Event& event, GateEvaluated recorded) {
        auto replay = verdicts_.take(recorded.verdict);
        auto decision = decide(recorded);
        return {event.seq, std::move(recorded), std::move(replay), std::move(decision)};
    }

private:
    /// Counts go on from the verdict before, or begin anew, as for the end of a step and after it.
    std::string decide(const GateEvaluated& recorded) {
        const auto& told = recorded.ruled.decision;
        if (told.empty() || told == gates::not_counted) {
            return told;
        }
        const auto answer = recorded.verdict.answer;
        const auto anew = gates::after({}, answer);
        const auto tally = tally_of(recorded) == anew ? anew : gates::after(tally_, answer);
        tally_ = tally;
        return gates::name_of(gates::rule(tally, policy_, recorded.ruled.waited).decision);
    }

    GatePolicy policy_;
    gates::VerdictReplay verdicts_;
    gates::Tally tally_;
};

/// The version's own gate stands in no list.
Replaying begin(const Plan& plan, const std::string& name) {
    const auto found = plan.gates.find(name);
    return found == plan.gates.end()
               ? Replaying({}, gates::VerdictReplay(plan.release.tag))
               : Replaying(found->second.policy, gates::VerdictReplay(found->second.question));
}

}  // namespace

std::vector<ReplayedVerdict> replay_gates(const Plan& plan, const std::vector<Event>& events) {
    std::map<std::string, Replaying> gates;
    std::vector<ReplayedVerdict> all;
    for (const auto& event : events) {
        if (auto recorded = read_gate_evaluated(event)) {
            const auto& name = recorded->gate;
            auto gate = gates.find(name);
            if (gate == gates.end()) {
                gate = gates.emplace(name, begin(plan, name)).first;
            }
            all.push_back(gate->second.take(event, std::move(*recorded)));
        }
    }
    return all;
}

}  // namespace deployctl::engine
