// SPDX-License-Identifier: Apache-2.0
// The cluster itself as something to assess: which lists of the API server tell of a namespace, and
// what their answers become. Objects that a controller made are left to whoever made them. Secrets
// are not asked for. Pure; any thread.
#pragma once

#include "readiness/facts.hpp"

#include <span>
#include <string>
#include <string_view>

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

/// A file of the rendering "live". What the server refuses, or nobody can read, is trouble; a kind
/// that it does not know is an empty list.
AssessedFile live_file(const LiveResource& resource, const ListAnswer& answer);

}  // namespace deployctl::readiness
