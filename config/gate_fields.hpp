// SPDX-License-Identifier: Apache-2.0
// Which key of a gate is which field: the part of config/fields.hpp about questions and how often
// they are asked. Pure.
#pragma once

#include "model/gates.hpp"

#include <variant>

namespace deployctl::config {

/// The members of each kind of question; of a constant visitor constant ones.
template <class Visitor>
struct QuestionVisit {
    Visitor& to;

    void operator()(auto& question) const { visit(question, question); }

private:
    template <class Question>
    void visit(Question& http, const HttpQuestion&) const {
        to.leaf("port", http.port);
        to.leaf("path", http.path);
        to.map("expect", [&](Visitor& in) { in.leaf("status", http.expect_status); });
        to.leaf("requests", http.requests);
        to.leaf("max_errors", http.max_errors);
        to.leaf("timeout", http.timeout);
    }

    template <class Question>
    void visit(Question& metric, const MetricQuestion&) const {
        to.leaf("query", metric.query);
        to.leaf("max", metric.max);
        to.leaf("min", metric.min);
        to.leaf("max_increase", metric.max_increase);
    }

    template <class Question>
    void visit(Question& analysis, const AnalysisQuestion&) const {
        to.leaf("errors", analysis.errors);
        to.leaf("total", analysis.total);
        to.leaf("alpha", analysis.alpha);
        to.leaf("max_ratio", analysis.max_ratio);
        to.leaf("max", analysis.max);
        to.leaf("min_samples", analysis.min_samples);
        to.leaf("warm_up", analysis.warm_up);
        to.leaf("buckets", analysis.buckets);
        to.leaf("quantiles", analysis.quantiles);
        to.leaf("edges", analysis.edges);
        to.leaf("max_slow", analysis.max_slow);
    }

    template <class Question>
    void visit(Question& command, const CommandQuestion&) const {
        to.leaf("run", command.run);
        to.leaf("timeout", command.timeout);
    }

    template <class Question>
    void visit(Question& scan, const ScanQuestion&) const {
        to.leaf("file", scan.file);
        to.leaf("max_critical", scan.max_critical);
        to.leaf("max_high", scan.max_high);
        to.leaf("max_medium", scan.max_medium);
        to.leaf("max_low", scan.max_low);
        to.leaf("max_age", scan.max_age);
        to.leaf("vex", scan.vex);
        to.leaf("any_digest", scan.any_digest);
    }

    template <class Question>
    void visit(Question& policy, const PolicyQuestion&) const {
        to.leaf("tool", policy.tool);
        to.leaf("policy", policy.policy);
        to.leaf("namespace", policy.rego_package);
        to.leaf("timeout", policy.timeout);
    }

    template <class Question>
    void visit(Question& image, const ImageQuestion&) const {
        to.leaf("cosign_key", image.cosign_key);
        to.leaf("cosign_identity", image.cosign_identity);
        to.leaf("cosign_issuer", image.cosign_issuer);
        to.leaf("timeout", image.timeout);
    }

    template <class Question>
    void visit(Question& alerts, const AlertsQuestion&) const {
        to.leaf("labels", alerts.labels);
        to.leaf("alertmanager", alerts.alertmanager);
        to.leaf("silenced", alerts.silenced);
        to.leaf("ignore", alerts.ignore);
    }

    template <class Question>
    void visit(Question& tcp, const TcpQuestion&) const {
        to.leaf("address", tcp.address);
        to.leaf("timeout", tcp.timeout);
    }

    template <class Question>
    void visit(Question& grpc, const GrpcQuestion&) const {
        to.leaf("address", grpc.address);
        to.leaf("service", grpc.service);
        to.leaf("tls", grpc.tls);
        to.leaf("ca_file", grpc.ca_file);
        to.leaf("timeout", grpc.timeout);
    }

    template <class Question>
    void visit(Question& trend, const TrendQuestion&) const {
        visit_slope(trend.slope);
    }

    template <class Question>
    void visit(Question& leak, const LeakQuestion&) const {
        visit_slope(leak.slope);
    }

    template <class Question>
    void visit(Question& exhaustion, const ExhaustionQuestion&) const {
        to.leaf("query", exhaustion.query);
        to.leaf("limit", exhaustion.limit);
        to.leaf("limit_query", exhaustion.limit_query);
        to.leaf("within", exhaustion.within);
        visit_window(exhaustion);
    }

    template <class Question>
    void visit(Question& series, const MannWhitneyQuestion&) const {
        to.leaf("query", series.query);
        to.leaf("direction", series.direction);
        to.leaf("tolerance", series.tolerance);
        to.leaf("pass_score", series.pass_score);
        to.leaf("marginal_score", series.marginal_score);
        visit_window(series);
    }

    template <class Question>
    void visit(Question& slo, const SloQuestion&) const {
        to.leaf("errors", slo.errors);
        to.leaf("total", slo.total);
        to.leaf("objective", slo.objective);
    }

    template <class Question>
    void visit(Question& budget, const ErrorBudgetQuestion&) const {
        to.leaf("errors", budget.errors);
        to.leaf("total", budget.total);
        to.leaf("objective", budget.objective);
        to.leaf("window", budget.window);
        to.leaf("min_left", budget.min_left);
    }

    template <class Question>
    void visit(Question& soak, const SoakQuestion&) const {
        to.leaf("env", soak.environment);
        to.leaf("for", soak.length);
    }

    template <class Question>
    void visit(Question& dependency, const DependencyQuestion&) const {
        to.leaf("app", dependency.app);
        to.leaf("env", dependency.environment);
        to.leaf("min_version", dependency.min_version);
        to.leaf("version", dependency.version);
        to.leaf("digest", dependency.digest);
    }

    template <class Question>
    void visit(Question& readiness, const ReadinessQuestion&) const {
        to.leaf("report", readiness.report);
        to.leaf("assess", readiness.assess);
        to.leaf("min_score", readiness.min_score);
        to.leaf("max_drop", readiness.max_drop);
        to.leaf("fail_on", readiness.fail_on);
        to.leaf("max_age", readiness.max_age);
    }

    template <class Question>
    void visit(Question& backup, const BackupAgeQuestion&) const {
        to.leaf("files", backup.files);
        to.leaf("cron_job", backup.cron_job);
        to.leaf("max_age", backup.max_age);
    }

    template <class Question>
    void visit(Question& performance, const PerformanceQuestion&) const {
        to.leaf("report", performance.report);
        to.leaf("max_p50", performance.max_p50);
        to.leaf("max_p95", performance.max_p95);
        to.leaf("max_p99", performance.max_p99);
        to.leaf("max_errors", performance.max_errors);
        to.leaf("baseline", performance.baseline);
        to.leaf("tolerance", performance.tolerance);
        to.leaf("max_age", performance.max_age);
    }

    template <class Question>
    void visit(Question& capacity, const CapacityQuestion&) const {
        to.percent("headroom", capacity.headroom);
        to.unless_zero("max_nodes", capacity.max_nodes);
    }

    template <class Slope>
    void visit_slope(Slope& slope) const {
        to.leaf("query", slope.query);
        to.leaf("max_rise", slope.max_rise);
        to.leaf("alpha", slope.alpha);
        to.leaf("resolution", slope.resolution);
        to.leaf("warm_up", slope.warm_up);
    }

    template <class Question>
    void visit_window(Question& series) const {
        to.leaf("window", series.window);
        to.leaf("resolution", series.resolution);
        to.leaf("warm_up", series.warm_up);
    }
};

template <class Visitor, class Gate>
void visit_gate(Visitor& to, Gate& gate) {
    to.type(gate);
    std::visit(QuestionVisit<Visitor>{to}, gate.question);
    to.leaf("every", gate.policy.every);
    to.leaf("initial_delay", gate.policy.initial_delay);
    to.leaf("pass_after", gate.policy.pass_after);
    to.leaf("fail_after", gate.policy.fail_after);
    to.leaf("on_fail", gate.policy.on_fail);
    to.leaf("on_no_data", gate.policy.on_no_data);
    to.leaf("errors_in_a_row", gate.policy.errors_in_a_row);
    to.leaf("hold_at_most", gate.policy.hold_at_most);
    to.leaf("on_inconclusive", gate.policy.on_inconclusive);
    to.leaf("dry_run", gate.policy.dry_run);
}

}  // namespace deployctl::config
