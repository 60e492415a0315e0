// SPDX-License-Identifier: Apache-2.0
#include "cli/output/settings_json.hpp"

namespace deployctl::cli {

namespace {

std::vector<std::string> gates_of(
    const Environment& environment, const Configuration& configuration
) {
    if (environment.gates) {
        return *environment.gates;
    }
    const auto& strategies = configuration.strategies;
    switch (environment.strategy.value_or(StrategyKind::canary)) {
        case StrategyKind::canary: return strategies.canary.gates;
        case StrategyKind::blue_green: return strategies.blue_green.gates;
        case StrategyKind::rolling: return strategies.rolling.gates;
    }
    return {};
}

}  // namespace

Value to_value(const std::string& name, const HttpGate& gate) {
    return Value::map({
        {"name", name},
        {"type", "http"},
        {"port", gate.port},
        {"path", gate.path},
        {"expect_status", gate.expect_status},
        {"requests", gate.requests},
        {"max_errors", gate.max_errors},
        {"every", to_text(gate.every)},
        {"timeout", to_text(gate.timeout)},
        {"pass_after", gate.pass_after},
        {"fail_after", gate.fail_after},
        {"on_fail", to_text(gate.on_fail)},
    });
}

Value to_value(const Environment& environment, const Configuration& configuration) {
    const auto gates = gates_of(environment, configuration);
    return Value::map({
        {"name", environment.name},
        {"context", environment.context},
        {"namespace", environment.kube_namespace},
        {"strategy", environment.strategy ? Value(to_text(*environment.strategy)) : Value()},
        {"gates", Value::Array(gates.begin(), gates.end())},
        {"on_failure", to_text(environment.on_failure.value_or(configuration.on_failure))},
        {"protected", environment.is_protected},
    });
}

}  // namespace deployctl::cli
