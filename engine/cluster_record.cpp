// SPDX-License-Identifier: Apache-2.0
#include "engine/cluster_record.hpp"

#include "engine/plan_json.hpp"
#include "model/error.hpp"

namespace deployctl::engine {

namespace {

/// UUIDv7 begins with the time: its last characters are the ones that differ.
std::string short_id(const RolloutId& rollout) {
    return rollout.size() <= 8 ? rollout : rollout.substr(rollout.size() - 8);
}

}  // namespace

ObjectRef record_ref(const Target& target, const RolloutId& rollout) {
    return {
        Kind::controller_revision,
        target.kube_namespace,
        "deployctl-" + target.app + "-" + short_id(rollout),
    };
}

Value make_record(const Plan& plan, const RolloutRecord& rollout) {
    return Value::map({
        {"apiVersion", info(Kind::controller_revision).api_version},
        {"kind", info(Kind::controller_revision).name},
        {"metadata",
         Value::map({
             {"name", record_ref(plan.target, rollout.id).name},
             {"namespace", plan.target.kube_namespace},
             {"labels", Value::map({{std::string(mark::app), plan.target.app}})},
             {"annotations", Value::map({{std::string(mark::rollout), rollout.id}})},
         })},
        {"revision", 1},
        {"data",
         Value::map({
             {"plan", to_value(plan)},
             {"plan_hash", rollout.plan_hash},
             {"initiator", rollout.initiator},
         })},
    });
}

Task<std::optional<ClusterRecord>> load_record(Cluster& cluster, Target target, RolloutId rollout) {
    const auto ref = record_ref(target, rollout);
    const auto record = co_await cluster.get(ref);
    if (!record || record->text(annotation_pointer(mark::rollout)) != rollout) {
        co_return std::nullopt;  // not there, or of another rollout whose short id is the same
    }
    auto plan = read_plan(record->at("/data/plan"));
    if (hash_of(plan) != record->text("/data/plan_hash")) {
        throw Error(
            ExitCode::state_unreadable,
            to_text(ref) + " does not have the digest that it names",
            "it was changed by hand: compare it with `kubectl get controllerrevision " + ref.name +
                " -o yaml`"
        );
    }
    co_return ClusterRecord{std::move(plan), record->text("/data/initiator")};
}

}  // namespace deployctl::engine
