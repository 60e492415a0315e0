// SPDX-License-Identifier: Apache-2.0
// What is wrong with a pod, or with the set that should make it, in Kubernetes' own words, read off
// one look. Pure. How long a symptom must last before it counts goes with it (design: a confirm
// window each).
#pragma once

#include "model/kubernetes/world.hpp"
#include "model/settings.hpp"

#include <string>
#include <vector>

namespace deployctl {

struct Symptom {
    std::string kind;  ///< "crash_loop", "out_of_memory", "bad_image", "config_error",
                       ///< "unschedulable", "quota"
    std::string pod;   ///< or the ReplicaSet
    std::string container;
    std::string reason;  ///< Kubernetes' own word: "CrashLoopBackOff"
    std::string detail;  ///< "exit 1, 3 restarts"
    Duration confirm{};  ///< how long it must last

    std::string key() const { return kind + "/" + pod + "/" + container; }
};

std::vector<Symptom> symptoms_of(const Pod& pod, const World& world, const ConfirmWindows& windows);
std::vector<Symptom> symptoms_of(const ReplicaSet& set, const ConfirmWindows& windows);

/// The kind of the symptom that a quota refuses a pod.
inline constexpr std::string_view over_quota = "quota";

/// What the newest trouble of a pod is, for a deadline's message: "web-x: Readiness probe failed
/// ... (9x)".
std::string trouble_text(const Pod& pod, const World& world);

}  // namespace deployctl
