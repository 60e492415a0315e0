// SPDX-License-Identifier: Apache-2.0
#include "model/plan.hpp"

#include "model/text.hpp"

namespace deployctl {

namespace {

struct ActionText {
    std::string operator()(const RecordSnapshot&) const {
        return "record the snapshot in the cluster";
    }

    std::string operator()(const HoldAutoscaler& action) const {
        return "hold autoscaler " + action.name + " at " + std::to_string(action.replicas);
    }

    std::string operator()(const MoveAutoscaler& action) const {
        return "let autoscaler " + action.name + " size the candidate, from " +
               std::to_string(action.replicas);
    }

    std::string operator()(const ReleaseAutoscaler& action) const {
        return "give autoscaler " + action.name + " back";
    }

    std::string operator()(const CreateCandidate&) const {
        return "create the candidate, without pods";
    }

    std::string operator()(const CreatePreviewService& action) const {
        return "create service " + action.name + " like " + action.like + " for the candidate";
    }

    std::string operator()(const PointService& action) const {
        return action.to == Pointing::original
                   ? "unpin service " + action.service
                   : "pin service " + action.service + " to " + to_text(action.to);
    }

    std::string operator()(const Scale& action) const {
        return std::string("scale ") + to_text(action.slot) + " to " +
               std::to_string(action.replicas);
    }

    std::string operator()(const WriteTemplate& action) const {
        const auto size =
            action.replicas ? " at " + std::to_string(*action.replicas) : std::string();
        return std::string("write the ") + to_text(action.version) + " version into stable" + size;
    }

    std::string operator()(const AwaitReady& action) const {
        const auto pods = std::string(to_text(action.slot)) + " pod";
        if (action.replicas == 0) {
            return "wait until the " + pods + "s are on their way out";
        }
        const auto counted =
            action.replicas ? count_of(*action.replicas, pods) : "all " + pods + "s";
        return "wait until " + counted + (action.replicas == 1 ? " is" : " are") + " ready";
    }

    std::string operator()(const AwaitWeight& action) const {
        const auto& [asked, achieved, stable, candidate, baseline] = action.weight;
        const auto fresh =
            baseline == 0 ? std::string() : ", " + std::to_string(baseline) + " baseline";
        return "wait until " + std::to_string(candidate) + " candidate" + fresh + " and " +
               std::to_string(stable) + " stable pods serve";
    }

    std::string operator()(const AwaitEndpoints& action) const {
        return action.to == Pointing::original
                   ? "wait until service " + action.service + " has ready endpoints"
                   : "wait until service " + action.service + " reaches " + to_text(action.to) +
                         " alone";
    }

    std::string operator()(const Hold& action) const {
        const auto* proof = action.early ? ", less once it is proven good" : "";
        return "hold for " + to_text(action.duration) + proof;
    }

    std::string operator()(const PassGates& action) const {
        return "pass gates " + join(action.gates, ", ");
    }

    std::string operator()(const AwaitApproval& action) const {
        return "wait for approval " + action.name;
    }

    std::string operator()(const Drain& action) const {
        return "drain for " + to_text(action.duration);
    }

    std::string operator()(const RetireCandidate&) const { return "retire the candidate"; }

    std::string operator()(const VerifyOutcome& action) const {
        return std::string("verify that stable runs the ") + to_text(action.version) + " version";
    }

    std::string operator()(const CreateBaseline&) const {
        return "create the baseline, without pods";
    }

    std::string operator()(const RetireBaseline&) const { return "retire the baseline"; }

    std::string operator()(const RunTask& action) const { return "run task " + action.task; }

    std::string operator()(const CopyConfig&) const {
        return "copy the configuration of the next version";
    }

    std::string operator()(const ApplyObject& action) const { return "apply " + action.object; }

    std::string operator()(const RemoveObject& action) const { return "remove " + action.object; }

    std::string operator()(const RestoreObject& action) const { return "restore " + action.object; }
};

}  // namespace

const char* to_text(Slot slot) {
    switch (slot) {
        case Slot::stable: return "stable";
        case Slot::candidate: return "candidate";
        case Slot::baseline: return "baseline";
    }
    return "";
}

const char* to_text(Version version) {
    return version == Version::previous ? "previous" : "next";
}

const char* to_text(Pointing pointing) {
    switch (pointing) {
        case Pointing::original: return "original";
        case Pointing::stable: return "stable";
        case Pointing::candidate: return "candidate";
    }
    return "";
}

const char* to_text(Direction direction) {
    return direction == Direction::forward ? "forward" : "back";
}

std::string to_text(const Action& action) {
    return std::visit(ActionText{}, action);
}

std::string to_text(const std::vector<Step>& steps) {
    std::string text;
    for (const auto& step : steps) {
        text += step.stage + ": " + to_text(step.action);
        if (!step.gates.empty()) {
            text += "  [" + join(step.gates, ", ") + "]";
        }
        text += "\n";
    }
    return text;
}

}  // namespace deployctl
