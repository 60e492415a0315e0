// SPDX-License-Identifier: Apache-2.0
#include "model/gates.hpp"

#include "model/named.hpp"

#include <array>
#include <utility>

namespace deployctl {

namespace {

/// In the order of GateQuestion's alternatives.
constexpr std::array<GateKind, 22> kinds{{
    {"http", ""},
    {"metric", ""},
    {"analysis", "sequential"},
    {"command", ""},
    {"alerts", ""},
    {"tcp", ""},
    {"grpc", ""},
    {"analysis", "trend"},
    {"analysis", "leak"},
    {"analysis", "exhaustion"},
    {"analysis", "mann-whitney"},
    {"analysis", "slo"},
    {"error-budget", ""},
    {"scan", ""},
    {"policy", ""},
    {"image", ""},
    {"soak", ""},
    {"dependency", ""},
    {"readiness", ""},
    {"backup-age", ""},
    {"performance", ""},
    {"capacity", ""},
}};

template <class Question>
GateSettings usual(Duration every = GatePolicy().every, int fail_after = GatePolicy().fail_after) {
    GateSettings gate;
    gate.question = Question{};
    gate.policy.every = every;
    gate.policy.fail_after = fail_after;
    return gate;
}

}  // namespace

const char* to_text(OnGateFail policy) {
    switch (policy) {
        case OnGateFail::rollback: return "rollback";
        case OnGateFail::hold: return "hold";
        case OnGateFail::notify: return "notify";
    }
    return "";
}

const char* to_text(OnNoData policy) {
    return policy == OnNoData::hold ? "hold" : "fail";
}

const char* to_text(OnInconclusive policy) {
    switch (policy) {
        case OnInconclusive::pause: return "pause";
        case OnInconclusive::pass: return "pass";
        case OnInconclusive::rollback: return "rollback";
    }
    return "";
}

std::optional<OnGateFail> read_on_gate_fail(std::string_view text) {
    return read_name(text, std::array{OnGateFail::rollback, OnGateFail::hold, OnGateFail::notify});
}

std::optional<OnNoData> read_on_no_data(std::string_view text) {
    return read_name(text, std::array{OnNoData::hold, OnNoData::fail});
}

std::optional<OnInconclusive> read_on_inconclusive(std::string_view text) {
    constexpr std::string_view extend = "extend";
    constexpr std::array all{OnInconclusive::pause, OnInconclusive::pass, OnInconclusive::rollback};
    return text == extend ? OnInconclusive::pause : read_name(text, all);
}

const char* to_text(SilencedAlerts silenced) {
    return silenced == SilencedAlerts::ignore ? "ignore" : "count";
}

std::optional<SilencedAlerts> read_silenced_alerts(std::string_view text) {
    return read_name(text, std::array{SilencedAlerts::ignore, SilencedAlerts::count});
}

std::span<const GateKind> gate_kinds() {
    return kinds;
}

const char* type_of(const GateQuestion& question) {
    static_assert(kinds.size() == std::variant_size_v<GateQuestion>);
    return kinds.at(question.index()).type;
}

const char* method_of(const GateQuestion& question) {
    return kinds.at(question.index()).method;
}

namespace {

/// Made once: a file may have very many gates. Where one answer proves as much as three, the first
/// that is bad counts: a test over all that was seen, an alert that has waited by itself, a program
/// that can ask again by itself, what lies there and does not change.
const std::vector<GateSettings>& usual_gates() {
    constexpr Duration now_and_then = seconds(30);
    static const std::vector<GateSettings> all{
        usual<HttpQuestion>(),
        usual<MetricQuestion>(now_and_then),
        usual<AnalysisQuestion>(GatePolicy().every, 1),
        usual<CommandQuestion>(now_and_then, 1),
        usual<AlertsQuestion>(now_and_then, 1),
        usual<TcpQuestion>(),
        usual<GrpcQuestion>(),
        usual<TrendQuestion>(now_and_then, 1),
        usual<LeakQuestion>(now_and_then, 1),
        usual<ExhaustionQuestion>(now_and_then, 3),
        usual<MannWhitneyQuestion>(now_and_then, 3),
        usual<SloQuestion>(now_and_then, 1),
        usual<ErrorBudgetQuestion>(now_and_then, 1),
        usual<ScanQuestion>(minutes(1), 1),
        usual<PolicyQuestion>(minutes(1), 1),
        usual<ImageQuestion>(minutes(1), 1),
        usual<SoakQuestion>(minutes(1), 1),
        usual<DependencyQuestion>(minutes(1), 1),
        usual<ReadinessQuestion>(minutes(1), 1),
        usual<BackupAgeQuestion>(minutes(1), 1),
        usual<PerformanceQuestion>(minutes(1), 1),
        usual<CapacityQuestion>(minutes(1), 1),
    };
    return all;
}

}  // namespace

std::optional<GateSettings> gate_of(std::string_view type, std::string_view method) {
    for (const auto& gate : usual_gates()) {
        const bool is_method = method.empty() || method == method_of(gate.question);
        if (type == type_of(gate.question) && is_method) {
            return gate;
        }
    }
    return std::nullopt;
}

std::vector<double> quantiles_of(const AnalysisQuestion& question) {
    const bool is_said = !question.quantiles.empty() || !question.edges.empty();
    return is_said ? question.quantiles : std::vector{0.9, 0.99};
}

int tests_in(const GateQuestion& question) {
    const auto* analysis = std::get_if<AnalysisQuestion>(&question);
    if (analysis == nullptr) {
        auto copy = question;
        return alpha_of(copy) == nullptr ? 0 : 1;
    }
    const auto edges = quantiles_of(*analysis).size() + analysis->edges.size();
    return (analysis->errors.empty() ? 0 : 1) +
           (analysis->buckets.empty() ? 0 : static_cast<int>(edges));
}

double* alpha_of(GateQuestion& question) {
    if (auto* analysis = std::get_if<AnalysisQuestion>(&question)) {
        return &analysis->alpha;
    }
    if (auto* trend = std::get_if<TrendQuestion>(&question)) {
        return &trend->slope.alpha;
    }
    auto* leak = std::get_if<LeakQuestion>(&question);
    return leak == nullptr ? nullptr : &leak->slope.alpha;
}

namespace {

template <class... Questions>
bool is_one_of(const GateQuestion& question) {
    return (std::holds_alternative<Questions>(question) || ...);
}

bool is_about_artifacts(const GateQuestion& question) {
    return is_one_of<ScanQuestion, PolicyQuestion, ImageQuestion>(question);
}

/// Of the journal, of reports and backups, and of the cluster as it is.
bool is_about_records(const GateQuestion& question) {
    return is_one_of<
        SoakQuestion,
        DependencyQuestion,
        ReadinessQuestion,
        BackupAgeQuestion,
        PerformanceQuestion,
        CapacityQuestion>(question);
}

/// Of the service as a whole where its counters are not told apart by pods.
bool is_of_service(const std::string& errors, const std::string& total) {
    constexpr std::string_view pods = "${pods}";
    return errors.find(pods) == std::string::npos && total.find(pods) == std::string::npos;
}

bool is_of_service(const GateQuestion& question) {
    if (const auto* slo = std::get_if<SloQuestion>(&question)) {
        return is_of_service(slo->errors, slo->total);
    }
    const auto* budget = std::get_if<ErrorBudgetQuestion>(&question);
    return budget != nullptr && is_of_service(budget->errors, budget->total);
}

}  // namespace

bool asks_metrics(const GateQuestion& question) {
    if (const auto* alerts = std::get_if<AlertsQuestion>(&question)) {
        return alerts->alertmanager.empty();
    }
    return !is_one_of<HttpQuestion, CommandQuestion, TcpQuestion, GrpcQuestion>(question) &&
           !is_about_artifacts(question) && !is_about_records(question);
}

bool asks_about_pods(const GateQuestion& question) {
    return !is_one_of<CommandQuestion, AlertsQuestion, TcpQuestion, GrpcQuestion>(question) &&
           !is_about_artifacts(question) && !is_about_records(question) && !is_of_service(question);
}

bool asks_outside(const GateQuestion& question) {
    const auto* backup = std::get_if<BackupAgeQuestion>(&question);
    const bool reads_cluster = backup != nullptr && !backup->cron_job.empty();
    return !std::holds_alternative<HttpQuestion>(question) && !reads_cluster;
}

bool needs_traffic(const GateQuestion& question) {
    if (is_one_of<SloQuestion, ErrorBudgetQuestion>(question)) {
        return !is_of_service(question);
    }
    const std::string_view type = type_of(question);
    return type == type_of(AnalysisQuestion{});
}

/// The sequential test keeps what stable was before, and goes on without it; so does a number with
/// other limits.
bool compares_only_beside(const GateQuestion& question) {
    const auto* metric = std::get_if<MetricQuestion>(&question);
    return is_one_of<LeakQuestion, MannWhitneyQuestion>(question) ||
           (metric != nullptr && !metric->max && !metric->min);
}

Duration longest_sample(const GateQuestion& question) {
    constexpr int windows_of_slo = 4;
    if (const auto* command = std::get_if<CommandQuestion>(&question)) {
        return command->timeout + longest_gate_sample;
    }
    if (const auto* policy = std::get_if<PolicyQuestion>(&question)) {
        return policy->timeout + longest_gate_sample;
    }
    if (const auto* image = std::get_if<ImageQuestion>(&question)) {
        // A registry may ask for a login, and each takes its time.
        return image->timeout + minutes(1);
    }
    if (const auto* backup = std::get_if<BackupAgeQuestion>(&question);
        backup != nullptr && !backup->cron_job.empty()) {
        return longest_gate_sample + minutes(1);  // the API server, for a permission and an object
    }
    if (const auto* readiness = std::get_if<ReadinessQuestion>(&question);
        readiness != nullptr && readiness->report.empty()) {
        return minutes(3);  // a large repository, its overlays rendered
    }
    if (std::holds_alternative<CapacityQuestion>(question)) {
        return minutes(3);  // every pod of a large cluster, some hundred pages
    }
    if (std::holds_alternative<SloQuestion>(question)) {
        return longest_gate_sample * (2 * windows_of_slo);  // a query each
    }
    return longest_gate_sample;
}

}  // namespace deployctl
