// SPDX-License-Identifier: Apache-2.0
#include "model/gates.hpp"

#include "model/named.hpp"

#include <array>
#include <utility>

namespace deployctl {

namespace {

/// In the order of GateQuestion's alternatives.
constexpr std::array types{"http", "metric", "analysis", "command", "scan", "policy", "image"};

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

/// Of what lies there and does not change by itself, one look proves as much as three.
template <class Question>
GateSettings usual_of_artifact() {
    GateSettings gate;
    gate.question = Question{};
    gate.policy.every = minutes(1);
    gate.policy.fail_after = 1;
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

const char* to_text(PolicyTool tool) {
    return tool == PolicyTool::opa ? "opa" : "conftest";
}

std::optional<PolicyTool> read_policy_tool(std::string_view text) {
    return read_name(text, std::array{PolicyTool::conftest, PolicyTool::opa});
}

std::span<const char* const> gate_types() {
    return types;
}

const char* type_of(const GateQuestion& question) {
    static_assert(types.size() == std::variant_size_v<GateQuestion>);
    return types.at(question.index());
}

std::optional<GateSettings> gate_of_type(std::string_view type) {
    for (auto gate :
         {GateSettings{},
          usual_metric(),
          usual_analysis(),
          usual_command(),
          usual_of_artifact<ScanQuestion>(),
          usual_of_artifact<PolicyQuestion>(),
          usual_of_artifact<ImageQuestion>()}) {
        if (type == type_of(gate.question)) {
            return gate;
        }
    }
    return std::nullopt;
}

bool asks_metrics(const GateQuestion& question) {
    return std::holds_alternative<MetricQuestion>(question) ||
           std::holds_alternative<AnalysisQuestion>(question);
}

bool asks_about_pods(const GateQuestion& question) {
    return asks_metrics(question) || !asks_outside(question);
}

bool asks_outside(const GateQuestion& question) {
    return !std::holds_alternative<HttpQuestion>(question);
}

bool needs_traffic(const GateQuestion& question) {
    return std::holds_alternative<AnalysisQuestion>(question);
}

Duration longest_sample(const GateQuestion& question) {
    if (const auto* command = std::get_if<CommandQuestion>(&question)) {
        return command->timeout + longest_gate_sample;
    }
    if (const auto* policy = std::get_if<PolicyQuestion>(&question)) {
        return policy->timeout + longest_gate_sample;
    }
    if (const auto* image = std::get_if<ImageQuestion>(&question)) {
        return image->timeout +
               minutes(1);  // a registry may ask for a login, and each takes its time
    }
    return longest_gate_sample;
}

}  // namespace deployctl
