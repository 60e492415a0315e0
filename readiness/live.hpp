// SPDX-License-Identifier: Apache-2.0
// The cluster itself as something to assess: which lists of the API server tell of a namespace, and
// what their answers become. Objects that a controller made are left to whoever made them. Secrets
// are not asked for. Pure; any thread.
#pragma once

#include "readiness/facts.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl::readiness {

/// AssessedFile::rendering of what the cluster has told.
inline constexpr std::string_view live_rendering = "live";

struct LiveResource {
    std::string_view kind;    ///< "NetworkPolicy"
    std::string_view prefix;  ///< "/apis/networking.k8s.io/v1"
    std::string_view plural;  ///< "networkpolicies"
    bool is_namespaced = true;
};

std::span<const LiveResource> live_resources();

/// The address of the list, in a namespace where it has one.
std::string address_of(const LiveResource& resource, const std::string& kube_namespace);

struct ListAnswer {
    int status = 0;  ///< of HTTP; 0: there was none
    std::string body;
    std::string failure;  ///< in words, where there was none
};

/// What the whole cluster has bound to the accounts of one namespace, and the roles of it that
/// somebody wrote; the cluster's own are known. To the lists of these two kinds.
struct ClusterRights {
    ListAnswer bindings;
    ListAnswer roles;
};

/// "ClusterRoleBinding" and "ClusterRole".
std::span<const LiveResource, 2> rights_resources();
std::vector<AssessedFile> live_rights(
    const ClusterRights& rights, const std::string& kube_namespace
);

/// What is of no namespace: whoever may not list it has still been shown all of the app's own.
bool is_of_whole_cluster(const AssessedFile& file);

/// A file of the rendering "live". What the server refuses, or nobody can read, is trouble; a kind
/// that it does not know is an empty list.
AssessedFile live_file(const LiveResource& resource, const ListAnswer& answer);

}  // namespace deployctl::readiness
