// SPDX-License-Identifier: Apache-2.0
// What the gates have said so far, and what that is enough for.
#include "engine/gate_watch.hpp"
#include "model/text.hpp"

#include <algorithm>

namespace deployctl::engine {

const GateSettings& GateWatch::settings_of(const std::string& name) const {
    static const GateSettings usual;
    const auto found = plan_.gates.find(name);
    return found == plan_.gates.end() ? usual : found->second;
}

const GatePolicy& GateWatch::policy_of(const std::string& name) const {
    return settings_of(name).policy;
}

bool GateWatch::is_heard(const GateOrder& order, const std::string& name) const {
    return runs_.at(name).heard_in == order.step.stage;
}

/// One that decides nothing only has to have answered in this stage, or to be out of time.
bool GateWatch::has_passed(const GateOrder& order, const std::string& name) const {
    return gates::decides(policy_of(name))
               ? runs_.at(name).ruling.decision == gates::Decision::passed
               : is_heard(order, name);
}

bool GateWatch::all_passed(const GateOrder& order) const {
    return std::ranges::all_of(order.must_pass, [&](const std::string& name) {
        return has_passed(order, name);
    });
}

std::string GateWatch::waiting_text(const GateOrder& order) const {
    auto rest = order.must_pass;
    std::erase_if(rest, [&](const std::string& name) { return has_passed(order, name); });
    return "waiting for the gates " + join(rest.empty() ? order.must_pass : rest, ", ");
}

bool GateWatch::have_proven(const GateOrder& order) const {
    bool has_proof = false;
    for (const auto& name : order.step.gates) {
        const auto run = runs_.find(name);
        const auto& [policy, question] = settings_of(name);
        if (!gates::decides(policy)) {
            continue;
        }
        const bool is_sequential = std::holds_alternative<AnalysisQuestion>(question);
        has_proof = has_proof || is_sequential;
        if (run == runs_.end() || run->second.good_in != order.since) {
            return false;
        }
    }
    return has_proof;
}

int GateWatch::passes_so_far(const std::vector<std::string>& names) const {
    int passes = 0;
    for (const auto& name : names) {
        passes += std::min(runs_.at(name).tally.good_in_a_row, policy_of(name).pass_after);
    }
    return passes;
}

std::optional<BootTime> GateWatch::due(const std::vector<std::string>& names) const {
    std::optional<BootTime> next;
    for (const auto& name : names) {
        const auto at = runs_.at(name).due;
        next = next ? std::min(*next, at) : at;
    }
    return next;
}

std::vector<std::string> GateWatch::last_answers() const {
    std::vector<std::string> answers;
    for (const auto& [name, run] : runs_) {
        if (!run.last.empty()) {
            answers.push_back(run.last);
        }
    }
    return answers;
}

}  // namespace deployctl::engine
