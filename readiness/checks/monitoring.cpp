// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/monitoring.hpp"

#include "readiness/checks/commands.hpp"
#include "readiness/patterns.hpp"
#include "readiness/promql.hpp"

#include <algorithm>
#include <array>
#include <functional>

namespace deployctl::readiness {

namespace {

using documents::Node;

/// Nothing where the repository has no alerts at all: then another rule speaks.
std::optional<Answer> some_alert(
    const Facts& facts, const std::function<bool(const Subject&)>& is_one, std::string missing
) {
    const auto alerts = facts.of("alert");
    if (alerts.empty()) {
        return std::nullopt;
    }
    for (const auto* alert : alerts) {
        if (is_one(*alert)) {
            auto answer = holds(alert->path);
            answer.confidence = Confidence::heuristic;
            return answer;
        }
    }
    auto answer = fails(std::move(missing));
    answer.confidence = Confidence::heuristic;
    return answer;
}

std::string_view expr_of(const Subject& alert) {
    return alert.node->text_at("expr");
}

std::optional<Answer> watchdog_exists(const Subject& /*repository*/, const Facts& facts) {
    static const RE2 always(R"(^\s*vector\(\s*1\s*\)\s*$)");
    static const RE2 names("(?i)watchdog|dead.?man|heart.?beat");
    return some_alert(
        facts,
        [](const Subject& alert) {
            return is_found(always, expr_of(alert)) || is_found(names, alert.name);
        },
        "no alert fires always, so nobody would notice that none can fire"
    );
}

std::optional<Answer> down_alert_exists(const Subject& /*repository*/, const Facts& facts) {
    static const RE2 down(R"(up\s*(\{[^}]*\})?\s*(==\s*0|<\s*1|!=\s*1)|\babsent(_over_time)?\s*\()"
    );
    return some_alert(
        facts,
        [](const Subject& alert) { return is_found(down, expr_of(alert)); },
        "no alert says that a target is gone"
    );
}

std::optional<Answer> burn_rate_exists(const Subject& /*repository*/, const Facts& facts) {
    static const RE2 names("(?i)burn.?rate|error.?budget|(?-i)SLO");
    static const RE2 factors(R"((?i)\b(14\.4|13\.44)\b|burn.?rate|error.?budget)");
    return some_alert(
        facts,
        [](const Subject& alert) {
            return is_found(names, alert.name) || is_found(factors, expr_of(alert));
        },
        "no alert speaks of an objective or of how fast its budget burns"
    );
}

std::optional<Answer> exhaustion_predicted(const Subject& /*repository*/, const Facts& facts) {
    static const RE2 predicts(R"(\bpredict_linear\s*\(|\bderiv\s*\(|time_to_exhaustion)");
    return some_alert(
        facts,
        [](const Subject& alert) { return is_found(predicts, expr_of(alert)); },
        "no alert foresees that something runs out"
    );
}

struct Signal {
    const char* name;
    const char* pattern;
};

/// As names of metrics usually speak of them.
constexpr std::array<Signal, 4> signals = {{
    {"latency", "(?i)duration|latency|_seconds_bucket|response_time|histogram_quantile"},
    {"errors", "(?i)error|fail|code=~?.?5|status=~?.?5|5xx|_5|grpc_code"},
    {"traffic", "(?i)requests?_(total|count|rate|received)|_requests|rps|throughput|http_.*_total"},
    {"saturation", "(?i)cpu|memory|queue|saturat|limit|capacity|disk|filesystem|throttl|quota|pool"
    },
}};

std::optional<Answer> golden_signals(const Subject& /*repository*/, const Facts& facts) {
    if (facts.of("alert").empty()) {
        return std::nullopt;
    }
    std::string missing;
    for (const auto& [name, pattern] : signals) {
        const RE2 signal(pattern);
        const auto speaks = [&](const Subject* rule) { return is_found(signal, expr_of(*rule)); };
        if (!std::ranges::any_of(facts.of("alert"), speaks) &&
            !std::ranges::any_of(facts.of("recording"), speaks)) {
            missing += (missing.empty() ? "" : ", ") + std::string(name);
        }
    }
    auto answer = missing.empty() ? holds() : fails("no rule watches " + missing);
    answer.confidence = Confidence::heuristic;
    return answer;
}

/// Grafana puts values in for these before Prometheus reads the query.
std::string without_variables(std::string_view query, const char* value) {
    static const RE2 ranged(R"(\[\s*(\$\{?\w+(:\w+)?\}?|\[\[\w+\]\])\s*)");
    static const RE2 known(R"(\$__(rate_interval|interval)\b|\$\{__(rate_interval|interval)\})");
    static const RE2 span(R"(\$__range_s\b|\$__interval_ms\b|\$__range_ms\b)");
    static const RE2 others(R"(\$\{\w+(:\w+)?\}|\[\[\w+\]\]|\$\w+)");
    std::string text(query);
    RE2::GlobalReplace(&text, ranged, "[5m");
    RE2::GlobalReplace(&text, span, "300");
    RE2::GlobalReplace(&text, known, "5m");
    RE2::GlobalReplace(&text, others, value);
    return text;
}

std::optional<Answer> dashboard_queries_parse(const Subject& dashboard, const Facts& /*facts*/) {
    std::optional<Answer> wrong;
    int queries = 0;
    look_through(*dashboard.node, [&](const Node& node) {
        for (const auto& target : node.at("targets").items) {
            const auto& expr = target.at("expr");
            if (!expr.is_scalar() || expr.text.empty()) {
                continue;
            }
            ++queries;
            // A variable may be a name or a number: it is wrong where both are wrong.
            const auto as_name = read_promql(without_variables(expr.text, "variable"));
            const auto as_number = read_promql(without_variables(expr.text, "1"));
            if (as_name.error && as_number.error && !wrong) {
                wrong = fails_at(expr, "a query cannot be read: " + as_name.error->what);
            }
        }
        return !wrong;
    });
    if (wrong) {
        return wrong;
    }
    return queries > 0 ? std::optional(holds()) : std::nullopt;
}

std::optional<Answer> dashboard_asks(const Subject& dashboard, const Facts& /*facts*/) {
    bool asks = false;
    look_through(*dashboard.node, [&](const Node& node) {
        asks = asks || !node.at("targets").items.empty();
        return !asks;
    });
    return asks ? holds() : fails("no panel has a query");
}

std::optional<Answer> alerts_exist(const Subject& /*repository*/, const Facts& facts) {
    if (facts.of("workload").empty() && facts.of("compose-service").empty()) {
        return std::nullopt;
    }
    return facts.of("alert").empty() ? fails("no rule file or PrometheusRule has an alert")
                                     : holds();
}

constexpr std::array<NamedCheck, 8> checks = {{
    {"watchdog-exists", watchdog_exists},
    {"down-alert-exists", down_alert_exists},
    {"burn-rate-exists", burn_rate_exists},
    {"exhaustion-predicted", exhaustion_predicted},
    {"golden-signals", golden_signals},
    {"dashboard-queries-parse", dashboard_queries_parse},
    {"dashboard-asks", dashboard_asks},
    {"alerts-exist", alerts_exist},
}};

}  // namespace

std::span<const NamedCheck> monitoring_checks() {
    return checks;
}

}  // namespace deployctl::readiness
