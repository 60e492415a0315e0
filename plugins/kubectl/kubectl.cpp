// SPDX-License-Identifier: Apache-2.0
#include "plugins/kubectl/kubectl.hpp"

#include "documents/json.hpp"
#include "model/error.hpp"
#include "plugins/kubectl/all_of.hpp"
#include "plugins/kubectl/printable.hpp"
#include "plugins/process/boost_process.hpp"
#include "plugins/system/environment.hpp"

#include <algorithm>
#include <charconv>

namespace deployctl::plugins::kubectl {

namespace {

std::vector<std::string> base(const Connection& connection) {
    std::vector<std::string> argv{connection.program};
    if (!connection.kubeconfig.empty()) {
        argv.push_back("--kubeconfig=" + connection.kubeconfig);
    }
    if (!connection.context.empty()) {
        argv.push_back("--context=" + connection.context);
    }
    return argv;
}

std::vector<std::string> with(
    std::vector<std::string> argv, std::initializer_list<std::string> more
) {
    argv.insert(argv.end(), more.begin(), more.end());
    return argv;
}

int leading_number(const std::string& text) {
    int number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

const Value* find_named(const Value& list, const std::string& name) {
    const auto& items = list.items();
    const auto found =
        std::ranges::find_if(items, [&](const Value& one) { return one.text("/name") == name; });
    return found == items.end() ? nullptr : &*found;
}

std::string names_of(const Value& list) {
    std::string names;
    for (const auto& one : list.items()) {
        names += (names.empty() ? "" : ", ") + one.text("/name");
    }
    return names.empty() ? "none" : names;
}

template <class T>
Task<bool> keep(Task<T> task, T* where) {
    auto result = co_await std::move(task);
    *where = std::move(result);
    co_return true;
}

}  // namespace

std::vector<std::string> proxy_args(const Connection& connection, const std::string& socket) {
    return with(
        base(connection),
        {"proxy", "--unix-socket=" + socket, "--append-server-path", "--keepalive=30s"}
    );
}

std::vector<std::string> client_version_args(const Connection& connection) {
    return {connection.program, "version", "--client", "-o", "json"};
}

std::vector<std::string> contexts_args(const Connection& connection) {
    auto all = connection;
    all.context.clear();  // the one asked for is looked up among all
    return with(base(all), {"config", "view", "-o", "json"});
}

std::vector<std::string> kustomize_args(const Connection& connection, const std::string& folder) {
    return {connection.program, "kustomize", folder};
}

std::string find_kubectl() {
    if (const auto named = environment("DEPLOYCTL_KUBECTL")) {
        return *named;
    }
    auto found = find_program("kubectl");
    if (found.empty()) {
        throw Error(
            ExitCode::tool_missing,
            "kubectl is not in $PATH",
            "install kubectl 1." + std::to_string(oldest_minor) +
                " or newer, or name it in $DEPLOYCTL_KUBECTL"
        );
    }
    return found;
}

std::optional<ClientVersion> read_client_version(const std::string& json) {
    const auto parsed = documents::try_read_json(json);
    if (!parsed || !parsed->has("/clientVersion/gitVersion")) {
        return std::nullopt;
    }
    const auto& version = parsed->at("/clientVersion");
    return ClientVersion{
        leading_number(version.text("/major")),
        leading_number(version.text("/minor")),
        version.text("/gitVersion"),
    };
}

Task<ClientVersion> check_version(Process& process, Connection connection) {
    Command command;
    command.argv = client_version_args(connection);
    const auto result = co_await process.run(command);
    const auto version = read_client_version(result.output);
    if (!version) {
        throw Error(
            ExitCode::tool_missing,
            connection.program +
                " does not tell its version: " + printable_line(result.error_output),
            "is it kubectl? `deployctl doctor` says more"
        );
    }
    if (version->major == 1 && version->minor < oldest_minor) {
        throw Error(
            ExitCode::tool_missing,
            connection.program + " is " + version->text + ", deployctl needs 1." +
                std::to_string(oldest_minor) + " or newer",
            "install a newer kubectl, or name one in $DEPLOYCTL_KUBECTL"
        );
    }
    co_return *version;
}

ContextFacts read_context_facts(const Value& config, const std::string& context) {
    const auto name = context.empty() ? config.text("/current-context") : context;
    const auto& contexts = config.at("/contexts");
    const auto* found = find_named(contexts, name);
    if (found == nullptr) {
        // Where none is chosen, no words of the command line are wrong: the endpoint is missing.
        throw Error(
            name.empty() ? ExitCode::tool_missing : ExitCode::usage,
            name.empty() ? "the kubeconfig has no current context"
                         : "no context `" + name + "` in the kubeconfig",
            (name.empty() ? "set $KUBECONFIG, or name one with --context; contexts there: "
                          : "contexts there: ") +
                names_of(contexts)
        );
    }
    ContextFacts facts;
    facts.name = name;
    facts.kube_namespace = found->text("/context/namespace", "default");
    if (const auto* cluster = find_named(config.at("/clusters"), found->text("/context/cluster"))) {
        facts.server = cluster->text("/cluster/server");
    }
    for (const auto& one : contexts.items()) {
        facts.names.push_back(one.text("/name"));
    }
    return facts;
}

Task<ContextFacts> read_context(Process& process, Connection connection) {
    Command command;
    command.argv = contexts_args(connection);
    const auto result = co_await process.run(command);
    const auto config = documents::try_read_json(result.output);
    if (result.exit_code != 0 || !config) {
        throw Error(
            ExitCode::tool_missing,
            "the kubeconfig cannot be read: " + printable_line(result.error_output),
            "set $KUBECONFIG to a readable file"
        );
    }
    co_return read_context_facts(*config, connection.context);
}

Task<Facts> inspect(Process& process, Connection connection) {
    Facts facts;
    std::vector<Task<bool>> questions;
    questions.push_back(keep(check_version(process, connection), &facts.version));
    questions.push_back(keep(read_context(process, connection), &facts.context));
    co_await all_of(std::move(questions));
    co_return facts;
}

}  // namespace deployctl::plugins::kubectl
