// SPDX-License-Identifier: Apache-2.0
#include "tests/cluster/lab_namespace.hpp"

#include "documents/json.hpp"
#include "plugins/system/environment.hpp"
#include "plugins/system/random_ids.hpp"
#include "simcluster/run.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace deployctl::tests {

using namespace simcluster;

using namespace plugins;
using namespace plugins::kubectl;

namespace {

std::string program() {
    if (const auto named = environment("DEPLOYCTL_LAB_KUBECTL")) {
        return *named;
    }
    return find_kubectl();
}

std::string required_kubeconfig() {
    const auto kubeconfig = environment("KUBECONFIG");
    if (!kubeconfig || !environment("DEPLOYCTL_LAB")) {
        throw std::runtime_error("NOT RUN: no lab in the environment; eval \"$(lab/lab env)\" first"
        );
    }
    return *kubeconfig;
}

}  // namespace

bool lab_runs_containers() {
    return environment("DEPLOYCTL_LAB_PODS").value_or("").compare("real") == 0;
}

std::string lab_registry() {
    return environment("DEPLOYCTL_LAB_REGISTRY").value_or("localhost:5000");
}

LabNamespace::LabNamespace() {
    const auto kubeconfig = required_kubeconfig();
    const auto id = RandomIds().next();
    name_ = "test-" + id.substr(id.size() - 8);
    folder_ = (std::filesystem::temp_directory_path() / ("deployctl-" + name_)).string();
    std::filesystem::create_directory(folder_);
    kubectl({"create", "namespace", name_});
    proxies_.push_back(std::make_unique<Proxy>(http_, clock_, Connection{program(), "", kubeconfig})
    );
    cluster_ = std::make_unique<KubectlCluster>(
        *proxies_.back(), clock_, ClusterSettings{name_, "https://lab"}
    );
}

LabNamespace::~LabNamespace() {
    Command command;
    command.argv = {program(), "delete", "namespace", name_, "--wait=false"};
    run(process_.run(command));
    std::filesystem::remove_all(folder_);
}

std::string LabNamespace::kubectl(std::vector<std::string> arguments, const std::string& input) {
    Command command;
    command.argv = {program(), "--namespace=" + name_};
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    command.input = input;
    const auto result = run(process_.run(command));
    if (result.end != CommandResult::End::exited || result.exit_code != 0) {
        throw std::runtime_error("kubectl " + arguments.front() + ": " + result.error_output);
    }
    return result.output;
}

KubectlCluster& LabNamespace::reach_by(const std::string& kubeconfig) {
    proxies_.push_back(std::make_unique<Proxy>(http_, clock_, Connection{program(), "", kubeconfig})
    );
    const ClusterSettings settings{name_, "https://lab"};
    others_.push_back(std::make_unique<KubectlCluster>(*proxies_.back(), clock_, settings));
    return *others_.back();
}

std::string LabNamespace::kubeconfig_with(const std::string& verb, const std::string& setting) {
    const auto path = folder_ + "/" + verb;
    std::ofstream(path) << kubectl({"config", "view", "--raw", "--flatten", "--minify"});
    const auto config =
        documents::read_json(kubectl({"--kubeconfig=" + path, "config", "view", "-o", "json"}));
    const auto name =
        config.text(verb.compare("set-cluster") == 0 ? "/clusters/0/name" : "/users/0/name");
    kubectl({"--kubeconfig=" + path, "config", verb, name, setting});
    return path;
}

std::string LabNamespace::kubeconfig_of_account(const std::vector<std::string>& role_arguments) {
    kubectl({"create", "serviceaccount", "small"});
    std::vector<std::string> role{"create", "role", "small"};
    role.insert(role.end(), role_arguments.begin(), role_arguments.end());
    kubectl(role);
    kubectl(
        {"create", "rolebinding", "small", "--role=small", "--serviceaccount=" + name_ + ":small"}
    );
    auto token = kubectl({"create", "token", "small"});
    token.erase(token.find_last_not_of('\n') + 1);
    return kubeconfig_with("set-credentials", "--token=" + token);
}

void LabNamespace::start_demo(const std::string& deployment, const std::string& tag) {
    kubectl(
        {"create",
         "deployment",
         deployment,
         "--image=" + lab_registry() + "/shop/web:" + tag,
         "--port=8080"}
    );
}

}  // namespace deployctl::tests
