// SPDX-License-Identifier: Apache-2.0
// Which objects of the manifests a release brings out besides its workload, and in which order:
// what pods and others need comes first. Kinds that hold data, secrets or other objects (Secrets,
// volumes, namespaces, definitions) are not among them. Pure.
#pragma once

#include "model/kubernetes/object.hpp"

#include <optional>
#include <string>

namespace deployctl::engine {

struct DeliveredKind {
    int rank = 0;
    ObjectRef ref;  ///< without a name
};

/// Nothing where objects of the kind are not brought out.
std::optional<DeliveredKind> delivered_kind(
    const std::string& api_version, const std::string& kind
);

}  // namespace deployctl::engine
