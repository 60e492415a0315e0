// SPDX-License-Identifier: Apache-2.0
// Which pods are doomed, and since when: symptoms are read off one look, a confirm window keeps a passing
// trouble from being taken for the version's. Pure, but for the memory of `Confirmations`.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/kubernetes/world.hpp"
#include "model/settings.hpp"

namespace deployctl::engine {

/// One thing that is wrong with one pod (or with the set that should make it).
struct Symptom {
    std::string kind;       ///< "crash_loop", "bad_image", "config_error", "unschedulable", "quota", "evicted"
    std::string pod;        ///< or the ReplicaSet
    std::string container;
    std::string reason;     ///< Kubernetes' own word: "CrashLoopBackOff"
    std::string detail;     ///< "exit 1, 3 restarts"
    Duration confirm{};     ///< how long it must last

    std::string key() const { return kind + "/" + pod + "/" + container; }
};

std::vector<Symptom> symptoms_of(const Pod& pod, const World& world, const ConfirmWindows& windows);
std::vector<Symptom> symptoms_of(const ReplicaSet& set, const ConfirmWindows& windows);

/// Remembers since when each symptom is there. One that is away for less than 30 s has not gone: a crash loop
/// that gets ready between two crashes stays one.
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

/// What the newest readiness trouble of a pod is, for a deadline's message: "web-x: Readiness probe failed ...".
std::string trouble_text(const Pod& pod, const World& world);

}  // namespace deployctl::engine
