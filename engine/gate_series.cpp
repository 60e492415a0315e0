// SPDX-License-Identifier: Apache-2.0
#include "engine/gate_series.hpp"

#include <algorithm>

namespace deployctl::engine {

namespace {

void add(std::vector<GateSeries>& all, const std::string& gate, WallTime at, gates::Measured one) {
    auto found = std::ranges::find_if(all, [&](const GateSeries& series) {
        return series.gate == gate && series.what == one.what;
    });
    if (found == all.end()) {
        all.push_back({gate, one.what, one.unit, one.limit, one.bad, {}});
        found = all.end() - 1;
    }
    found->limit = one.limit;
    found->points.push_back({at, one.value});
}

}  // namespace

std::vector<GateSeries> gate_series(const Plan& plan, const std::vector<Event>& events) {
    std::vector<GateSeries> all;
    for (const auto& event : events) {
        const auto entry = read_gate_evaluated(event);
        const auto gate = entry ? plan.gates.find(entry->gate) : plan.gates.end();
        if (gate == plan.gates.end()) {
            continue;
        }
        for (auto& one : gates::measured_in(gate->second.question, entry->verdict.evidence)) {
            add(all, entry->gate, event.at, std::move(one));
        }
    }
    std::ranges::stable_sort(all, {}, &GateSeries::gate);
    return all;
}

}  // namespace deployctl::engine
