// SPDX-License-Identifier: Apache-2.0
#include "gates/http_gate.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;

namespace {

std::vector<PodAnswer> answers(int good, int bad) {
    std::vector<PodAnswer> list;
    for (int count = 0; count < good; ++count) {
        list.push_back({200, "ok", "", {}});
    }
    for (int count = 0; count < bad; ++count) {
        list.push_back({500, "no", "", {}});
    }
    return list;
}

}  // namespace

TEST_CASE("an http gate says how many of how many failed, and against which limit", "[gates]") {
    HttpGate gate;
    gate.path = "/";
    gate.max_errors = 0.05;
    const auto bad = gates::judge(gate, answers(9, 11));
    CHECK(bad.answer == Answer::fail);
    CHECK(bad.measured == "11 of 20 requests failed (55%)");
    CHECK(bad.limit == "5%");
    CHECK(bad.reason == "GET /: HTTP 500 x11, HTTP 200 x9, expected HTTP 200");
    CHECK(
        gates::judge(gate, answers(19, 1)).answer == Answer::pass
    );  // the limit itself is allowed
    CHECK(gates::judge(gate, answers(18, 2)).answer == Answer::fail);
}

TEST_CASE(
    "a pod that does not answer is a failed request, no pod at all is no verdict", "[gates]"
) {
    const HttpGate gate;
    const auto silent = gates::judge(gate, {{0, "", "connection refused", {}}});
    CHECK(silent.answer == Answer::fail);
    CHECK(silent.reason.find("connection refused") != std::string::npos);
    CHECK(gates::judge(gate, {}).answer == Answer::inconclusive);
}

TEST_CASE("the version probe passes only where every pod answers the new version", "[gates]") {
    const VersionProbe probe{8080, "/version", "$.app.version"};
    const PodAnswer good{200, R"({"app":{"version":"v2"}})", "", {}};
    const PodAnswer old{200, R"({"app":{"version":"v1"}})", "", {}};
    CHECK(gates::judge(probe, "v2", {good, good}).answer == Answer::pass);
    const auto mixed = gates::judge(probe, "v2", {good, old});
    CHECK(mixed.answer == Answer::fail);
    CHECK(mixed.measured == "v1 x1, v2 x1");
    CHECK(gates::judge(probe, "v2", {{404, "", "", {}}}).answer == Answer::fail);
    CHECK(gates::judge(probe, "plain", {{200, "plain", "", {}}}).answer == Answer::pass);
}
