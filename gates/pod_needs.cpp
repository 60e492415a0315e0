// SPDX-License-Identifier: Apache-2.0
#include "gates/pod_needs.hpp"

#include "analysis/wording.hpp"
#include "model/kubernetes/quantity.hpp"
#include "ports/one_line.hpp"

#include <algorithm>

namespace deployctl::gates {

namespace {

enum class Side { requests, limits };

void read_into(Amounts& amounts, const Value& map, PodNeeds& needs) {
    for (const auto& [name, value] : map.members()) {
        const auto amount = read_quantity(value);
        if (!amount) {
            needs.trouble = "the pods say no amount of " + one_line(name, 60);
        }
        amounts[std::string(name)] = amount.value_or(0);
    }
}

/// Of a container, or of the pod as a whole.
Amounts amounts_in(const Value& resources, Side side, PodNeeds& needs) {
    Amounts amounts;
    read_into(amounts, resources.at("/limits"), needs);
    if (side == Side::requests) {
        read_into(amounts, resources.at("/requests"), needs);
    }
    return amounts;
}

void add(Amounts& sum, const Amounts& more) {
    for (const auto& [name, amount] : more) {
        sum[name] += amount;
    }
}

void raise_to(Amounts& most, const Amounts& other) {
    for (const auto& [name, amount] : other) {
        most[name] = std::max(most[name], amount);
    }
}

bool stays_beside(const Value& init_container) {
    return init_container.at("/restartPolicy") == Value("Always");
}

Amounts amounts_of_pod(const Value& pod_spec, Side side, PodNeeds& needs) {
    Amounts together;
    Amounts before;
    for (const auto& container : pod_spec.items("/initContainers")) {
        const auto amounts = amounts_in(container.at("/resources"), side, needs);
        if (stays_beside(container)) {
            add(together, amounts);
            raise_to(before, together);
            continue;
        }
        auto at_once = together;  // those that were started before it
        add(at_once, amounts);
        raise_to(before, at_once);
    }
    for (const auto& container : pod_spec.items("/containers")) {
        add(together, amounts_in(container.at("/resources"), side, needs));
    }
    raise_to(together, before);
    for (const auto& [name, amount] : amounts_in(pod_spec.at("/resources"), side, needs)) {
        together[name] = amount;
    }
    return together;
}

}  // namespace

PodNeeds needs_of(const Value& pod_spec) {
    PodNeeds needs;
    needs.requests = amounts_of_pod(pod_spec, Side::requests, needs);
    needs.limits = amounts_of_pod(pod_spec, Side::limits, needs);
    Amounts overhead;
    read_into(overhead, pod_spec.at("/overhead"), needs);
    add(needs.requests, overhead);
    for (auto& [name, amount] : needs.limits) {
        amount += amount_of(overhead, name);
    }
    return needs;
}

double amount_of(const Amounts& amounts, const std::string& resource) {
    const auto found = amounts.find(resource);
    return found == amounts.end() ? 0 : found->second;
}

std::string amount_text(const std::string& resource, double amount) {
    constexpr double mebi = 1024.0 * 1024;
    const bool is_bytes = resource.find("memory") != std::string::npos ||
                          resource.find("storage") != std::string::npos;
    return is_bytes ? analysis::short_number(amount / mebi) + "Mi" : analysis::short_number(amount);
}

}  // namespace deployctl::gates
