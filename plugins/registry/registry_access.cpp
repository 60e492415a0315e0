// SPDX-License-Identifier: Apache-2.0
#include "plugins/registry/registry_access.hpp"

#include "documents/json.hpp"
#include "plugins/registry/reference.hpp"
#include "plugins/system/environment.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace deployctl::plugins {

namespace {

/// "https://index.docker.io/v1/" is kept for the host "registry-1.docker.io".
std::string host_of_key(std::string key) {
    const auto scheme = key.find("://");
    if (scheme != std::string::npos) {
        key.erase(0, scheme + 3);
    }
    key.erase(std::min(key.find('/'), key.size()));
    return api_host(key);
}

}  // namespace

std::map<std::string, std::string> read_docker_auths(std::string_view json) {
    std::map<std::string, std::string> credentials;
    const auto config = documents::try_read_json(json).value_or(Value());
    for (const auto& [key, entry] : config.members("/auths")) {
        const auto secret = entry.text("/auth");
        if (!secret.empty()) {
            credentials[host_of_key(key)] = secret;
        }
    }
    return credentials;
}

std::vector<std::string> read_host_list(std::string_view text) {
    std::vector<std::string> hosts(1);
    for (const char c : text) {
        if (c == ',' || c == ' ') {
            hosts.emplace_back();
        } else {
            hosts.back() += c;
        }
    }
    std::erase_if(hosts, [](const auto& host) { return host.empty(); });
    return hosts;
}

RegistryAccess registry_access_of_environment() {
    const auto folder = environment("DOCKER_CONFIG").value_or(home_folder() + "/.docker");
    std::ifstream file(folder + "/config.json");
    const std::string json{std::istreambuf_iterator<char>(file), {}};
    return {
        read_host_list(environment("DEPLOYCTL_INSECURE_REGISTRIES").value_or("")),
        read_docker_auths(json),
    };
}

}  // namespace deployctl::plugins
