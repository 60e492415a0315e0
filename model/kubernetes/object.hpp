// SPDX-License-Identifier: Apache-2.0
// Which Kubernetes object: a closed list of the kinds that deployctl reads or writes, with what a
// URL needs. Values; any thread.
#pragma once

#include "model/value.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace deployctl {

enum class Kind {
    deployment,
    replica_set,
    stateful_set,
    daemon_set,
    pod,
    service,
    endpoint_slice,
    autoscaler,
    disruption_budget,
    event,
    lease,
    controller_revision,
    kube_namespace,
    node,
    resource_quota,
    cron_job,
    job,
    config_map,
    secret,
    scaled_object,  ///< of KEDA
    other,          ///< of a manifest; `ObjectRef::other` says which
};

struct KindInfo {
    Kind kind;
    const char* name;         ///< "Deployment"
    const char* api_version;  ///< "apps/v1"
    const char* group;        ///< "apps", "" for the core
    const char* plural;       ///< "deployments"
};

const KindInfo& info(Kind kind);

/// A kind that only a manifest names, as discovery tells it.
struct OtherKind {
    std::string api_version;  ///< "networking.k8s.io/v1"
    std::string name;         ///< "Ingress"
    std::string plural;       ///< "ingresses"

    friend auto operator<=>(const OtherKind&, const OtherKind&) = default;
};

struct ObjectRef {
    Kind kind{};
    std::string kube_namespace;  ///< empty for kinds without one
    std::string name;
    OtherKind other = {};  ///< of Kind::other alone

    friend auto operator<=>(const ObjectRef&, const ObjectRef&) = default;
};

/// "Deployment/web".
std::string to_text(const ObjectRef& ref);
/// "/apis/apps/v1/namespaces/shop/deployments/web"; the collection where the name is empty, and
/// that of all namespaces where both are.
std::string url_path(const ObjectRef& ref);

/// Names of the annotations and labels that are ours.
namespace mark {
inline constexpr std::string_view track = "deployctl.dev/track";
inline constexpr std::string_view fence = "deployctl.dev/fence";
inline constexpr std::string_view written = "deployctl.dev/written";
inline constexpr std::string_view rollout = "deployctl.dev/rollout";
inline constexpr std::string_view step = "deployctl.dev/step";
inline constexpr std::string_view direction = "deployctl.dev/direction";
inline constexpr std::string_view app = "deployctl.dev/app";
inline constexpr std::string_view tombstone = "deployctl.dev/tombstone";
inline constexpr std::string_view held = "deployctl.dev/held";
inline constexpr std::string_view template_hash = "pod-template-hash";
}  // namespace mark

/// "/metadata/annotations/deployctl.dev~1fence".
std::string annotation_pointer(std::string_view key);
/// Its value; null where the object has none of that name.
const Value& annotation_of(const Value& object, std::string_view key);

struct Condition {
    std::string type;
    std::string status;
    std::string reason;
    std::string message;
};

std::vector<Condition> read_conditions(const Value& object);
const Condition* find_condition(const std::vector<Condition>& conditions, std::string_view type);

/// "25%" of `total` or an absolute number, rounded as asked.
enum class Rounding { up, down };
int resolve_share(const Value& number_or_percent, int total, Rounding rounding);

}  // namespace deployctl
