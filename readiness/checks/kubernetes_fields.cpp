// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/kubernetes_fields.hpp"

#include "readiness/inputs/kubernetes_objects.hpp"

#include <array>

namespace deployctl::readiness {

namespace {

using documents::Node;

/// Where it is, and the names of its fields, each with a blank on either side. Of v1.35.
struct Fields {
    std::string_view path;
    std::string_view names;
};

constexpr std::string_view of_probe =
    " exec httpGet tcpSocket grpc initialDelaySeconds timeoutSeconds periodSeconds "
    "successThreshold failureThreshold terminationGracePeriodSeconds ";

constexpr std::array<Fields, 6> of_container = {{
    {"",
     " name image command args workingDir ports envFrom env resources resizePolicy restartPolicy "
     "restartPolicyRules volumeMounts volumeDevices livenessProbe readinessProbe startupProbe "
     "lifecycle terminationMessagePath terminationMessagePolicy imagePullPolicy securityContext "
     "stdin stdinOnce tty targetContainerName "},
    {"securityContext",
     " capabilities privileged seLinuxOptions windowsOptions runAsUser runAsGroup runAsNonRoot "
     "readOnlyRootFilesystem allowPrivilegeEscalation procMount seccompProfile appArmorProfile "},
    {"resources", " limits requests claims "},
    {"readinessProbe", of_probe},
    {"livenessProbe", of_probe},
    {"startupProbe", of_probe},
}};

constexpr std::array<Fields, 2> of_pod = {{
    {"",
     " volumes initContainers containers ephemeralContainers restartPolicy "
     "terminationGracePeriodSeconds activeDeadlineSeconds dnsPolicy nodeSelector "
     "serviceAccountName serviceAccount automountServiceAccountToken nodeName hostNetwork hostPID "
     "hostIPC shareProcessNamespace securityContext imagePullSecrets hostname subdomain affinity "
     "schedulerName tolerations hostAliases priorityClassName priority dnsConfig readinessGates "
     "runtimeClassName enableServiceLinks preemptionPolicy overhead topologySpreadConstraints "
     "setHostnameAsFQDN os hostUsers schedulingGates resourceClaims resources hostnameOverride "
     "workloadRef "},
    {"securityContext",
     " seLinuxOptions windowsOptions runAsUser runAsGroup runAsNonRoot supplementalGroups "
     "supplementalGroupsPolicy fsGroup fsGroupChangePolicy sysctls seccompProfile appArmorProfile "
     "seLinuxChangePolicy "},
}};

/// Others may have fields of their own.
bool is_of_kubernetes(const Subject& subject) {
    const auto* const workload = subject.nearest("workload");
    return workload != nullptr && workload->parent != nullptr && is_maker(workload->parent->kind);
}

std::optional<Answer> ask(const Subject& subject, std::span<const Fields> all) {
    if (!is_of_kubernetes(subject)) {
        return std::nullopt;
    }
    for (const auto& [path, names] : all) {
        for (const auto& entry : subject.node->at(path).entries) {
            const auto name = std::string(entry.key);
            if (names.find(" " + name + " ") == names.npos) {
                const auto where = path.empty() ? std::string() : std::string(path) + "/";
                return fails_at(entry.value, where + name + " is no field", "one that is read");
            }
        }
    }
    return holds();
}

std::optional<Answer> container_fields(const Subject& container, const Facts& /*facts*/) {
    return ask(container, of_container);
}

std::optional<Answer> pod_fields(const Subject& pod, const Facts& /*facts*/) {
    return ask(pod, of_pod);
}

constexpr std::array<NamedCheck, 2> checks = {{
    {"container-fields-are-known", container_fields},
    {"pod-fields-are-known", pod_fields},
}};

}  // namespace

std::span<const NamedCheck> kubernetes_field_checks() {
    return checks;
}

}  // namespace deployctl::readiness
