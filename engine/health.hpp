// SPDX-License-Identifier: Apache-2.0
// What is wrong with the pods of the next version, look by look, and since when: a confirm window
// keeps a passing trouble from being taken for the version's. One a run; engine's thread.
#pragma once

#include "model/kubernetes/symptoms.hpp"
#include "model/kubernetes/world.hpp"
#include "model/plan.hpp"
#include "model/time.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl::engine {

/// The reason of a pod that has no symptom of its own but is not ready.
inline constexpr std::string_view not_ready = "NotReady";

/// The kind of the symptom that a Service of the plan serves nobody.
inline constexpr std::string_view no_endpoints = "no_endpoints";

/// Which pods of the next version have to be well during a wait. One that was ready must stay so in
/// all but `nothing`.
enum class Watch {
    nothing,          ///< on the way back: what comes, comes
    startup,          ///< they may still be starting, but must not be doomed
    candidate_ready,  ///< the candidate's have to be ready, stable's may be starting
    all_ready,
};

/// A symptom that is away for less than 30 s has not gone: a crash loop that gets ready between two
/// crashes stays one.
class Confirmations {
public:
    /// The symptoms that have lasted long enough, in order.
    std::vector<Symptom> confirm(const std::vector<Symptom>& symptoms, BootTime now);

private:
    struct Seen {
        BootTime first;
        BootTime last;
    };

    std::map<std::string, Seen> seen_;
};

class Health {
public:
    explicit Health(const Plan& plan) : plan_(plan) {}

    /// The confirmed symptoms of this look. Where a Service has no endpoint left, 3 s are enough.
    std::vector<Symptom> examine(const World& world, Watch watch, BootTime now);

private:
    enum class Need { survival, readiness };

    /// Services of the plan that had a ready endpoint in this run and have none now.
    std::vector<Symptom> dark_services(const World& world);
    std::vector<Symptom> symptoms_of_pod(const Pod& pod, const World& world, Need need);
    std::vector<Symptom> symptoms_of_slot(const World& world, Slot slot, Need need);
    void await_the_leaving(std::vector<Symptom>& symptoms, const World& world, BootTime now);

    /// The look before, if it showed no symptom.
    struct Well {
        Watch watch{};
        World world;
    };

    const Plan& plan_;
    std::optional<Well> well_;
    Confirmations confirmations_;

    struct Refusal {
        BootTime since;
        BootTime last;
        Duration pods_left;  ///< for how long since then pods were leaving
    };

    std::map<std::string, Refusal> refusals_;  ///< of pods by a quota, by key of the symptom
    std::set<std::string> were_ready_;         ///< uids of pods
    std::set<std::string> were_lit_;           ///< Services
};

}  // namespace deployctl::engine
