// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/kubernetes_network.hpp"

#include "readiness/checks/left_out.hpp"
#include "readiness/inputs/kubernetes_objects.hpp"
#include "readiness/inputs/kubernetes_relations.hpp"
#include "readiness/instances.hpp"
#include "readiness/selectors.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace deployctl::readiness {

namespace {

using documents::Node;
using Policies = std::span<const Subject* const>;

/// Whose policies select pods as well, in words of their own.
constexpr std::array<std::string_view, 5> other_policies = {
    "CiliumNetworkPolicy",
    "CiliumClusterwideNetworkPolicy",
    "GlobalNetworkPolicy",
    "NetworkPolicy.projectcalico.org",
    "NetworkPolicy.crd.projectcalico.org",
};

/// Without policyTypes: Ingress always, Egress where it has rules of it.
bool isolates(const Node& policy, std::string_view direction) {
    const auto& types = policy.at("spec/policyTypes");
    if (!types.exists() || types.items.empty()) {
        return direction == "Ingress" || !policy.at("spec/egress").items.empty();
    }
    return std::any_of(types.items.begin(), types.items.end(), [&](const Node& type) {
        return type.text == direction;
    });
}

/// Nothing where policies do not reach it, or others may that are not read here.
std::optional<Answer> beyond_policies(const Subject& pod, const Facts& facts) {
    for (const auto kind : other_policies) {
        if (!facts.of(kind, *pod.scope).empty()) {
            return not_known("a " + std::string(kind) + " may select it");
        }
    }
    return std::nullopt;
}

bool is_on_host_network(const Subject& pod) {
    return pod.node->flag_at("hostNetwork");
}

template <class Wanted>
std::optional<Answer> some_policy(const Subject& pod, const Facts& facts, Wanted wanted) {
    if (is_on_host_network(pod)) {
        return std::nullopt;
    }
    const auto policies = facts.related(pod, relation::policies);
    const bool any = std::any_of(policies.begin(), policies.end(), [&](const Subject* policy) {
        return wanted(*policy->node);
    });
    if (any) {
        return holds();
    }
    if (auto unknown = ask_left_out("NetworkPolicy", pod, facts)) {
        return unknown;
    }
    if (auto other = beyond_policies(pod, facts)) {
        return other;
    }
    const std::string where(namespace_of(object_of(pod)));
    return fails("no such NetworkPolicy of namespace " + where + " selects it", "one that does");
}

std::optional<Answer> is_selected(const Subject& pod, const Facts& facts) {
    return some_policy(pod, facts, [](const Node& policy) { return isolates(policy, "Ingress"); });
}

std::optional<Answer> is_held_back(const Subject& pod, const Facts& facts) {
    return some_policy(pod, facts, [](const Node& policy) { return isolates(policy, "Egress"); });
}

std::optional<Answer> is_denied_by_default(const Subject& pod, const Facts& facts) {
    return some_policy(pod, facts, [](const Node& policy) {
        return is_empty_selector(policy.at("spec/podSelector")) && isolates(policy, "Ingress") &&
               policy.at("spec/ingress").items.empty();
    });
}

/// Of UDP, or of all protocols; by number, in a range, or by a name that says so.
bool is_for_names(const Node& port) {
    constexpr double dns = 53;
    constexpr double dns_of_some = 5353;
    const auto& given = port.at("port");
    const auto first = number_at(given, {});
    const auto last = number_at(port, "endPort");
    if (port.text_at("protocol", "TCP") != "UDP") {
        return false;
    }
    return !given.exists() || given.text.starts_with("dns") || first == dns ||
           first == dns_of_some || (first && last && *first <= dns && dns <= *last);
}

/// Whoever may not ask for names reaches nothing by name.
bool allows_names(const Node& policy) {
    const auto& rules = policy.at("spec/egress").items;
    return isolates(policy, "Egress") &&
           std::any_of(rules.begin(), rules.end(), [](const Node& rule) {
               const auto& ports = rule.at("ports").items;
               return ports.empty() || std::any_of(ports.begin(), ports.end(), is_for_names);
           });
}

std::optional<Answer> may_ask_for_names(const Subject& pod, const Facts& facts) {
    const auto policies = facts.related(pod, relation::policies);
    const auto holding = std::find_if(policies.begin(), policies.end(), [](const Subject* policy) {
        return isolates(*policy->node, "Egress");
    });
    auto unknown = ask_left_out("NetworkPolicy", pod, facts);
    if (is_on_host_network(pod) || (holding == policies.end() && !unknown)) {
        return std::nullopt;
    }
    const bool any = std::any_of(policies.begin(), policies.end(), [](const Subject* policy) {
        return allows_names(*policy->node);
    });
    if (any || unknown) {
        return any ? holds() : std::move(unknown);
    }
    return fails(
        (*holding)->name + " holds it back, and none of its policies lets DNS through",
        "egress to port 53 of UDP"
    );
}

/// An empty selector is a default for the namespace, whoever comes to live there.
std::optional<Answer> policy_selects_pods(const Subject& policy, const Facts& facts) {
    const auto& selector = policy.node->at("spec/podSelector");
    if (is_empty_selector(selector) || !facts.related(policy, relation::pods).empty()) {
        return holds();
    }
    if (auto unknown = ask_left_out("NetworkPolicy", policy, facts)) {
        return unknown;
    }
    return fails_at(selector, "no pod of its namespace has these labels", "one");
}

Answer no_such_peer(const Node& selector) {
    return fails_at(selector, "no pod of its namespace has these labels", "a pod that is there");
}

/// Peers that have a pod are related with it, in their order: each is compared with the next one.
std::optional<Answer> policy_peers_exist(const Subject& policy, const Facts& facts) {
    auto pods = facts.related(policy, relation::peers);
    bool any = false;
    for (const auto& [rules, peers] : {std::pair("spec/ingress", "from"), {"spec/egress", "to"}}) {
        for (const auto& rule : policy.node->at(rules).items) {
            for (const auto& peer : rule.at(peers).items) {
                const auto& selector = peer.at("podSelector");
                any = any || selector.exists();
                if (!is_peer_of_own_namespace(peer)) {
                    continue;
                }
                if (pods.empty() || !selects(selector, pod_metadata(*pods[0]).at("labels"))) {
                    auto unknown = ask_left_out("NetworkPolicy", policy, facts);
                    return unknown ? std::move(unknown) : no_such_peer(selector);
                }
                pods = pods.subspan(1);
            }
        }
    }
    return any ? holds() : std::optional<Answer>();
}

/// Rules of a direction that policyTypes leaves out are read by nobody.
std::optional<Answer> policy_rules_count(const Subject& policy, const Facts& /*facts*/) {
    for (const auto& [rules, type] :
         {std::pair("spec/ingress", "Ingress"), {"spec/egress", "Egress"}}) {
        const auto& given = policy.node->at(rules);
        if (!given.items.empty() && !isolates(*policy.node, type)) {
            return fails_at(given, std::string("policyTypes is without ") + type, type);
        }
    }
    return holds();
}

/// A port that is named, or a range that is not all of them.
bool narrows(const Node& port) {
    constexpr double last_of_all = 65535;
    const auto first = number_at(port, "port");
    const bool is_all = first && *first <= 1 && number_at(port, "endPort") >= last_of_all;
    return port.at("port").exists() && !is_all;
}

/// Half of all addresses is as good as all of them.
bool is_everybody(const Node& peer) {
    const auto block = peer.text_at("ipBlock/cidr");
    const auto& spaces = peer.at("namespaceSelector");
    const bool every_pod =
        spaces.exists() && is_empty_selector(spaces) && is_empty_selector(peer.at("podSelector"));
    return block.ends_with("/0") || block.ends_with("/1") || every_pod;
}

std::optional<Answer> policy_keeps_some_out(const Subject& policy, const Facts& /*facts*/) {
    for (const auto& rule : policy.node->at("spec/ingress").items) {
        const auto& peers = rule.at("from").items;
        const auto& ports = rule.at("ports").items;
        const bool any_port = ports.empty() || !std::all_of(ports.begin(), ports.end(), narrows);
        const auto everybody = std::find_if(peers.begin(), peers.end(), is_everybody);
        if (any_port && peers.empty()) {
            return fails_at(rule, "a rule of ingress names neither peers nor ports", "either");
        }
        if (any_port && everybody != peers.end()) {
            return fails_at(*everybody, "a peer is everybody, on every port", "peers, or ports");
        }
    }
    return holds();
}

const Subject* service_named(std::string_view name, const Subject& by, const Facts& facts) {
    return named("Service", {namespace_of(*by.node), name}, *by.scope, facts);
}

bool has_port(const Subject& service, std::string_view port) {
    const auto& ports = service.node->at("spec/ports").items;
    return port.empty() || std::any_of(ports.begin(), ports.end(), [&](const Node& one) {
               return one.text_at("port") == port || one.text_at("name") == port;
           });
}

/// A backend of any version of Ingress, or of a route; nothing where it is no Service.
std::optional<Answer> ask_backend(const Node& backend, const Subject& by, const Facts& facts) {
    const auto name =
        backend.text_at("service/name", backend.text_at("serviceName", backend.text_at("name")));
    const auto port = backend.text_at(
        "service/port/number",
        backend.text_at(
            "service/port/name", backend.text_at("servicePort", backend.text_at("port"))
        )
    );
    const bool is_elsewhere = backend.at("namespace").exists();
    if (name.empty() || is_elsewhere || backend.text_at("kind", "Service") != "Service" ||
        port == "use-annotation") {
        return std::nullopt;
    }
    const auto* const service = service_named(name, by, facts);
    if (service == nullptr) {
        return fails_at(backend, "Service " + std::string(name) + " is not here", "a Service");
    }
    return has_port(*service, port)
               ? holds()
               : fails_at(backend, service->name + " has no port " + std::string(port), "its port");
}

void add_backends(const Node& node, std::vector<const Node*>& found) {
    for (const std::string_view key : {"backend", "defaultBackend"}) {
        if (const auto& backend = node.at(key); backend.exists()) {
            found.push_back(&backend);
        }
    }
    for (const auto& backend : node.at("backendRefs").items) {
        found.push_back(&backend);
    }
}

std::optional<Answer> backends_exist(const Subject& ingress, const Facts& facts) {
    const auto& spec = ingress.node->at("spec");
    std::vector<const Node*> backends;
    add_backends(spec, backends);
    for (const auto& rule : spec.at("rules").items) {
        add_backends(rule, backends);
        for (const auto& path : rule.at("http/paths").items) {
            add_backends(path, backends);
        }
    }
    std::optional<Answer> joined;
    for (const auto* backend : backends) {
        if (auto answer = ask_backend(*backend, ingress, facts)) {
            joined = std::move(answer);
            if (joined->holds == Truth::no) {
                return joined;
            }
        }
    }
    return joined;
}

bool covers(std::string_view certified, std::string_view host) {
    const auto dot = host.find('.');
    return certified == host || (certified.starts_with("*.") && dot != host.npos &&
                                 host.substr(dot) == certified.substr(1));
}

/// A list without hosts is for all of them.
std::optional<Answer> hosts_have_certificates(const Subject& ingress, const Facts& /*facts*/) {
    const auto& spec = ingress.node->at("spec");
    const auto& tls = spec.at("tls").items;
    if (tls.empty()) {
        return std::nullopt;
    }
    for (const auto& rule : spec.at("rules").items) {
        const auto host = rule.text_at("host");
        const bool covered =
            host.empty() || std::any_of(tls.begin(), tls.end(), [&](const Node& one) {
                const auto& hosts = one.at("hosts").items;
                return hosts.empty() ||
                       std::any_of(hosts.begin(), hosts.end(), [&](const Node& name) {
                           return covers(name.text, host);
                       });
            });
        if (!covered) {
            return fails_at(rule.at("host"), std::string(host) + " is in no list of tls", "in one");
        }
    }
    return holds();
}

constexpr std::array<NamedCheck, 10> checks = {{
    {"pod-ingress-is-isolated", is_selected},
    {"pod-egress-is-isolated", is_held_back},
    {"pod-is-denied-by-default", is_denied_by_default},
    {"pod-may-ask-for-names", may_ask_for_names},
    {"policy-selects-pods", policy_selects_pods},
    {"policy-peers-exist", policy_peers_exist},
    {"policy-rules-count", policy_rules_count},
    {"policy-keeps-some-out", policy_keeps_some_out},
    {"backends-exist", backends_exist},
    {"hosts-have-certificates", hosts_have_certificates},
}};

}  // namespace

std::span<const NamedCheck> kubernetes_network_checks() {
    return checks;
}

}  // namespace deployctl::readiness
