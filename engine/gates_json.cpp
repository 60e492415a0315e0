// SPDX-License-Identifier: Apache-2.0
#include "engine/gates_json.hpp"

#include "engine/question_json.hpp"
#include "engine/spans.hpp"
#include "model/error.hpp"

#include <utility>

namespace deployctl::engine {

namespace {

/// Those that came later, where they say something.
void write_later_rules(const GatePolicy& policy, Value& into) {
    const GatePolicy usual;
    if (policy.initial_delay != usual.initial_delay) {
        into.set("/initial_delay_microseconds", policy.initial_delay.count());
    }
    if (policy.on_no_data != usual.on_no_data) {
        into.set("/on_no_data", to_text(policy.on_no_data));
    }
    if (policy.errors_in_a_row != usual.errors_in_a_row) {
        into.set("/errors_in_a_row", policy.errors_in_a_row);
    }
    if (policy.hold_at_most != usual.hold_at_most) {
        into.set("/hold_at_most_microseconds", policy.hold_at_most.count());
    }
    if (policy.on_inconclusive != usual.on_inconclusive) {
        into.set("/on_inconclusive", to_text(policy.on_inconclusive));
    }
    if (policy.dry_run) {
        into.set("/dry_run", true);
    }
}

Value gate_value(const GateSettings& gate) {
    auto value = Value::map({
        {"type", type_of(gate.question)},
        {"every_microseconds", gate.policy.every.count()},
        {"pass_after", gate.policy.pass_after},
        {"fail_after", gate.policy.fail_after},
        {"on_fail", to_text(gate.policy.on_fail)},
    });
    if (const std::string method = method_of(gate.question); !method.empty()) {
        value.set("/method", method);
    }
    write_question(gate.question, value);
    write_later_rules(gate.policy, value);
    return value;
}

GateSettings read_gate(const Value& value) {
    const auto type = value.text("/type", "http");
    const auto method = value.text("/method");
    auto gate = gate_of(type, method);
    if (!gate) {
        throw Error(
            ExitCode::state_unreadable,
            "the plan has a gate of type `" + type + (method.empty() ? "" : "/" + method) +
                "` that this deployctl does not know",
            "use the deployctl that began the rollout, or a newer one"
        );
    }
    auto& policy = gate->policy;
    const GatePolicy usual;
    policy.every = read_span(value, "/every_microseconds", usual.every);
    policy.initial_delay = read_span(value, "/initial_delay_microseconds", usual.initial_delay);
    policy.pass_after = read_int(value, "/pass_after");
    policy.fail_after = read_int(value, "/fail_after");
    policy.on_fail = read_on_gate_fail(value.text("/on_fail")).value_or(usual.on_fail);
    policy.on_no_data = read_on_no_data(value.text("/on_no_data")).value_or(usual.on_no_data);
    policy.errors_in_a_row = read_int(value, "/errors_in_a_row", usual.errors_in_a_row);
    policy.hold_at_most = read_span(value, "/hold_at_most_microseconds", usual.hold_at_most);
    policy.on_inconclusive =
        read_on_inconclusive(value.text("/on_inconclusive")).value_or(usual.on_inconclusive);
    policy.dry_run = value.flag("/dry_run");
    read_question(value, gate->question);
    return std::move(*gate);
}

}  // namespace

Value gates_value(const GatesByName& gates) {
    Value::Object map;
    for (const auto& [name, gate] : gates) {
        map[name] = gate_value(gate);
    }
    return map;
}

GatesByName read_gates(const Value& value) {
    GatesByName gates;
    for (const auto& [name, gate] : value.members()) {
        gates[name] = read_gate(gate);
    }
    return gates;
}

Value metrics_value(const MetricsSource& source) {
    auto value = Value::map({
        {"url", source.url},
        {"token_file", source.token_file},
        {"username", source.username},
        {"password_file", source.password_file},
        {"ca_file", source.ca_file},
        {"cert_file", source.cert_file},
        {"key_file", source.key_file},
        {"headers", texts_value(source.headers)},
        {"timeout_microseconds", source.timeout.count()},
        {"retries", source.retries},
    });
    if (!source.run.empty()) {
        value.set("/run", lines_value(source.run));
    }
    return value;
}

MetricsSource read_metrics(const Value& value) {
    MetricsSource source;
    source.url = value.text("/url");
    source.token_file = value.text("/token_file");
    source.username = value.text("/username");
    source.password_file = value.text("/password_file");
    source.ca_file = value.text("/ca_file");
    source.cert_file = value.text("/cert_file");
    source.key_file = value.text("/key_file");
    source.headers = read_texts(value.at("/headers"));
    source.timeout = read_span(value, "/timeout_microseconds", source.timeout);
    source.retries = read_int(value, "/retries", source.retries);
    source.run = read_lines(value.at("/run"));
    return source;
}

}  // namespace deployctl::engine
