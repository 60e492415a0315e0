// SPDX-License-Identifier: Apache-2.0
#include "engine/gates_json.hpp"

#include "model/error.hpp"
#include "model/object_of.hpp"

#include <utility>

namespace deployctl::engine {

namespace {

std::optional<double> maybe_number(const Value& value, const Pointer& place) {
    const auto& found = value.at(place);
    return found.is_null() ? std::nullopt : std::optional(found.real(""));
}

std::optional<int> maybe_count(const Value& value, const Pointer& place) {
    return value.at(place).is_null() ? std::nullopt : std::optional(read_int(value, place));
}

Duration read_span(const Value& value, const Pointer& place, Duration usual) {
    return Duration(value.number(place, usual.count()));
}

/// One question's own members.
struct Writer {
    Value& into;

    void operator()(const HttpQuestion& question) const {
        into.set("/port", question.port);
        into.set("/path", question.path);
        into.set("/expect_status", question.expect_status);
        into.set("/requests", question.requests);
        into.set("/max_errors", question.max_errors);
        into.set("/timeout_microseconds", question.timeout.count());
    }

    void operator()(const MetricQuestion& question) const {
        into.set("/query", question.query);
        into.set("/max", number_or_null(question.max));
        into.set("/min", number_or_null(question.min));
        into.set("/max_increase", number_or_null(question.max_increase));
    }

    void operator()(const AnalysisQuestion& question) const {
        into.set("/errors", question.errors);
        into.set("/total", question.total);
        into.set("/alpha", question.alpha);
        into.set("/max_ratio", question.max_ratio);
        into.set("/max", question.max);
        into.set("/min_samples", question.min_samples);
        into.set("/warm_up_microseconds", question.warm_up.count());
    }

    void operator()(const CommandQuestion& question) const {
        into.set("/run", Value::Array(question.run.begin(), question.run.end()));
        into.set("/timeout_microseconds", question.timeout.count());
        into.set("/script_hash", question.script_hash);
    }

    void operator()(const ScanQuestion& question) const {
        into.set("/file", question.file);
        into.set("/max_critical", question.max_critical);
        into.set("/max_high", question.max_high);
        into.set("/max_medium", count_or_null(question.max_medium));
        into.set("/max_low", count_or_null(question.max_low));
        into.set("/max_age_microseconds", question.max_age.count());
        into.set("/vex", question.vex);
        into.set("/any_digest", question.any_digest);
    }

    void operator()(const PolicyQuestion& question) const {
        into.set("/tool", to_text(question.tool));
        into.set("/policy", question.policy);
        into.set("/namespace", question.rego_package);
        into.set("/timeout_microseconds", question.timeout.count());
    }

    void operator()(const ImageQuestion& question) const {
        into.set("/cosign_key", question.cosign_key);
        into.set("/cosign_identity", question.cosign_identity);
        into.set("/cosign_issuer", question.cosign_issuer);
        into.set("/timeout_microseconds", question.timeout.count());
    }
};

struct Reader {
    const Value& from;

    void operator()(HttpQuestion& question) const {
        question.port = read_int(from, "/port");
        question.path = from.text("/path");
        question.expect_status = read_int(from, "/expect_status");
        question.requests = read_int(from, "/requests");
        question.max_errors = from.real("/max_errors");
        question.timeout = read_span(from, "/timeout_microseconds", question.timeout);
    }

    void operator()(MetricQuestion& question) const {
        question.query = from.text("/query");
        question.max = maybe_number(from, "/max");
        question.min = maybe_number(from, "/min");
        question.max_increase = maybe_number(from, "/max_increase");
    }

    void operator()(AnalysisQuestion& question) const {
        question.errors = from.text("/errors");
        question.total = from.text("/total");
        question.alpha = from.real("/alpha", question.alpha);
        question.max_ratio = from.real("/max_ratio", question.max_ratio);
        question.max = from.real("/max", question.max);
        question.min_samples = read_int(from, "/min_samples", question.min_samples);
        question.warm_up = read_span(from, "/warm_up_microseconds", question.warm_up);
    }

    void operator()(CommandQuestion& question) const {
        for (const auto& word : from.at("/run").items()) {
            question.run.push_back(word.text(""));
        }
        question.timeout = read_span(from, "/timeout_microseconds", question.timeout);
        question.script_hash = from.text("/script_hash");
    }

    void operator()(ScanQuestion& question) const {
        question.file = from.text("/file");
        question.max_critical = read_int(from, "/max_critical");
        question.max_high = read_int(from, "/max_high");
        question.max_medium = maybe_count(from, "/max_medium");
        question.max_low = maybe_count(from, "/max_low");
        question.max_age = read_span(from, "/max_age_microseconds", question.max_age);
        question.vex = from.text("/vex");
        question.any_digest = from.flag("/any_digest");
    }

    void operator()(PolicyQuestion& question) const {
        question.tool = read_policy_tool(from.text("/tool")).value_or(question.tool);
        question.policy = from.text("/policy");
        question.rego_package = from.text("/namespace", question.rego_package);
        question.timeout = read_span(from, "/timeout_microseconds", question.timeout);
    }

    void operator()(ImageQuestion& question) const {
        question.cosign_key = from.text("/cosign_key");
        question.cosign_identity = from.text("/cosign_identity");
        question.cosign_issuer = from.text("/cosign_issuer");
        question.timeout = read_span(from, "/timeout_microseconds", question.timeout);
    }
};

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
    std::visit(Writer{value}, gate.question);
    write_later_rules(gate.policy, value);
    return value;
}

GateSettings read_gate(const Value& value) {
    const auto type = value.text("/type", "http");
    auto gate = gate_of_type(type);
    if (!gate) {
        throw Error(
            ExitCode::state_unreadable,
            "the plan has a gate of type `" + type + "` that this deployctl does not know",
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
    std::visit(Reader{value}, gate->question);
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
    Value::Object headers;
    for (const auto& [name, text] : source.headers) {
        headers[name] = text;
    }
    return Value::map({
        {"url", source.url},
        {"token_file", source.token_file},
        {"username", source.username},
        {"password_file", source.password_file},
        {"ca_file", source.ca_file},
        {"cert_file", source.cert_file},
        {"key_file", source.key_file},
        {"headers", std::move(headers)},
        {"timeout_microseconds", source.timeout.count()},
        {"retries", source.retries},
    });
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
    for (const auto& [name, text] : value.at("/headers").members()) {
        source.headers[name] = text.text("");
    }
    source.timeout = read_span(value, "/timeout_microseconds", source.timeout);
    source.retries = read_int(value, "/retries", source.retries);
    return source;
}

}  // namespace deployctl::engine
