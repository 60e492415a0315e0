// SPDX-License-Identifier: Apache-2.0
// All questions that are code: one line a file of checks.
#include "readiness/check.hpp"
#include "readiness/checks/alert_expressions.hpp"
#include "readiness/checks/alert_routing.hpp"
#include "readiness/checks/alert_rules.hpp"
#include "readiness/checks/backups.hpp"
#include "readiness/checks/cluster_events.hpp"
#include "readiness/checks/compose.hpp"
#include "readiness/checks/docker.hpp"
#include "readiness/checks/environments.hpp"
#include "readiness/checks/images.hpp"
#include "readiness/checks/kubernetes_availability.hpp"
#include "readiness/checks/kubernetes_fields.hpp"
#include "readiness/checks/kubernetes_network.hpp"
#include "readiness/checks/kubernetes_objects.hpp"
#include "readiness/checks/kubernetes_pods.hpp"
#include "readiness/checks/kubernetes_roles.hpp"
#include "readiness/checks/kubernetes_scaling.hpp"
#include "readiness/checks/kubernetes_storage.hpp"
#include "readiness/checks/monitoring.hpp"
#include "readiness/checks/pipelines.hpp"
#include "readiness/checks/pod_security.hpp"
#include "readiness/checks/practice.hpp"
#include "readiness/checks/presence.hpp"
#include "readiness/checks/recovery.hpp"
#include "readiness/checks/scripts.hpp"
#include "readiness/checks/terraform.hpp"

#include <initializer_list>
#include <vector>

namespace deployctl::readiness {

namespace {

std::vector<NamedCheck> joined(std::initializer_list<std::span<const NamedCheck>> tables) {
    std::vector<NamedCheck> all;
    for (const auto table : tables) {
        all.insert(all.end(), table.begin(), table.end());
    }
    return all;
}

}  // namespace

std::span<const NamedCheck> all_checks() {
    static const auto all = joined({
        alert_expression_checks(),
        alert_routing_checks(),
        alert_rule_checks(),
        backup_checks(),
        delivery_checks(),
        recovery_checks(),
        practice_checks(),
        cluster_event_checks(),
        environment_checks(),
        parity_of_environments_checks(),
        monitoring_checks(),
        pipeline_checks(),
        presence_checks(),
        scraping_checks(),
        script_checks(),
        docker_checks(),
        docker_build_checks(),
        docker_secret_checks(),
        compose_checks(),
        compose_file_checks(),
        image_checks(),
        parity_checks(),
        terraform_checks(),
        aws_checks(),
        aws_network_checks(),
        aws_policy_checks(),
        aws_version_checks(),
        gcp_network_checks(),
        kubernetes_availability_checks(),
        kubernetes_field_checks(),
        kubernetes_network_checks(),
        kubernetes_object_checks(),
        kubernetes_pod_checks(),
        kubernetes_role_checks(),
        kubernetes_scaling_checks(),
        kubernetes_storage_checks(),
        pod_security_checks(),
    });
    return all;
}

}  // namespace deployctl::readiness
