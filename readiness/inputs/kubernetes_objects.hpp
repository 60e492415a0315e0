// SPDX-License-Identifier: Apache-2.0
// Reading objects of Kubernetes out of trees, whatever their apiVersion: what is one, where its pod
// template is, which namespace it is in. Nodes are parts of the tree that was given. Pure; any
// thread.
#pragma once

#include "readiness/facts.hpp"

#include <array>
#include <compare>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl::readiness {

struct ObjectName {
    std::string_view kube_namespace;
    std::string_view name;

    friend auto operator<=>(const ObjectName&, const ObjectName&) = default;
};

/// Where a pod template has its containers, and what one of each is called in paths.
struct ContainerList {
    std::string_view key;
    std::string_view word;
};

inline constexpr std::array<ContainerList, 3> container_lists = {{
    {"initContainers", "init-container"},
    {"containers", "container"},
    {"ephemeralContainers", "ephemeral-container"},
}};

/// A map with apiVersion and kind that a cluster would take: no Kustomization, no client's
/// configuration.
bool is_object(const documents::Node& node);

/// The objects of a document: itself, or the items of a List, of Lists in it too, to a depth.
std::vector<const documents::Node*> objects_of(const documents::Node& root);

/// "Service"; of another group that uses a name of Kubernetes, with it:
/// "Service.serving.knative.dev".
std::string subject_kind(const documents::Node& object);

/// The node with the metadata and spec of the pods that an object makes; a shared null where it
/// makes none. Of a custom resource only where containers are there.
const documents::Node& pod_template(const documents::Node& object);

/// A kind of Kubernetes itself that makes pods: "Deployment", "CronJob".
bool is_maker(std::string_view kind);

/// "default" where none is given.
std::string_view namespace_of(const documents::Node& object);
std::string_view name_of(const documents::Node& object);

/// Those of a kind in one namespace of a scope, and the one of a name, or null. Objects without a
/// namespace are in "default". Subjects of Kubernetes are gathered in this order, so that nobody
/// has to look at all of them.
std::span<const Subject* const> all_in(
    std::string_view kind, std::string_view kube_namespace, const Scope& scope, const Facts& facts
);
const Subject* named(
    std::string_view kind, const ObjectName& name, const Scope& scope, const Facts& facts
);

/// Of a subject's own object: a container's workload, a Service itself.
const documents::Node& object_of(const Subject& subject);
/// The account that a pod names, in either of its fields; null where it names none.
const documents::Node& account_of(const documents::Node& pod);
/// The labels and annotations of the pods of a `pod` or `container` subject are in here.
const documents::Node& pod_metadata(const Subject& subject);

}  // namespace deployctl::readiness
