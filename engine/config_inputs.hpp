// SPDX-License-Identifier: Apache-2.0
// What a plan has to know of the ConfigMaps and Secrets that are part of a version: digests alone,
// so that no value leaves this file. Reads only; throws what a get throws.
#pragma once

#include "model/kubernetes/object.hpp"
#include "model/settings.hpp"
#include "ports/cluster.hpp"
#include "ports/task.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace deployctl::engine {

struct ConfigContent {
    std::string hash;
    std::map<std::string, std::string> keys;  ///< and the digests of their values
};

struct ConfigInput {
    Kind kind{};  ///< config_map or secret
    std::string name;
    std::string type = {};                     ///< of a Secret
    std::optional<ConfigContent> now = {};     ///< none: it is not there
    std::string read_by_stable = {};           ///< itself or a copy; empty: stable reads none
    std::optional<ConfigContent> before = {};  ///< of that
    std::vector<std::string> copies = {};      ///< of it, that a template reads
};

struct ConfigQuery {
    std::string kube_namespace;
    ConfigObjects names;
    Value live_template;           ///< stable's
    Value next_template;           ///< null: the live one
    std::vector<Value> said = {};  ///< objects that the release brings out before it copies
};

/// In the order of the configuration, ConfigMaps first.
Task<std::vector<ConfigInput>> read_config(Cluster& cluster, ConfigQuery query);

ConfigContent content_of(const Value& object);

}  // namespace deployctl::engine
