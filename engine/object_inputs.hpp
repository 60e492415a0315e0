// SPDX-License-Identifier: Apache-2.0
// The other objects of a release, where its manifests are brought out whole: what they say, what
// stands in the cluster, and what the release before had. Reads only; throws what a get throws.
#pragma once

#include "model/kubernetes/object.hpp"
#include "model/settings.hpp"
#include "ports/cluster.hpp"
#include "ports/task.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl::engine {

/// As `Release::objects` has it.
struct ReleaseObject {
    ObjectRef ref;
    Value said;                     ///< null: the release has it no more
    std::vector<std::string> gone;  ///< places that the release before said, and this one does not
};

Value to_value(const ReleaseObject& object);
ReleaseObject read_release_object(const Value& value, const std::string& kube_namespace);

struct ObjectInput {
    ReleaseObject object;
    std::optional<Value> live;
};

struct ObjectInputs {
    std::vector<ObjectInput> objects;  ///< in the order in which they are brought out
    std::vector<std::string> refusals;
    std::vector<std::string> warnings;
};

struct ObjectQuery {
    std::string kube_namespace;
    WorkloadSettings workload;  ///< which is brought out by the strategy
    std::vector<Value> manifests;
    std::vector<Value> last;  ///< `Release::objects` of the release before
};

Task<ObjectInputs> read_objects(Cluster& cluster, ObjectQuery query);

/// The object as it will be: with what is said, without what is said no more.
Value as_applied(const std::optional<Value>& live, const ReleaseObject& object);

}  // namespace deployctl::engine
