// SPDX-License-Identifier: Apache-2.0
#include "engine/delivered_kinds.hpp"

#include <algorithm>
#include <array>

namespace deployctl::engine {

namespace {

struct Row {
    Kind kind;
    const char* api_version;
    const char* name;
    const char* plural;
};

constexpr auto rbac = "rbac.authorization.k8s.io/v1";
constexpr auto networking = "networking.k8s.io/v1";

constexpr std::array rows{
    Row{Kind::other, networking, "NetworkPolicy", "networkpolicies"},
    Row{Kind::config_map, "v1", "ConfigMap", "configmaps"},
    Row{Kind::other, "v1", "ServiceAccount", "serviceaccounts"},
    Row{Kind::other, rbac, "Role", "roles"},
    Row{Kind::other, rbac, "RoleBinding", "rolebindings"},
    Row{Kind::disruption_budget, "policy/v1", "PodDisruptionBudget", "poddisruptionbudgets"},
    Row{Kind::service, "v1", "Service", "services"},
    Row{Kind::other, networking, "Ingress", "ingresses"},
    Row{Kind::cron_job, "batch/v1", "CronJob", "cronjobs"},
};

}  // namespace

std::optional<DeliveredKind> delivered_kind(
    const std::string& api_version, const std::string& kind
) {
    const auto row = std::ranges::find_if(rows, [&](const Row& one) {
        return one.api_version == api_version && one.name == kind;
    });
    if (row == rows.end()) {
        return std::nullopt;
    }
    DeliveredKind found;
    found.rank = static_cast<int>(row - rows.begin());
    found.ref.kind = row->kind;
    if (row->kind == Kind::other) {
        found.ref.other = {row->api_version, row->name, row->plural};
    }
    return found;
}

}  // namespace deployctl::engine
