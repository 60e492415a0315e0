// SPDX-License-Identifier: Apache-2.0
// Every write that somebody asked a simulated cluster for, in order, with its answer. Values; one
// thread.
#pragma once

#include "ports/cluster.hpp"

#include <string>
#include <vector>

namespace deployctl::simcluster {

struct WriteRecord {
    enum class Verb { patch, create, remove };

    Duration at{};  ///< since the test began
    ObjectRef ref;
    Verb verb{};
    JsonPatch patch;  ///< of a patch
    Value object;     ///< of a create
    WriteAnswer answer{};
};

/// One line: "patch Deployment/web: replicas=4, template image=registry/shop/web:v2"; other answers
/// than done stand behind it. What is only test, fence or mark is left out; what an object carries
/// nothing else of says "claim".
std::string to_text(const WriteRecord& record);

/// The lines of all writes but those to Leases.
std::string to_text(const std::vector<WriteRecord>& records);

}  // namespace deployctl::simcluster
