// SPDX-License-Identifier: Apache-2.0
// A namespace of the test's own on the lab of the environment, made with this object and deleted
// with it, and all that is needed to reach it. Without a lab it throws, saying so: no cluster but a
// lab is ever written to, and no test of a cluster passes unseen.
#pragma once

#include "plugins/http/curl_http.hpp"
#include "plugins/kubectl/kubectl_cluster.hpp"
#include "plugins/process/boost_process.hpp"
#include "plugins/system/system_clock.hpp"

#include <memory>
#include <string>
#include <vector>

namespace deployctl::tests {

class LabNamespace {
public:
    LabNamespace();
    ~LabNamespace();
    LabNamespace(const LabNamespace&) = delete;
    LabNamespace& operator=(const LabNamespace&) = delete;

    const std::string& name() const { return name_; }

    plugins::kubectl::KubectlCluster& cluster() { return *cluster_; }

    plugins::SystemClock& clock() { return clock_; }

    ObjectRef ref(Kind kind, const std::string& object) const { return {kind, name_, object}; }

    /// Standard output of kubectl in this namespace; throws where it fails.
    std::string kubectl(std::vector<std::string> arguments, const std::string& input = "");
    /// A cluster reached by another kubeconfig. It lives as long as this object.
    plugins::kubectl::KubectlCluster& reach_by(const std::string& kubeconfig);
    /// A kubeconfig of the same cluster, for a ServiceAccount that may do what the Role's rules
    /// say.
    std::string kubeconfig_of_account(const std::vector<std::string>& role_arguments);
    /// A kubeconfig with one setting changed: {"set-cluster", "--server=https://127.0.0.1:1"}.
    std::string kubeconfig_with(const std::string& verb, const std::string& setting);
    /// One pod of the demo app, if the lab runs containers.
    void start_demo(const std::string& deployment, const std::string& tag);

private:
    std::string folder_;
    std::string name_;
    plugins::SystemClock clock_;
    plugins::CurlHttp http_;
    plugins::BoostProcess process_;
    std::vector<std::unique_ptr<plugins::kubectl::Proxy>> proxies_;
    std::unique_ptr<plugins::kubectl::KubectlCluster> cluster_;
    std::vector<std::unique_ptr<plugins::kubectl::KubectlCluster>> others_;
};

bool lab_runs_containers();
std::string lab_registry();

}  // namespace deployctl::tests
