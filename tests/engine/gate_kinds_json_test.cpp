// SPDX-License-Identifier: Apache-2.0
#include "engine/gates_json.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::engine;

namespace {

GateSettings with(const GateQuestion& question) {
    auto gate = gate_of(type_of(question), method_of(question)).value();
    gate.question = question;
    return gate;
}

}  // namespace

TEST_CASE("gates of every kind read back as they were frozen", "[engine]") {
    GatesByName gates;
    for (const auto& [type, method] : gate_kinds()) {
        gates[std::string(type) + "-" + method] = gate_of(type, method).value();
    }
    AnalysisQuestion latency;
    latency.buckets = "b";
    latency.quantiles = {0.5};
    latency.edges = {0.25, 1};
    latency.max_slow = 0.1;
    const SlopeSettings slope{"q", 3.5, 0.002, seconds(7), seconds(8)};
    gates["latency"] = with(latency);
    gates["trend"] = with(TrendQuestion{slope});
    gates["leak"] = with(LeakQuestion{slope});
    gates["full"] =
        with(ExhaustionQuestion{"q", 5.0, "", minutes(3), minutes(30), seconds(5), seconds(6)});
    gates["limits"] = with(ExhaustionQuestion{"q", std::nullopt, "l"});
    MannWhitneyQuestion series{"q", SeriesDirection::decrease, 0.5, 90, 10};
    series.window = minutes(9);
    gates["series"] = with(series);
    gates["slo"] = with(SloQuestion{"e", "t", 99});
    gates["budget"] = with(ErrorBudgetQuestion{"e", "t", 99, minutes(100), 0.5});
    CHECK(read_gates(gates_value(gates)) == gates);
}

TEST_CASE("an analysis that was frozen before there were methods is sequential", "[engine]") {
    auto frozen = gates_value({{"old", with(AnalysisQuestion{"e", "t"})}});
    frozen.erase("/old/method");
    CHECK(read_gates(frozen).at("old").question == GateQuestion(AnalysisQuestion{"e", "t"}));
}
