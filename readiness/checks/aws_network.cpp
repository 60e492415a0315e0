// SPDX-License-Identifier: Apache-2.0
// Who may come in: security groups, inline and as rules of their own, and network ACLs.
#include "readiness/checks/terraform.hpp"
#include "readiness/checks/terraform_relations.hpp"
#include "readiness/checks/world_ranges.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace deployctl::readiness {

namespace {

using documents::Node;
using Asked = std::optional<Answer>;

Truth is_from_anywhere(const Node& rule) {
    static constexpr std::array<std::string_view, 6> ranges = {
        "cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6", "cidr_block", "ipv6_cidr_block"
    };
    Truth any = Truth::no;
    for (const auto range : ranges) {
        any = either(any, is_world(rule.at(range)));
    }
    return any;
}

std::optional<int> number_of(const Node& node) {
    int number = 0;
    const auto* const end = node.text.data() + node.text.size();
    const auto [stop, error] = std::from_chars(node.text.data(), end, number);
    return node.is_scalar() && error == std::errc() && stop == end ? std::optional(number)
                                                                   : std::nullopt;
}

/// Both ends belong to it.
struct Ports {
    int first;
    int last;
};

/// Of protocols with ports: "tcp", "6", "udp" and so on.
Truth has_ports(const Node& protocol) {
    static constexpr std::array<std::string_view, 4> others = {"icmp", "icmpv6", "1", "58"};
    if (protocol.is_unknown()) {
        return Truth::unknown;
    }
    return std::find(others.begin(), others.end(), protocol.text) == others.end() ? Truth::yes
                                                                                  : Truth::no;
}

/// Whether the rule lets all of `ports` in.
Truth lets_in(const Node& rule, Ports ports) {
    const auto& protocol =
        rule.at(rule.find("ip_protocol") == nullptr ? "protocol" : "ip_protocol");
    if (protocol.text == "-1" || protocol.text == "all") {
        return Truth::yes;
    }
    const auto& from = rule.at("from_port");
    const auto& to = rule.at("to_port");
    if (from.is_unknown() || to.is_unknown()) {
        return both(has_ports(protocol), Truth::unknown);
    }
    const auto first = number_of(from);
    const auto last = number_of(to);
    const bool covers = first && last && *first <= ports.first && ports.last <= *last;
    return both(has_ports(protocol), covers ? Truth::yes : Truth::no);
}

/// A rule of an ACL may deny, and comes with its direction.
Truth is_allowed(const Node& rule) {
    for (const auto* key : {"action", "rule_action"}) {
        const auto& action = rule.at(key);
        if (action.is_unknown()) {
            return Truth::unknown;
        }
        if (action.is_scalar() && action.text != "allow") {
            return Truth::no;
        }
    }
    return rule.flag_at("egress") ? Truth::no : Truth::yes;
}

Truth opens(const Node& rule, Ports ports) {
    if (rule.is_unknown()) {
        return Truth::unknown;
    }
    return both(is_allowed(rule), both(is_from_anywhere(rule), lets_in(rule, ports)));
}

/// Of a group its inline rules; a rule of its own is one.
std::span<const Node> rules_of(const Subject& subject) {
    const auto* const inline_rules = subject.node->find("ingress");
    if (inline_rules == nullptr) {
        return {subject.node, 1};
    }
    return inline_rules->value.is_list() ? inline_rules->value.items
                                         : std::span<const Node>(&inline_rules->value, 1);
}

bool has_rules(const Subject& subject) {
    const bool holds_rules = subject.kind == "tf:aws_security_group" ||
                             subject.kind == "tf:aws_default_security_group" ||
                             subject.kind == "tf:aws_network_acl" ||
                             subject.kind == "tf:aws_default_network_acl";
    return holds_rules ? subject.node->at("ingress").exists()
                       : subject.node->text_at("type", "ingress") == "ingress";
}

Asked ask_ports(const Subject& subject, std::span<const Ports> all) {
    if (!has_rules(subject)) {
        return std::nullopt;
    }
    bool is_known = true;
    for (const auto& rule : rules_of(subject)) {
        for (const auto ports : all) {
            const auto open = opens(rule, ports);
            if (open == Truth::yes) {
                return fails_at(
                    rule,
                    ports.first == ports.last
                        ? "port " + std::to_string(ports.first) + " is open to the world"
                        : "every port is open to the world",
                    "ranges of one's own"
                );
            }
            is_known = is_known && open == Truth::no;
        }
    }
    return is_known ? holds() : not_known("who is let in is not known here");
}

template <int... ports>
Asked is_closed(const Subject& subject, const Facts& /*facts*/) {
    static constexpr std::array<Ports, sizeof...(ports)> all = {{Ports{ports, ports}...}};
    return ask_ports(subject, all);
}

Asked is_not_all_open(const Subject& subject, const Facts& /*facts*/) {
    static constexpr std::array<Ports, 1> all = {{{1024, 65534}}};
    return ask_ports(subject, all);
}

/// Egress to anywhere with every protocol.
Asked egress_is_limited(const Subject& subject, const Facts& /*facts*/) {
    const auto& egress = subject.node->at("egress");
    const bool is_rule = subject.kind != "tf:aws_security_group";
    if (is_rule ? subject.node->text_at("type", "egress") != "egress" : !egress.exists()) {
        return std::nullopt;
    }
    const std::span<const Node> alone(is_rule ? subject.node : &egress, 1);
    bool is_known = true;
    for (const auto& rule : egress.is_list() ? egress.items : alone) {
        const auto open = rule.is_unknown()
                              ? Truth::unknown
                              : both(is_from_anywhere(rule), lets_in(rule, {0, 65535}));
        if (open == Truth::yes) {
            return fails_at(rule, "everything may go anywhere");
        }
        is_known = is_known && open == Truth::no;
    }
    return is_known ? holds() : not_known("where it may go is not known here");
}

/// One that lets nobody in, of the VPC.
Asked default_group_is_closed(const Subject& subject, const Facts& facts) {
    Truth best = Truth::no;
    const auto relatives =
        find_relatives(subject, {"tf:aws_default_security_group", "vpc_id", "id"}, facts);
    for (const auto* group : relatives.those) {
        const auto meant = means(group->node->at("vpc_id"), subject, "id");
        const auto& ingress = group->node->at("ingress");
        const bool is_closed = !ingress.exists() || (ingress.is_list() && ingress.items.empty());
        if (meant == Truth::yes && !is_closed) {
            return ingress.is_unknown() ? not_known("whom it lets in is not known here")
                                        : fails_at(*group->node, "it lets somebody in");
        }
        best = either(best, meant);
    }
    if (best == Truth::yes) {
        return holds();
    }
    return best == Truth::unknown || !relatives.are_all || !is_read_whole(subject)
               ? not_known("of which VPC the default group is, is not known here")
               : fails("there is no aws_default_security_group", "one without rules");
}

constexpr Companion flow_log{"tf:aws_flow_log", "vpc_id", "id"};

constexpr std::array<NamedCheck, 9> table = {{
    {"aws-ssh-is-closed", is_closed<22>},
    {"aws-rdp-is-closed", is_closed<3389>},
    {"aws-admin-is-closed", is_closed<22, 3389, 20, 21>},
    {"aws-data-is-closed",
     is_closed<1433, 1521, 2379, 3306, 5432, 5439, 6379, 9092, 9200, 11211, 27017>},
    {"aws-http-is-closed", is_closed<80>},
    {"aws-not-all-open", is_not_all_open},
    {"aws-egress-is-limited", egress_is_limited},
    {"aws-default-group-is-closed", default_group_is_closed},
    {"aws-vpc-has-flow-log", has_companion<flow_log>},
}};

}  // namespace

std::span<const NamedCheck> aws_network_checks() {
    return table;
}

}  // namespace deployctl::readiness
