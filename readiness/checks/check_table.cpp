// SPDX-License-Identifier: Apache-2.0
// All questions that are code: one line a file of checks.
#include "readiness/check.hpp"
#include "readiness/checks/alert_expressions.hpp"
#include "readiness/checks/alert_routing.hpp"
#include "readiness/checks/alert_rules.hpp"
#include "readiness/checks/monitoring.hpp"
#include "readiness/checks/pipelines.hpp"
#include "readiness/checks/scripts.hpp"

#include <initializer_list>
#include <vector>

namespace deployctl::readiness {

namespace {

std::vector<NamedCheck> joined(std::initializer_list<std::span<const NamedCheck>> tables) {
    std::vector<NamedCheck> all;
    for (const auto table : tables) {
        all.insert(all.end(), table.begin(), table.end());
    }
    return all;
}

}  // namespace

std::span<const NamedCheck> all_checks() {
    static const auto all = joined({
        alert_expression_checks(),
        alert_routing_checks(),
        alert_rule_checks(),
        delivery_checks(),
        monitoring_checks(),
        pipeline_checks(),
        scraping_checks(),
        script_checks(),
    });
    return all;
}

}  // namespace deployctl::readiness
