// SPDX-License-Identifier: Apache-2.0
#include "promotion/cycles.hpp"

#include <algorithm>
#include <set>

namespace deployctl::promotion {

namespace {

/// Depth first; the way down is kept, so that what is met again on it is a cycle.
struct Walk {
    const Needs& needs;
    std::vector<std::string> way{};
    std::set<std::string> done{};
    std::vector<std::string> order{};
    std::vector<std::string> cycle{};

    void visit(const std::string& name) {
        const auto met = std::ranges::find(way, name);
        if (met != way.end() && cycle.empty()) {
            cycle.assign(met, way.end());
            cycle.push_back(name);
        }
        if (!cycle.empty() || done.contains(name)) {
            return;
        }
        way.push_back(name);
        if (const auto found = needs.find(name); found != needs.end()) {
            for (const auto& needed : found->second) {
                visit(needed);
            }
        }
        way.pop_back();
        done.insert(name);
        order.push_back(name);
    }
};

Walk walk(const Needs& needs) {
    Walk walk{needs};
    for (const auto& [name, needed] : needs) {
        walk.visit(name);
    }
    return walk;
}

}  // namespace

std::vector<std::string> find_cycle(const Needs& needs) {
    return walk(needs).cycle;
}

std::vector<std::string> in_order(const Needs& needs) {
    auto order = walk(needs).order;
    std::erase_if(order, [&needs](const std::string& name) { return !needs.contains(name); });
    return order;
}

}  // namespace deployctl::promotion
