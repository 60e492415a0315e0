// SPDX-License-Identifier: Apache-2.0
// The movements that canary and blue-green are made of: prepare, point the Services, fold. Pure;
// any thread.
#pragma once

#include "model/plan.hpp"

#include <string>
#include <vector>

namespace deployctl::strategies {

/// Collects steps of one stage after the other.
class StepList {
public:
    void stage(std::string name) { stage_ = std::move(name); }

    void watch(std::vector<std::string> gates) { gates_ = std::move(gates); }

    void add(Action action) { steps_.push_back({stage_, std::move(action), gates_}); }

    std::vector<Step> take() { return std::move(steps_); }

private:
    std::string stage_;
    std::vector<std::string> gates_;
    std::vector<Step> steps_;
};

/// Snapshot first; the autoscaler held, so that it cannot undo what follows.
void prepare(StepList& steps, const Scene& scene);
/// An autoscaler sizes the candidate from here on, where that carries half of the traffic or more.
/// A ScaledObject stays paused: KEDA makes its autoscaler anew when it is given back.
void move_autoscaler(StepList& steps, const Scene& scene, int replicas);
/// And stable again, which takes the traffic from it.
void hold_again(StepList& steps, const Scene& scene);
/// One Service after the other in listed order, then all of them observed.
void point_services(StepList& steps, const Scene& scene, Pointing to);
/// Removes the pods of what was made beside stable, then gives the Services back to their owner's
/// selector: it matches these pods as well, so they have to be on their way out before.
void retire_candidate(StepList& steps, const Scene& scene, CanaryBaseline baseline);
/// Holds, then lets the gates pass; nothing where there is neither.
void hold_and_pass(StepList& steps, Hold hold, const std::vector<std::string>& gates);
/// Stable takes the next version while the candidate serves, gets the Services back, and the
/// candidate goes.
void fold(StepList& steps, const Scene& scene, CanaryBaseline baseline = CanaryBaseline::stable);
/// Size to write with stable's template: none behind an autoscaler.
std::optional<int> written_size(const Scene& scene);

}  // namespace deployctl::strategies
