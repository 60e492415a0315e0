// SPDX-License-Identifier: Apache-2.0
// Whom firewalls of Google let in.
#include "readiness/checks/terraform.hpp"
#include "readiness/checks/terraform_relations.hpp"
#include "readiness/checks/world_ranges.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace deployctl::readiness {

namespace {

using documents::Node;
using Asked = std::optional<Answer>;

/// Without ranges it is the world, unless something else says who.
Truth lets_world_in(const Node& firewall) {
    const auto& ranges = firewall.at("source_ranges");
    if (ranges.exists()) {
        return is_world(ranges);
    }
    const bool is_narrowed =
        firewall.at("source_tags").exists() || firewall.at("source_service_accounts").exists();
    return is_narrowed ? Truth::no : Truth::yes;
}

Truth has_ports(const Node& protocol) {
    static constexpr std::array<std::string_view, 3> with_logins = {"all", "tcp", "6"};
    if (protocol.is_unknown()) {
        return Truth::unknown;
    }
    const bool has = std::ranges::any_of(with_logins, [&](std::string_view one) {
        return std::ranges::equal(one, protocol.text, {}, {}, [](char c) {
            return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
        });
    });
    return has ? Truth::yes : Truth::no;
}

std::optional<int> number_of(std::string_view text) {
    int number = 0;
    const auto* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    return error == std::errc() && stop == end ? std::optional(number) : std::nullopt;
}

/// "22", "20-30"; anything else is no range that is known.
Truth holds_port(const Node& range, int port) {
    const auto dash = range.text.find('-');
    const auto first = number_of(range.text.substr(0, dash));
    const auto last = dash == range.text.npos ? first : number_of(range.text.substr(dash + 1));
    if (range.is_unknown() || !first || !last) {
        return Truth::unknown;
    }
    return *first <= port && port <= *last ? Truth::yes : Truth::no;
}

/// Without ports it is all of them.
Truth opens(const Node& allow, int port) {
    if (allow.is_unknown()) {
        return Truth::unknown;
    }
    const auto& ports = allow.at("ports");
    Truth any = Truth::no;
    if (!ports.exists() || (ports.is_list() && ports.items.empty())) {
        any = Truth::yes;
    } else if (ports.is_unknown()) {
        any = Truth::unknown;
    }
    for (const auto& range : ports.items) {
        any = either(any, holds_port(range, port));
    }
    return both(has_ports(allow.at("protocol")), any);
}

Asked logins_are_closed(const Subject& subject, const Facts& /*facts*/) {
    const auto& firewall = *subject.node;
    const auto& allows = firewall.at("allow");
    if (firewall.text_at("direction") == "EGRESS" || !allows.exists() ||
        firewall.flag_at("disabled")) {
        return std::nullopt;
    }
    const std::span<const Node> alone(&allows, 1);
    const auto world = lets_world_in(firewall);
    Truth any = Truth::no;
    for (const auto& allow : allows.is_list() ? allows.items : alone) {
        for (const int port : {22, 3389}) {
            const auto open = both(world, opens(allow, port));
            if (open == Truth::yes) {
                return fails_at(
                    allow,
                    "port " + std::to_string(port) + " is open to the world",
                    "ranges of one's own"
                );
            }
            any = either(any, open);
        }
    }
    return any == Truth::no ? holds() : not_known("who is let in is not known here");
}

constexpr std::array<NamedCheck, 1> table = {{
    {"gcp-logins-are-closed", logins_are_closed},
}};

}  // namespace

std::span<const NamedCheck> gcp_network_checks() {
    return table;
}

}  // namespace deployctl::readiness
