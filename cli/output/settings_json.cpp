// SPDX-License-Identifier: Apache-2.0
#include "cli/output/settings_json.hpp"

#include "model/text.hpp"

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

namespace {

std::vector<std::string> texts_of(const std::vector<FindingSeverity>& severities) {
    std::vector<std::string> texts;
    for (const auto severity : severities) {
        texts.emplace_back(to_text(severity));
    }
    return texts;
}

Value span_or_null(const std::optional<Duration>& span) {
    return span ? Value(to_text(*span)) : Value();
}

/// The members of one kind of question, in the words of the configuration.
struct QuestionWriter {
    Value& into;

    void operator()(const HttpQuestion& http) const {
        into.set("/port", http.port);
        into.set("/path", http.path);
        into.set("/expect_status", http.expect_status);
        into.set("/requests", http.requests);
        into.set("/max_errors", http.max_errors);
        into.set("/timeout", to_text(http.timeout));
    }

    void operator()(const MetricQuestion& metric) const {
        into.set("/query", metric.query);
        into.set("/max", number_or_null(metric.max));
        into.set("/min", number_or_null(metric.min));
        into.set("/max_increase", number_or_null(metric.max_increase));
    }

    void operator()(const AnalysisQuestion& analysis) const {
        into.set("/errors", analysis.errors);
        into.set("/total", analysis.total);
        into.set("/alpha", analysis.alpha);
        into.set("/max_ratio", analysis.max_ratio);
        into.set("/max", analysis.max);
        into.set("/min_samples", analysis.min_samples);
        into.set("/warm_up", to_text(analysis.warm_up));
        into.set("/buckets", analysis.buckets);
        into.set("/quantiles", Value::Array(analysis.quantiles.begin(), analysis.quantiles.end()));
        into.set("/edges", Value::Array(analysis.edges.begin(), analysis.edges.end()));
        into.set("/max_slow", analysis.max_slow);
    }

    void operator()(const CommandQuestion& command) const {
        into.set("/run", lines_value(command.run));
        into.set("/timeout", to_text(command.timeout));
    }

    void operator()(const ScanQuestion& scan) const {
        into.set("/file", scan.file);
        into.set("/max_critical", scan.max_critical);
        into.set("/max_high", scan.max_high);
        into.set("/max_medium", count_or_null(scan.max_medium));
        into.set("/max_low", count_or_null(scan.max_low));
        into.set("/max_age", to_text(scan.max_age));
        into.set("/vex", scan.vex);
        into.set("/any_digest", scan.any_digest);
    }

    void operator()(const PolicyQuestion& policy) const {
        into.set("/tool", to_text(policy.tool));
        into.set("/policy", policy.policy);
        into.set("/namespace", policy.rego_package);
        into.set("/timeout", to_text(policy.timeout));
    }

    void operator()(const ImageQuestion& image) const {
        into.set("/cosign_key", image.cosign_key);
        into.set("/cosign_identity", image.cosign_identity);
        into.set("/cosign_issuer", image.cosign_issuer);
        into.set("/timeout", to_text(image.timeout));
    }

    void operator()(const AlertsQuestion& alerts) const {
        into.set("/labels", texts_value(alerts.labels));
        into.set("/alertmanager", alerts.alertmanager);
        into.set("/silenced", to_text(alerts.silenced));
        into.set("/ignore", lines_value(alerts.ignore));
    }

    void operator()(const TcpQuestion& tcp) const {
        into.set("/address", tcp.address);
        into.set("/timeout", to_text(tcp.timeout));
    }

    void operator()(const GrpcQuestion& grpc) const {
        into.set("/address", grpc.address);
        into.set("/service", grpc.service);
        into.set("/tls", grpc.tls);
        into.set("/ca_file", grpc.ca_file);
        into.set("/timeout", to_text(grpc.timeout));
    }

    void operator()(const TrendQuestion& trend) const { write(trend.slope); }

    void operator()(const LeakQuestion& leak) const { write(leak.slope); }

    void operator()(const ExhaustionQuestion& exhaustion) const {
        into.set("/query", exhaustion.query);
        into.set("/limit", number_or_null(exhaustion.limit));
        into.set("/limit_query", exhaustion.limit_query);
        into.set("/within", to_text(exhaustion.within));
        write_window(exhaustion);
    }

    void operator()(const MannWhitneyQuestion& series) const {
        into.set("/query", series.query);
        into.set("/direction", to_text(series.direction));
        into.set("/tolerance", series.tolerance);
        into.set("/pass_score", series.pass_score);
        into.set("/marginal_score", series.marginal_score);
        write_window(series);
    }

    void operator()(const SloQuestion& slo) const {
        into.set("/errors", slo.errors);
        into.set("/total", slo.total);
        into.set("/objective", slo.objective);
    }

    void operator()(const ErrorBudgetQuestion& budget) const {
        into.set("/errors", budget.errors);
        into.set("/total", budget.total);
        into.set("/objective", budget.objective);
        into.set("/window", to_text(budget.window));
        into.set("/min_left", budget.min_left);
    }

    void operator()(const SoakQuestion& soak) const {
        into.set("/env", soak.environment);
        into.set("/for", to_text(soak.length));
    }

    void operator()(const DependencyQuestion& dependency) const {
        into.set("/app", dependency.app);
        into.set("/env", dependency.environment);
        into.set("/min_version", dependency.min_version);
        into.set("/version", dependency.version);
        into.set("/digest", dependency.digest);
    }

    void operator()(const ReadinessQuestion& readiness) const {
        into.set("/report", readiness.report);
        into.set("/assess", readiness.assess);
        into.set("/min_score", readiness.min_score);
        into.set("/max_drop", number_or_null(readiness.max_drop));
        into.set("/fail_on", lines_value(texts_of(readiness.fail_on)));
        into.set("/max_age", to_text(readiness.max_age));
    }

    void operator()(const BackupAgeQuestion& backup) const {
        into.set("/files", backup.files);
        into.set("/cron_job", backup.cron_job);
        into.set("/max_age", to_text(backup.max_age));
    }

    void operator()(const PerformanceQuestion& performance) const {
        into.set("/report", performance.report);
        into.set("/max_p50", span_or_null(performance.max_p50));
        into.set("/max_p95", span_or_null(performance.max_p95));
        into.set("/max_p99", span_or_null(performance.max_p99));
        into.set("/max_errors", performance.max_errors);
        into.set("/baseline", performance.baseline);
        into.set("/tolerance", performance.tolerance);
        into.set("/max_age", to_text(performance.max_age));
    }

    void operator()(const CapacityQuestion& capacity) const {
        into.set("/headroom", std::to_string(capacity.headroom) + "%");
        into.set("/max_nodes", capacity.max_nodes > 0 ? Value(capacity.max_nodes) : Value());
    }

private:
    void write(const SlopeSettings& slope) const {
        into.set("/query", slope.query);
        into.set("/max_rise", slope.max_rise);
        into.set("/alpha", slope.alpha);
        into.set("/resolution", to_text(slope.resolution));
        into.set("/warm_up", to_text(slope.warm_up));
    }

    void write_window(const auto& series) const {
        into.set("/window", span_or_null(series.window));
        into.set("/resolution", to_text(series.resolution));
        into.set("/warm_up", to_text(series.warm_up));
    }
};

struct QuestionTeller {
    std::string operator()(const HttpQuestion& http) const {
        return "GET " + http.path + ", " + count_of(http.requests, "request") + ", expects HTTP " +
               std::to_string(http.expect_status);
    }

    std::string operator()(const MetricQuestion& metric) const { return metric.query; }

    std::string operator()(const AnalysisQuestion& analysis) const {
        const auto errors =
            analysis.errors.empty() ? "" : analysis.errors + " of " + analysis.total;
        const auto* between = errors.empty() || analysis.buckets.empty() ? "" : ", ";
        return errors + between + analysis.buckets;
    }

    std::string operator()(const CommandQuestion& command) const { return join(command.run, " "); }

    std::string operator()(const ScanQuestion& scan) const { return scan.file; }

    std::string operator()(const PolicyQuestion& policy) const {
        return to_text(policy.tool) + (" of " + policy.policy);
    }

    std::string operator()(const ImageQuestion& image) const {
        const auto& signer = image.cosign_key.empty() ? image.cosign_identity : image.cosign_key;
        return signer.empty() ? "the registry" : "the registry, and cosign for " + signer;
    }

    std::string operator()(const AlertsQuestion& alerts) const {
        std::vector<std::string> labels;
        for (const auto& [label, text] : alerts.labels) {
            labels.push_back(label + "=" + text);
        }
        const auto& whom = alerts.alertmanager;
        return "alerts with " + join(labels, ", ") + (whom.empty() ? "" : " of " + whom);
    }

    std::string operator()(const TcpQuestion& tcp) const { return "connects to " + tcp.address; }

    std::string operator()(const GrpcQuestion& grpc) const {
        return "gRPC health of " + grpc.address +
               (grpc.service.empty() ? "" : ", service " + grpc.service);
    }

    std::string operator()(const TrendQuestion& trend) const { return trend.slope.query; }

    std::string operator()(const LeakQuestion& leak) const { return leak.slope.query; }

    std::string operator()(const ExhaustionQuestion& exhaustion) const { return exhaustion.query; }

    std::string operator()(const MannWhitneyQuestion& series) const { return series.query; }

    std::string operator()(const SloQuestion& slo) const { return slo.errors + " of " + slo.total; }

    std::string operator()(const ErrorBudgetQuestion& budget) const {
        return budget.errors + " of " + budget.total;
    }

    std::string operator()(const SoakQuestion& soak) const {
        return to_text(soak.length) + " in " + soak.environment;
    }

    std::string operator()(const DependencyQuestion& dependency) const {
        return dependency.app + " in " + dependency.environment + ", " +
               (dependency.min_version.empty() ? "" : "at least " + dependency.min_version) +
               dependency.version + dependency.digest;
    }

    std::string operator()(const ReadinessQuestion& readiness) const {
        return readiness.report.empty() ? "assess " + readiness.assess : readiness.report;
    }

    std::string operator()(const BackupAgeQuestion& backup) const {
        return backup.cron_job.empty() ? backup.files : "CronJob/" + backup.cron_job;
    }

    std::string operator()(const PerformanceQuestion& performance) const {
        return performance.report;
    }

    std::string operator()(const CapacityQuestion&) const {
        return "quotas, the autoscaler and nodes";
    }
};

}  // namespace

namespace {

/// Null where the environment is one cluster.
Value waves_value(const WaveSettings& waves) {
    if (waves.clusters.empty()) {
        return {};
    }
    Value::Array clusters;
    for (const auto& cluster : waves.clusters) {
        const auto& there = cluster.kube_namespace;
        clusters.push_back(Value::map(
            {{"name", cluster.name},
             {"context", cluster.context},
             {"namespace", there.empty() ? Value() : Value(there)}}
        ));
    }
    Value::Array order;
    for (const auto& wave : waves.order) {
        order.push_back(lines_value(wave));
    }
    return Value::map(
        {{"clusters", std::move(clusters)},
         {"order", std::move(order)},
         {"soak", to_text(waves.soak)},
         {"on_failure", to_text(waves.on_failure)}}
    );
}

}  // namespace

std::string told(const GateQuestion& question) {
    return std::visit(QuestionTeller{}, question);
}

Value to_value(const std::string& name, const GateSettings& gate) {
    const auto& policy = gate.policy;
    auto value = Value::map({
        {"name", name},
        {"type", type_of(gate.question)},
        {"every", to_text(policy.every)},
        {"initial_delay", to_text(policy.initial_delay)},
        {"pass_after", policy.pass_after},
        {"fail_after", policy.fail_after},
        {"on_fail", to_text(policy.on_fail)},
        {"on_no_data", to_text(policy.on_no_data)},
        {"errors_in_a_row", policy.errors_in_a_row},
        {"hold_at_most", to_text(policy.hold_at_most)},
        {"on_inconclusive", to_text(policy.on_inconclusive)},
        {"dry_run", policy.dry_run},
    });
    if (const std::string method = method_of(gate.question); !method.empty()) {
        value.set("/method", method);
    }
    std::visit(QuestionWriter{value}, gate.question);
    return value;
}

Value to_value(const Environment& environment, const Configuration& configuration) {
    const auto gates = gates_of(environment, configuration);
    const auto preflight = environment.preflight.value_or(std::vector<std::string>());
    return Value::map({
        {"name", environment.name},
        {"context", environment.context},
        {"namespace", environment.kube_namespace},
        {"strategy", environment.strategy ? Value(to_text(*environment.strategy)) : Value()},
        {"gates", Value::Array(gates.begin(), gates.end())},
        {"preflight", Value::Array(preflight.begin(), preflight.end())},
        {"approval", environment.approval.empty() ? Value() : Value(environment.approval)},
        {"on_failure", to_text(environment.on_failure.value_or(configuration.on_failure))},
        {"protected", environment.is_protected},
        {"replicas", count_or_null(environment.replicas)},
        {"waves", waves_value(environment.waves)},
        {"follows", environment.follows.empty() ? Value() : Value(environment.follows)},
        {"max_lag", span_or_null(environment.max_lag)},
    });
}

}  // namespace deployctl::cli
