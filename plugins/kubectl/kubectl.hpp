// SPDX-License-Identifier: Apache-2.0
// kubectl itself: where it is, whether it is new enough, and the argument lists that it is called with. Pure, but
// for `find_kubectl` and `read_context`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ports/process.hpp"
#include "ports/task.hpp"

namespace deployctl::plugins::kubectl {

/// Which cluster: empty context is the kubeconfig's current one.
struct Connection {
    std::string program = "kubectl";
    std::string context;
};

std::vector<std::string> proxy_args(const Connection& connection, const std::string& socket);
std::vector<std::string> client_version_args(const Connection& connection);
std::vector<std::string> contexts_args(const Connection& connection);
std::vector<std::string> kustomize_args(const Connection& connection, const std::string& folder);

/// $DEPLOYCTL_KUBECTL, else kubectl in $PATH. Throws Error{tool_missing} where there is none.
std::string find_kubectl();

struct ClientVersion {
    int major = 0;
    int minor = 0;
    std::string text;
};

std::optional<ClientVersion> read_client_version(const std::string& json);
inline constexpr int oldest_minor = 28;

/// Throws Error{tool_missing} where it is older than 1.28.
Task<ClientVersion> check_version(Process& process, Connection connection);

struct ContextFacts {
    std::string name;
    std::string kube_namespace;  ///< "default" where the kubeconfig names none
};

/// Throws Error{usage} where there is no such context, naming those that are.
Task<ContextFacts> read_context(Process& process, Connection connection);

}  // namespace deployctl::plugins::kubectl
