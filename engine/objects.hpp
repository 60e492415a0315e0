// SPDX-License-Identifier: Apache-2.0
// The objects that a rollout makes or writes, computed from the plan: the candidate, preview
// Services, selectors for each pointing, and which objects a takeover has to claim. Pure.
#pragma once

#include "model/kubernetes/world.hpp"
#include "model/plan.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl::engine {

/// The label value of the slot's pods: "canary", "preview" or "baseline".
std::string track_of(const Plan& plan, Slot slot);
/// Empty where the plan has no such slot.
const std::string& name_of(const Plan& plan, Slot slot);
/// Those that the plan makes.
std::vector<Slot> slots_beside(const Plan& plan);
ObjectRef workload_ref(const Plan& plan, Slot slot);
ObjectRef service_ref(const Plan& plan, const std::string& name);
/// The ScaledObject where KEDA has made the autoscaler.
ObjectRef autoscaler_ref(const Plan& plan, const std::string& name);
/// Before the step of that index it has been told to size the candidate.
bool autoscaler_has_moved(const Plan& plan, int step);

/// The candidate, or the baseline, inert: the snapshot's spec with a template and a selector of its
/// own and no pods.
Value make_beside(const Plan& plan, Slot slot);
/// The next, or the previous version's template, with the label by which its pods are selected.
Value template_beside(const Plan& plan, Slot slot);
/// A Service for the candidate alone, with the ports of the one in the snapshot.
Value make_preview_service(const Plan& plan, const CreatePreviewService& action);
/// Made by `make_preview_service`: it selects a candidate for good.
bool is_preview_service(const Value& service);

/// Null where stable's hash is needed and its controller has not made the ReplicaSet yet.
std::optional<Labels> selector_for(
    const Plan& plan, const World& world, const PointService& action
);
/// The Service's selector as its owner wrote it.
Labels original_selector(const Plan& plan, const std::string& service);
/// Stable's template of that version.
const Value& template_of(const Plan& plan, Version version);

/// A candidate of this app that a finished rollout has left, without pods.
bool is_tombstone(const Value& workload, const std::string& app);
/// The same, or a candidate that came to be after its rollout had gone back: its create had no
/// answer, so that nobody was there to mark it, and nobody has changed it since.
bool is_left_over(const Value& workload, const std::string& app);
/// Nobody needs it any more: old enough that no runner of its rollout can be alive.
bool is_old_leftover(const Workload& workload, const std::string& app, WallTime now);
/// Those, but for the candidate that the plan takes up again.
std::vector<ObjectRef> old_leftovers(const Plan& plan, const World& world, WallTime now);

/// Every object that exists before the rollout and that it may write, in a fixed order.
std::vector<ObjectRef> claimed_objects(const Plan& plan);

/// Stable, and those beside it.
std::vector<ObjectRef> workloads_of(const Plan& plan);
/// The Services for the candidate alone that the plan makes.
std::vector<ObjectRef> preview_services(const Plan& plan);
/// All that carries a fence: the claimed ones and these.
std::vector<ObjectRef> fenced_objects(const Plan& plan);

/// Its template is the next version's: the candidate's always is, stable's once it is written.
bool runs_next(const Plan& plan, const Workload& workload);
/// Pods that run the next version, wherever they are.
std::vector<const Pod*> pods_of_next(const Plan& plan, const World& world);
std::vector<const Pod*> pods_of_slot(const Plan& plan, const World& world, Slot slot);
int ready_of_slot(const Plan& plan, const World& world, Slot slot);

}  // namespace deployctl::engine
