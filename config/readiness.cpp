// SPDX-License-Identifier: Apache-2.0
#include "config/readiness.hpp"

#include "config/keys.hpp"
#include "config/scalars.hpp"

namespace deployctl::config {

namespace {

constexpr int highest_port = 65535;

/// A probe names its port by number, or by the name that the container gives it.
std::int64_t port_of(const Value& container, const Value& probe) {
    if (!probe.at("/port").is_string()) {
        return probe.number("/port");
    }
    for (const auto& port : container.items("/ports")) {
        if (port.text("/name") == probe.text("/port")) {
            return port.number("/containerPort");
        }
    }
    return 0;
}

bool is_http_path(const std::string& path) {
    documents::YamlNode node;
    node.kind = documents::YamlKind::quoted;
    node.text = path;
    const auto* key = find_key("gates.path");
    return key != nullptr && !read_scalar(*key, node).wrong;
}

}  // namespace

std::optional<HttpQuestion> gate_from_readiness(const Value& container) {
    const auto& probe = container.at("/readinessProbe/httpGet");
    HttpQuestion gate;
    gate.path = probe.text("/path", "/");
    const auto port = port_of(container, probe);
    const bool is_plain = probe.is_object() && probe.text("/scheme", "HTTP") == "HTTP";
    if (!is_plain || port < 1 || port > highest_port || !is_http_path(gate.path)) {
        return std::nullopt;
    }
    gate.port = static_cast<int>(port);
    return gate;
}

}  // namespace deployctl::config
