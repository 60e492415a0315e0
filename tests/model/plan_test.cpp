// SPDX-License-Identifier: Apache-2.0
#include "model/plan.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;

TEST_CASE("each action reads as one line", "[model]") {
    const std::vector<Step> steps{
        {"prepare", RecordSnapshot{}, {}},
        {"prepare", HoldAutoscaler{"web", 4}, {}},
        {"prepare", CreateCandidate{}, {}},
        {"prepare", CreatePreviewService{"web-preview", "web"}, {}},
        {"prepare", PointService{"web", Pointing::stable}, {}},
        {"25%", Scale{Slot::candidate, 1}, {}},
        {"25%", AwaitReady{Slot::candidate, 1}, {"health"}},
        {"25%", AwaitWeight{WeightRow{25, 25, 3, 1}}, {"health", "latency"}},
        {"25%", Hold{seconds(90)}, {}},
        {"25%", PassGates{{"health", "latency"}}, {}},
        {"switch", PointService{"web", Pointing::candidate}, {}},
        {"switch", AwaitEndpoints{"web", Pointing::candidate}, {}},
        {"fold", WriteTemplate{Version::next, 4}, {}},
        {"fold", WriteTemplate{Version::next}, {}},
        {"fold", AwaitReady{Slot::stable}, {}},
        {"end", PointService{"web", Pointing::original}, {}},
        {"end", AwaitEndpoints{"web", Pointing::original}, {}},
        {"end", Drain{seconds(5)}, {}},
        {"end", RetireCandidate{}, {}},
        {"end", ReleaseAutoscaler{"web"}, {}},
        {"verify", VerifyOutcome{Version::next}, {}},
    };
    CHECK(to_text(steps) == R"(prepare: record the snapshot in the cluster
prepare: hold autoscaler web at 4
prepare: create the candidate, without pods
prepare: create service web-preview like web for the candidate
prepare: pin service web to stable
25%: scale candidate to 1
25%: wait until 1 candidate pod is ready  [health]
25%: wait until 1 candidate and 3 stable pods serve  [health, latency]
25%: hold for 1m30s
25%: pass gates health, latency
switch: pin service web to candidate
switch: wait until service web reaches candidate alone
fold: write the next version into stable at 4
fold: write the next version into stable
fold: wait until all stable pods are ready
end: unpin service web
end: wait until service web has ready endpoints
end: drain for 5s
end: retire the candidate
end: give autoscaler web back
verify: verify that stable runs the next version
)");
}

TEST_CASE("the words of a plan", "[model]") {
    CHECK(std::string(to_text(Direction::back)) == "back");
    CHECK(std::string(to_text(Version::previous)) == "previous");
    CHECK(std::string(to_text(Slot::stable)) == "stable");
    CHECK(std::string(to_text(Pointing::original)) == "original");
    CHECK(to_text(std::vector<Step>{}).empty());
}
