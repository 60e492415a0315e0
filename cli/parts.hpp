// SPDX-License-Identifier: Apache-2.0
// The world, as commands get it: each part is made when it is first asked for, so that a command
// which needs no cluster starts none. Owned by `main`; one thread. References stay good as long as
// this lives.
#pragma once

#include "engine/ports.hpp"
#include "ports/operations.hpp"
#include "ports/outside.hpp"

#include <optional>
#include <string>
#include <utility>

namespace deployctl::cli {

/// Which cluster, and which namespace of it.
struct ClusterChoice {
    std::string context;         ///< as kubeconfig names it; empty: the current one
    std::string kube_namespace;  ///< empty: the context's
    std::string server = {};     ///< "https://10.0.0.1:6443"; `settle` knows it
    std::string kubectl = {};    ///< its version; `settle` knows it
    Duration request_timeout = seconds(10);
};

class Parts {
public:
    virtual ~Parts() = default;
    virtual Clock& clock() = 0;
    /// The journal for reading: makes no file.
    virtual Store& journal() = 0;
    virtual Store& store() = 0;
    /// The same file's part on what is not a single rollout. Makes it where it is not there.
    virtual Operations& operations() = 0;
    virtual Registry& registry() = 0;
    virtual Process& process() = 0;
    /// Whom gates ask.
    virtual Outside outside() = 0;
    virtual Ids& ids() = 0;
    virtual Runners& runners() = 0;
    /// From now on signals are values; before it they end the program.
    virtual Interrupts& interrupts() = 0;
    /// Fills in what the choice leaves open. Throws Error{tool_missing} where the tools that lead
    /// to the cluster are missing or too old.
    virtual Task<ClusterChoice> settle(ClusterChoice choice) = 0;
    virtual Cluster& cluster(const ClusterChoice& choice) = 0;
    /// A GET of the API server itself; what a port does not say.
    virtual Task<HttpAnswer> ask_server(ClusterChoice choice, std::string path) = 0;
    /// Runs the task to its end; throws what it throws.
    virtual void drive(Task<> task) = 0;
};

template <class T>
Task<> keep_result(Task<T> task, std::optional<T>* result) {
    T value = co_await std::move(task);
    result->emplace(std::move(value));
}

/// The task's value, from code that is no coroutine.
template <class T>
T wait_for(Parts& parts, Task<T> task) {
    std::optional<T> result;
    parts.drive(keep_result(std::move(task), &result));
    return std::move(*result);
}

/// Where nothing has begun yet, an API server that gives no answer is Error{tool_missing}.
template <class Work>
auto as_beginning(Work work) {
    try {
        return work();
    } catch (const Error& error) {
        if (error.exit() != ExitCode::stopped_watching) {
            throw;
        }
        throw Error(ExitCode::tool_missing, error.what(), error.help());
    }
}

/// The task's value, where nothing has begun yet.
template <class T>
T wait_for_beginning(Parts& parts, Task<T> task) {
    return as_beginning([&] { return wait_for(parts, std::move(task)); });
}

}  // namespace deployctl::cli
