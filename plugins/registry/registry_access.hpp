// SPDX-License-Identifier: Apache-2.0
// How registries may be reached: who is trusted without TLS, and what logs in where. Holds secrets:
// it goes into requests only, never into a message. A value; any thread.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl::plugins {

struct RegistryAccess {
    /// "registry.lan:5000": plain HTTP will do. Loopback addresses need not be named.
    std::vector<std::string> insecure_hosts;
    /// Host to base64 of "user:password", as Docker keeps it.
    std::map<std::string, std::string> credentials = {};
};

/// The `auths` of a Docker config.json; credential helpers are not asked. Empty where the text is
/// none.
std::map<std::string, std::string> read_docker_auths(std::string_view json);
/// The words of "a, b,c".
std::vector<std::string> read_host_list(std::string_view text);
/// $DEPLOYCTL_INSECURE_REGISTRIES, and config.json of $DOCKER_CONFIG, else of ~/.docker.
RegistryAccess registry_access_of_environment();

}  // namespace deployctl::plugins
