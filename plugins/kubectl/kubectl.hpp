// SPDX-License-Identifier: Apache-2.0
// kubectl itself: where it is, whether it is new enough, and the argument lists that it is called
// with. Pure, but for `find_kubectl` and `read_context`.
#pragma once

#include "model/value.hpp"
#include "ports/process.hpp"
#include "ports/task.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl::plugins::kubectl {

/// Which cluster: an empty context is the kubeconfig's current one, an empty kubeconfig the one
/// that kubectl finds.
struct Connection {
    std::string program = "kubectl";
    std::string context = {};
    std::string kubeconfig = {};
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
    std::string kube_namespace;      ///< "default" where the kubeconfig names none
    std::string server;              ///< "https://10.0.0.1:6443"
    std::vector<std::string> names;  ///< every context of the kubeconfig
};

/// Pure: from what `kubectl config view -o json` prints. Throws Error{usage} where there is no such
/// context, naming those that are.
ContextFacts read_context_facts(const Value& config, const std::string& context);
Task<ContextFacts> read_context(Process& process, Connection connection);

struct Facts {
    ClientVersion version;
    ContextFacts context;
};

/// Both at the same time, since each call costs a start of kubectl. Throws what either throws.
Task<Facts> inspect(Process& process, Connection connection);

}  // namespace deployctl::plugins::kubectl
