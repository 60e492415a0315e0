// SPDX-License-Identifier: Apache-2.0
#include "model/gates.hpp"

#include "model/named.hpp"

#include <array>
#include <utility>

namespace deployctl {

namespace {

/// In the order of GateQuestion's alternatives.
constexpr std::array<GateKind, 16> kinds{{
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
}};

/// What every sample of a sequential test proves holds by itself.
GateSettings usual_analysis() {
    GateSettings gate;
    gate.question = AnalysisQuestion{};
    gate.policy.fail_after = 1;
    return gate;
}

GateSettings usual_metric() {
    GateSettings gate;
    gate.question = MetricQuestion{};
    gate.policy.every = seconds(30);
    return gate;
}

GateSettings usual_command() {
    GateSettings gate;
    gate.question = CommandQuestion{};
    gate.policy.every = seconds(30);
    gate.policy.fail_after = 1;  // a program asks again by itself, where it wants to
    return gate;
}

/// An alert has waited by itself before it fired.
GateSettings usual_alerts() {
    GateSettings gate;
    gate.question = AlertsQuestion{};
    gate.policy.every = seconds(30);
    gate.policy.fail_after = 1;
    return gate;
}

/// Of what lies there and does not change by itself, one look proves as much as three.
template <class Question>
GateSettings usual_of_artifact() {
    GateSettings gate;
    gate.question = Question{};
    gate.policy.every = minutes(1);
    gate.policy.fail_after = 1;
    return gate;
}

template <class Question>
GateSettings usual_of() {
    GateSettings gate;
    gate.question = Question{};
    return gate;
}

/// What was seen over a while is no surer the next time: it is not asked for three times in a row.
template <class Question>
GateSettings usual_series(int fail_after) {
    GateSettings gate;
    gate.question = Question{};
    gate.policy.every = seconds(30);
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

/// Made once: a file may have very many gates.
const std::vector<GateSettings>& usual_gates() {
    static const std::vector<GateSettings> all{
        GateSettings{},
        usual_metric(),
        usual_analysis(),
        usual_command(),
        usual_alerts(),
        usual_of<TcpQuestion>(),
        usual_of<GrpcQuestion>(),
        usual_series<TrendQuestion>(1),
        usual_series<LeakQuestion>(1),
        usual_series<ExhaustionQuestion>(3),
        usual_series<MannWhitneyQuestion>(3),
        usual_series<SloQuestion>(1),
        usual_series<ErrorBudgetQuestion>(1),
        usual_of_artifact<ScanQuestion>(),
        usual_of_artifact<PolicyQuestion>(),
        usual_of_artifact<ImageQuestion>(),
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
           !is_about_artifacts(question);
}

bool asks_about_pods(const GateQuestion& question) {
    return !is_one_of<CommandQuestion, AlertsQuestion, TcpQuestion, GrpcQuestion>(question) &&
           !is_about_artifacts(question) && !is_of_service(question);
}

bool asks_outside(const GateQuestion& question) {
    return !std::holds_alternative<HttpQuestion>(question);
}

bool needs_traffic(const GateQuestion& question) {
    if (is_one_of<SloQuestion, ErrorBudgetQuestion>(question)) {
        return !is_of_service(question);
    }
    const std::string_view type = type_of(question);
    return type == type_of(AnalysisQuestion{});
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
    if (std::holds_alternative<SloQuestion>(question)) {
        return longest_gate_sample * (2 * windows_of_slo);  // a query each
    }
    return longest_gate_sample;
}

}  // namespace deployctl
