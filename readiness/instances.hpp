// SPDX-License-Identifier: Apache-2.0
// How many pods a workload has at least, and how it is replaced: what the API fills in included.
// Pure; any thread.
#pragma once

#include "readiness/check.hpp"

namespace deployctl::readiness {

struct Instances {
    double count = 1;
    const documents::Node* where = nullptr;  ///< what says so; the workload where nothing does
    std::string words;                       ///< "replicas: 2", "minReplicas is not set: 1"
    Confidence confidence = Confidence::certain;
};

/// Deployments, StatefulSets and what works like them; nothing of what runs once for each node, to
/// an end, or is scaled to nothing, nor of a number that is not known here.
std::optional<Instances> instances_of(const Subject& workload, const Facts& facts);

/// Of "50%" or 3, of so many, rounded up.
std::optional<double> part_of(const documents::Node& amount, double whole);

/// The PersistentVolumeClaims of its pods, by volume, that only one node may mount; templates of a
/// StatefulSet are not shared and are not among them.
std::vector<const Subject*> claims_of_one_node(const Subject& workload, const Facts& facts);

/// "5", quoted or not: numbers of people who quote what is none of a text.
std::optional<double> number_at(const documents::Node& node, std::string_view path);

}  // namespace deployctl::readiness
