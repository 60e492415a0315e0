// SPDX-License-Identifier: Apache-2.0
#include "simcluster/pod_defaults.hpp"

#include <map>

namespace deployctl::simcluster {

namespace {

/// By key alone: none of them means two things in a pod template.
const std::map<std::string, Value, std::less<>>& defaults() {
    static const std::map<std::string, Value, std::less<>> known{
        {"apiVersion", "v1"},
        {"creationTimestamp", nullptr},
        {"defaultMode", 420},
        {"divisor", "0"},
        {"dnsPolicy", "ClusterFirst"},
        {"failureThreshold", 3},
        {"imagePullPolicy", "IfNotPresent"},
        {"periodSeconds", 10},
        {"protocol", "TCP"},
        {"resources", Value::map()},
        {"restartPolicy", "Always"},
        {"schedulerName", "default-scheduler"},
        {"scheme", "HTTP"},
        {"securityContext", Value::map()},
        {"successThreshold", 1},
        {"terminationGracePeriodSeconds", 30},
        {"terminationMessagePath", "/dev/termination-log"},
        {"terminationMessagePolicy", "File"},
        {"timeoutSeconds", 1},
    };
    return known;
}

const Value& counterpart(const Value& item, std::size_t index, const Value::Array& live) {
    const auto name = item.view("/name");
    for (const auto& one : live) {
        if (!name.empty() && one.view("/name") == name) {
            return one;
        }
    }
    return name.empty() && index < live.size() ? live[index] : live.front();
}

void fill(Value& said, const Value& live) {
    if (said == live) {
        return;  // nothing is left to say, and the tree stays the one that it is
    }
    if (said.is_array() && live.is_array() && !live.items().empty()) {
        auto& items = said.make_array();
        for (std::size_t index = 0; index < items.size(); ++index) {
            fill(items[index], counterpart(items[index], index, live.items()));
        }
        return;
    }
    if (!said.is_object() || !live.is_object()) {
        return;
    }
    auto& members = said.make_object();
    for (const auto& [key, value] : live.members()) {
        const auto found = members.find(key);
        const auto known = defaults().find(key);
        if (found != members.end()) {
            fill(found->second, value);
        } else if (known != defaults().end()) {
            members.emplace(key, known->second);
        }
    }
}

}  // namespace

Value with_pod_defaults(Value manifest, const Value& live) {
    fill(manifest, live);
    const auto account = manifest.text("/spec/serviceAccountName");
    if (!account.empty() && live.has("/spec/serviceAccount")) {
        manifest.set("/spec/serviceAccount", account);  // the old name of the same
    }
    return manifest;
}

}  // namespace deployctl::simcluster
