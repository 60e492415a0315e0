// SPDX-License-Identifier: Apache-2.0
#include "plugins/kubectl/kubectl.hpp"

#include <algorithm>
#include <charconv>

#include "documents/json.hpp"
#include "model/error.hpp"
#include "plugins/process/boost_process.hpp"
#include "plugins/system/environment.hpp"

namespace deployctl::plugins::kubectl {

namespace {

std::vector<std::string> base(const Connection& connection) {
    std::vector<std::string> argv{connection.program};
    if (!connection.context.empty()) {
        argv.push_back("--context=" + connection.context);
    }
    return argv;
}

std::vector<std::string> with(std::vector<std::string> argv, std::initializer_list<std::string> more) {
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
    const auto found = std::ranges::find_if(items, [&](const Value& one) { return one.text("/name") == name; });
    return found == items.end() ? nullptr : &*found;
}

std::string names_of(const Value& list) {
    std::string names;
    for (const auto& one : list.items()) {
        names += (names.empty() ? "" : ", ") + one.text("/name");
    }
    return names.empty() ? "none" : names;
}

}  // namespace

std::vector<std::string> proxy_args(const Connection& connection, const std::string& socket) {
    return with(base(connection), {"proxy", "--unix-socket=" + socket, "--append-server-path"});
}

std::vector<std::string> client_version_args(const Connection& connection) {
    return {connection.program, "version", "--client", "-o", "json"};
}

std::vector<std::string> contexts_args(const Connection& connection) {
    return {connection.program, "config", "view", "-o", "json"};
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
            "install kubectl 1." + std::to_string(oldest_minor) + " or newer, or name it in $DEPLOYCTL_KUBECTL"
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
            connection.program + " does not tell its version: " + result.error_output,
            "is it kubectl? `deployctl doctor` says more"
        );
    }
    if (version->major == 1 && version->minor < oldest_minor) {
        throw Error(
            ExitCode::tool_missing,
            connection.program + " is " + version->text + ", deployctl needs 1." + std::to_string(oldest_minor) +
                " or newer",
            "install a newer kubectl, or name one in $DEPLOYCTL_KUBECTL"
        );
    }
    co_return *version;
}

Task<ContextFacts> read_context(Process& process, Connection connection) {
    Command command;
    command.argv = contexts_args(connection);
    const auto result = co_await process.run(command);
    const auto config = documents::try_read_json(result.output);
    if (!config) {
        throw Error(
            ExitCode::tool_missing,
            "the kubeconfig cannot be read: " + result.error_output,
            "set $KUBECONFIG to a readable file"
        );
    }
    const auto name = connection.context.empty() ? config->text("/current-context") : connection.context;
    const auto& contexts = config->at("/contexts");
    const auto* context = find_named(contexts, name);
    if (context == nullptr) {
        throw Error(
            ExitCode::usage,
            name.empty() ? "the kubeconfig has no current context" : "no context `" + name + "` in the kubeconfig",
            "contexts there: " + names_of(contexts)
        );
    }
    co_return ContextFacts{name, context->text("/context/namespace", "default")};
}

}  // namespace deployctl::plugins::kubectl
