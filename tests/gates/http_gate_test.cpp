// SPDX-License-Identifier: Apache-2.0
#include "gates/http_gate.hpp"

#include "simcluster/builders.hpp"
#include "simcluster/run.hpp"
#include "simcluster/sim_cluster.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using simcluster::run;

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

PodAnswer lost() {
    const std::string refused = "dial tcp 10.0.0.1:6443: connect: connection refused";
    return {0, "", refused, {}, PodAnswer::Trouble::way};
}

std::vector<PodAnswer> with_lost(std::vector<PodAnswer> answers, std::size_t count) {
    answers.insert(answers.end(), count, lost());
    return answers;
}

/// Two ready pods whose "/" answers after so long.
struct TwoPods {
    explicit TwoPods(Duration took) {
        cluster.behave("v1", simcluster::good().answering("/", {200, "ok", 0, {}, took}))
            .add(simcluster::a_deployment("web").replicas(2))
            .settle();
        for (const auto& pod : cluster.world().pods) {
            names.push_back(pod.meta.name);
        }
    }

    simcluster::VirtualClock clock;
    simcluster::SimCluster cluster{clock};
    std::vector<std::string> names;
};

}  // namespace

TEST_CASE("an http gate says how many of how many failed, and against which limit", "[gates]") {
    HttpQuestion gate;
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
    const HttpQuestion gate;
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

TEST_CASE("what is lost on the way to the pods is no verdict on them", "[gates]") {
    HttpQuestion gate;
    gate.path = "/";
    gate.max_errors = 0.1;
    const auto none = gates::judge(gate, with_lost({}, 20));
    CHECK(none.answer == Answer::error);
    CHECK(none.measured == "0 of 20 requests failed (0%), 20 lost on the way to the pods");
    CHECK(none.reason.find("connection refused x20") != std::string::npos);
    CHECK(gates::judge(gate, with_lost(answers(17, 0), 3)).answer == Answer::error);
    CHECK(gates::judge(gate, with_lost(answers(18, 0), 2)).answer == Answer::pass);
    CHECK(gates::judge(gate, with_lost(answers(14, 3), 3)).answer == Answer::fail);
}

TEST_CASE("the version probe neither passes nor fails on what is lost", "[gates]") {
    const VersionProbe probe;
    const PodAnswer good{200, R"({"version":"v2"})", "", {}};
    const PodAnswer old{200, R"({"version":"v1"})", "", {}};
    CHECK(gates::judge(probe, "v2", {good, lost()}).answer == Answer::error);
    CHECK(gates::judge(probe, "v2", {good, old, lost()}).answer == Answer::fail);
    CHECK(gates::judge(probe, "v2", {good, {0, "", "refused", {}}}).answer == Answer::fail);
}

TEST_CASE("a sample of pods that hang ends in time, and is a bad one", "[gates]") {
    TwoPods hanging(seconds(60));
    HttpQuestion gate;
    gate.path = "/";
    gate.requests = 20;
    const auto begun = hanging.clock.elapsed();
    const auto verdict = run(gates::sample(hanging.cluster, gate, hanging.names));
    CHECK(verdict.answer == Answer::fail);
    CHECK(verdict.measured == "8 of 8 requests failed (100%)");
    CHECK(hanging.clock.elapsed() - begun <= longest_gate_sample);
}

TEST_CASE("a sample asks side by side, and as often as it was told where it can", "[gates]") {
    TwoPods slow(milliseconds(500));
    HttpQuestion gate;
    gate.path = "/";
    gate.requests = 20;
    const auto begun = slow.clock.elapsed();
    const auto verdict = run(gates::sample(slow.cluster, gate, slow.names));
    CHECK(verdict.answer == Answer::pass);
    CHECK(verdict.measured == "0 of 20 requests failed (0%)");
    CHECK(slow.clock.elapsed() - begun == milliseconds(1500));
    gate.timeout = seconds(60);  // of a plan that was made before there was a limit
    CHECK(run(gates::sample(slow.cluster, gate, slow.names)).answer == Answer::pass);
}
