// SPDX-License-Identifier: Apache-2.0
#include "engine/health.hpp"

#include "engine/objects.hpp"

#include <algorithm>

namespace deployctl::engine {

namespace {

constexpr Duration forget_after = seconds(30);
/// Nobody is answered: no time for a longer look.
constexpr Duration patience_in_the_dark = seconds(3);

/// The first Service of the plan that has no ready endpoint.
std::optional<std::string> dark_service(const Plan& plan, const World& world) {
    for (const auto& service : plan.scene.services) {
        const auto endpoints = endpoints_of(world, service);
        if (std::ranges::none_of(endpoints, [](const Endpoint* one) { return one->ready; })) {
            return service;
        }
    }
    return std::nullopt;
}

void hurry(std::vector<Symptom>& symptoms, const std::string& service) {
    for (auto& symptom : symptoms) {
        symptom.confirm = std::min(symptom.confirm, patience_in_the_dark);
        symptom.detail += "; Service " + service + " has no ready endpoint";
    }
}

}  // namespace

std::vector<Symptom> Confirmations::confirm(const std::vector<Symptom>& symptoms, BootTime now) {
    std::vector<Symptom> confirmed;
    for (const auto& symptom : symptoms) {
        auto& seen = seen_.try_emplace(symptom.key(), Seen{now, now}).first->second;
        if (now - seen.last > forget_after) {
            seen.first = now;
        }
        seen.last = now;
        if (now - seen.first >= symptom.confirm) {
            confirmed.push_back(symptom);
        }
    }
    return confirmed;
}

std::vector<Symptom> Health::examine(const World& world, Watch watch, BootTime now) {
    const bool is_known_to_be_well =
        well_ && well_->watch == watch && shows_the_same(well_->world, world);
    if (watch == Watch::nothing || is_known_to_be_well) {
        return {};
    }
    const auto candidate = watch == Watch::startup ? Need::survival : Need::readiness;
    const auto stable = watch == Watch::all_ready ? Need::readiness : Need::survival;
    auto symptoms = symptoms_of_slot(world, Slot::candidate, candidate);
    const auto more = symptoms_of_slot(world, Slot::stable, stable);
    symptoms.insert(symptoms.end(), more.begin(), more.end());
    await_the_leaving(symptoms, world, now);
    const auto dark = dark_services(world);
    symptoms.insert(symptoms.end(), dark.begin(), dark.end());
    well_.reset();
    if (symptoms.empty()) {
        well_ = {watch, world};
    }
    return confirmations_.confirm(symptoms, now);
}

/// Pods that leave count against a quota until they are gone, and a controller that was refused
/// tries again after as long as it has tried: so it gets as long again once they are.
void Health::await_the_leaving(std::vector<Symptom>& symptoms, const World& world, BootTime now) {
    const bool is_leaving =
        std::ranges::any_of(world.pods, [](const Pod& pod) { return pod.is_leaving(); });
    std::erase_if(refusals_, [&](const auto& one) { return now - one.second.last > forget_after; });
    for (auto& symptom : symptoms) {
        if (symptom.kind == over_quota) {
            auto& refusal =
                refusals_.try_emplace(symptom.key(), Refusal{now, now, {}}).first->second;
            refusal.last = now;
            refusal.pods_left = is_leaving ? now - refusal.since : refusal.pods_left;
            symptom.confirm += 2 * refusal.pods_left;
        }
    }
}

std::vector<Symptom> Health::dark_services(const World& world) {
    std::vector<Symptom> symptoms;
    const auto* candidate = find_workload(world, plan_.candidate);
    for (const auto& service : plan_.scene.services) {
        const auto endpoints = endpoints_of(world, service);
        if (std::ranges::any_of(endpoints, [](const Endpoint* one) { return one->ready; })) {
            were_lit_.insert(service);
        } else if (candidate != nullptr && were_lit_.contains(service)) {
            // With one slot the controller may take all pods away at once, if its owner says so.
            symptoms.push_back(
                {std::string(no_endpoints),
                 "Service/" + service,
                 "",
                 "NoEndpoints",
                 "Service/" + service + " has no ready endpoint",
                 plan_.confirm.unready}
            );
        }
    }
    return symptoms;
}

std::vector<Symptom> Health::symptoms_of_slot(const World& world, Slot slot, Need need) {
    const auto* workload = find_workload(world, name_of(plan_, slot));
    if (workload == nullptr || !runs_next(plan_, *workload)) {
        return {};
    }
    const auto* set = current_replica_set(world, *workload);
    if (set == nullptr) {
        return {};
    }
    std::vector<Symptom> symptoms;
    for (const auto* pod : pods_of(world, *set)) {
        const auto found = symptoms_of_pod(*pod, world, need);
        symptoms.insert(symptoms.end(), found.begin(), found.end());
    }
    const auto found = symptoms_of(*set, plan_.confirm);
    symptoms.insert(symptoms.end(), found.begin(), found.end());
    return symptoms;
}

std::vector<Symptom> Health::symptoms_of_pod(const Pod& pod, const World& world, Need need) {
    if (pod.ready) {
        were_ready_.insert(pod.meta.uid);
    }
    const bool was_ready = were_ready_.contains(pod.meta.uid);
    auto symptoms = symptoms_of(pod, world, plan_.confirm);
    if (symptoms.empty() && !pod.ready && (was_ready || need == Need::readiness)) {
        // One that has never been ready came in place of another: it gets the time to start.
        const auto window = was_ready ? plan_.confirm.unready : plan_.timeouts.first_ready;
        symptoms.push_back(
            {"unready",
             pod.meta.name,
             plan_.container,
             std::string(not_ready),
             trouble_text(pod, world),
             window}
        );
    }
    if (!symptoms.empty() && (was_ready || need == Need::readiness)) {
        if (const auto service = dark_service(plan_, world)) {
            hurry(symptoms, *service);
        }
    }
    return symptoms;
}

}  // namespace deployctl::engine
