// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/compose.hpp"
#include "readiness/checks/subnet.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace deployctl::readiness {

namespace {

using documents::Node;
using documents::NodeEntry;

struct NamedSubnet {
    std::string_view network;
    Subnet subnet;
};

/// The first of `known` that it overlaps with; or why it is none.
std::string conflict(
    std::string_view network, const Node& written, std::vector<NamedSubnet>& known
) {
    const auto subnet = read_subnet(written.text);
    if (!subnet) {
        return std::string(written.text) + " of " + std::string(network) + " is no subnet";
    }
    for (const auto& other : known) {
        if (overlap(other.subnet, *subnet)) {
            return std::string(network) + " overlaps with " + std::string(other.network);
        }
    }
    constexpr std::size_t most = 500;
    if (known.size() < most) {
        known.push_back({network, *subnet});
    }
    return {};
}

std::optional<Answer> subnets_are_apart(const Subject& subject, const Facts&) {
    std::vector<NamedSubnet> known;
    auto all = holds();
    for (const auto& network : subject.node->at("networks").entries) {
        for (const auto& config : network.value.at("ipam/config").items) {
            const auto& written = config.at("subnet");
            if (written.is_unknown()) {
                all = not_known("the subnet of " + std::string(network.key) + " is not known here");
            } else if (written.is_scalar()) {
                const auto found = conflict(network.key, written, known);
                if (!found.empty()) {
                    return fails_at(written, found, "a subnet of its own");
                }
            }
        }
    }
    return all;
}

/// Services of profiles need not run together.
std::optional<Answer> ports_are_apart(const Subject& subject, const Facts&) {
    std::map<std::string, std::string_view> taken;
    for (const auto& service : subject.node->at("services").entries) {
        if (service.value.at("profiles").exists()) {
            continue;
        }
        for (const auto& port : service.value.at("ports").items) {
            const auto published = port.text_at("published");
            const auto key = std::string(port.text_at("host_ip")) + ":" + std::string(published) +
                             "/" + std::string(port.text_at("protocol", "tcp"));
            const auto [found, is_first] = taken.emplace(key, service.key);
            if (!published.empty() && !is_first && found->second != service.key) {
                return fails_at(
                    port,
                    std::string(service.key) + " and " + std::string(found->second) +
                        " publish port " + std::string(published)
                );
            }
        }
    }
    return holds();
}

std::optional<Answer> volumes_have_one_writer(const Subject& subject, const Facts&) {
    std::map<std::string_view, std::string_view> writers;
    for (const auto& service : subject.node->at("services").entries) {
        for (const auto& mount : service.value.at("volumes").items) {
            const auto name = mount.text_at("source");
            const bool is_written =
                mount.text_at("type") == "volume" && !name.empty() && !mount.flag_at("read_only");
            if (!is_written) {
                continue;
            }
            const auto [found, is_first] = writers.emplace(name, service.key);
            if (!is_first && found->second != service.key) {
                return fails_at(
                    mount,
                    std::string(service.key) + " and " + std::string(found->second) +
                        " write the volume " + std::string(name)
                );
            }
        }
    }
    return holds();
}

constexpr std::array<NamedCheck, 3> checks = {{
    {"compose-subnets-are-apart", subnets_are_apart},
    {"compose-ports-are-apart", ports_are_apart},
    {"compose-volumes-have-one-writer", volumes_have_one_writer},
}};

}  // namespace

std::span<const NamedCheck> compose_file_checks() {
    return checks;
}

}  // namespace deployctl::readiness
