// SPDX-License-Identifier: Apache-2.0
#include "strategies/canary.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;

namespace {

Scene a_scene(int replicas) {
    Scene scene;
    scene.workload = "web";
    scene.replicas = replicas;
    scene.services = {"web"};
    return scene;
}

CanarySettings weights(std::vector<CanaryStep> steps) {
    CanarySettings settings;
    settings.steps = std::move(steps);
    settings.gates = {"errors"};
    return settings;
}

}  // namespace

TEST_CASE(
    "canary grows the candidate before it shrinks stable, and passes gates before more traffic",
    "[strategies]"
) {
    const auto course = strategies::canary(a_scene(4), weights({{50, seconds(10)}}));
    CHECK(to_text(course.steps) == R"(prepare: record the snapshot in the cluster
prepare: create the candidate, without pods
50%: scale candidate to 1  [errors]
50%: wait until 1 candidate pod is ready  [errors]
50%: scale stable to 3  [errors]
50%: scale candidate to 2  [errors]
50%: wait until 2 candidate pods are ready  [errors]
50%: scale stable to 2  [errors]
50%: wait until 2 candidate and 2 stable pods serve  [errors]
50%: hold for 10s  [errors]
50%: pass gates errors  [errors]
100%: scale candidate to 4  [errors]
100%: wait until 4 candidate pods are ready  [errors]
100%: pin service web to candidate  [errors]
100%: wait until service web reaches candidate alone  [errors]
100%: pass gates errors  [errors]
fold: drain for 5s  [errors]
fold: write the next version into stable at 4  [errors]
fold: wait until 4 stable pods are ready  [errors]
fold: pin service web to stable  [errors]
fold: wait until service web reaches stable alone  [errors]
fold: drain for 5s  [errors]
fold: retire the candidate  [errors]
fold: wait until the candidate pods are on their way out  [errors]
fold: unpin service web  [errors]
verify: verify that stable runs the next version  [errors]
)");
}

TEST_CASE(
    "canary under an autoscaler holds it, leaves stable its size, and gives it back", "[strategies]"
) {
    auto scene = a_scene(4);
    scene.autoscaler = "web-hpa";
    const auto text = to_text(strategies::canary(scene, weights({{20, Duration{}}})).steps);
    CHECK(text.find("prepare: hold autoscaler web-hpa at 4") != std::string::npos);
    CHECK(text.find("scale stable") == std::string::npos);
    CHECK(text.find("write the next version into stable  ") != std::string::npos);
    CHECK(text.find("verify: give autoscaler web-hpa back") != std::string::npos);
}

TEST_CASE(
    "the autoscaler sizes a canary from half of the traffic on, and stable before the fold",
    "[strategies]"
) {
    auto scene = a_scene(4);
    scene.autoscaler = "web-hpa";
    const auto settings = weights({{20, Duration{}}, {50, Duration{}}});
    const auto text = to_text(strategies::canary(scene, settings).steps);
    CHECK(text.find("20%: let autoscaler") == std::string::npos);
    CHECK(text.find("50%: let autoscaler web-hpa size the candidate, from 4") != std::string::npos);
    const auto moved = text.find("100%: let autoscaler web-hpa size the candidate, from 4");
    const auto held = text.find("fold: hold autoscaler web-hpa at 4");
    const auto pinned = text.find("100%: pin service web to candidate");
    const auto awaited = text.find("fold: wait until 4 stable pods are ready");
    REQUIRE(pinned != std::string::npos);
    REQUIRE(awaited != std::string::npos);
    CHECK(moved < pinned);
    CHECK(held < awaited);
    scene.is_kedas = true;
    const auto paused = to_text(strategies::canary(scene, settings).steps);
    CHECK(paused.find("let autoscaler") == std::string::npos);
    CHECK(paused.find("fold: hold autoscaler") == std::string::npos);
}

TEST_CASE("canary beside an autoscaler never makes a larger candidate smaller", "[strategies]") {
    auto scene = a_scene(3);
    scene.autoscaler = "web-hpa";
    const auto course = strategies::canary(scene, weights({{70, Duration{}}}));
    const auto text = to_text(course.steps);
    CHECK(course.weights.front().candidate == 7);
    CHECK(text.find("100%: scale candidate to 7") != std::string::npos);
    CHECK(text.find("scale candidate to 3") == std::string::npos);
}

TEST_CASE(
    "canary says when whole pods cannot come near the weight, and refuses where told to",
    "[strategies]"
) {
    auto settings = weights({{10, Duration{}}});
    const auto warned = strategies::canary(a_scene(1), settings);
    REQUIRE(warned.notes.size() == 1);
    CHECK(warned.notes[0] == "weight 10% becomes 50% with 1 of 2 pods (max_weight_error 25%)");
    CHECK(warned.refusals.empty());
    settings.on_weight_error = WeightErrorPolicy::refuse;
    CHECK(strategies::canary(a_scene(1), settings).refusals.size() == 1);
}

TEST_CASE(
    "canary stands any size and any weights, and refuses those that do not rise", "[strategies]"
) {
    const std::vector<std::vector<int>> lists{
        {}, {0}, {-5}, {50, 50}, {50, 25, 75}, {99, 1}, {100, 50}, {1000}, {25, 50}
    };
    for (int replicas = -1; replicas <= 12; ++replicas) {
        for (const auto& list : lists) {
            CanarySettings settings;
            settings.steps.clear();
            bool rises = true;
            int before = 0;
            for (const int weight : list) {
                settings.steps.push_back({weight, Duration{}});
                rises = rises && (before >= 100 || weight > before);
                before = std::max(before, weight);
            }
            auto scene = a_scene(replicas);
            for (const bool has_autoscaler : {false, true}) {
                CAPTURE(replicas, list, has_autoscaler);
                scene.autoscaler =
                    has_autoscaler ? std::optional<std::string>("web") : std::nullopt;
                const auto course = strategies::canary(scene, settings);
                CHECK(course.refusals.empty() == rises);
                for (const auto& weight : course.weights) {
                    CHECK(weight.asked > 0);
                }
            }
        }
    }
}

TEST_CASE("canary with a written 100 holds there before the fold", "[strategies]") {
    const auto course =
        strategies::canary(a_scene(2), weights({{50, Duration{}}, {100, seconds(30)}}));
    const auto text = to_text(course.steps);
    CHECK(text.find("100%: hold for 30s") != std::string::npos);
    CHECK(course.weights.back().candidate == 2);
}

TEST_CASE("no baseline is started where the versions never serve side by side", "[strategies]") {
    auto settings = weights({{100, seconds(10)}});
    const auto without = to_text(strategies::canary(a_scene(4), settings).steps);
    settings.baseline = CanaryBaseline::fresh;
    CHECK(to_text(strategies::canary(a_scene(4), settings).steps) == without);
}

TEST_CASE("a fresh baseline starts with the candidate, on top, and goes with it", "[strategies]") {
    auto settings = weights({{25, seconds(10)}, {50, seconds(10)}});
    settings.baseline = CanaryBaseline::fresh;
    const auto course = strategies::canary(a_scene(4), settings);
    CHECK(to_text(course.steps) == R"(prepare: record the snapshot in the cluster
prepare: create the candidate, without pods
prepare: create the baseline, without pods
25%: scale baseline to 1  [errors]
25%: scale candidate to 1  [errors]
25%: wait until 1 candidate pod is ready  [errors]
25%: scale stable to 3  [errors]
25%: wait until 1 baseline pod is ready  [errors]
25%: wait until 1 candidate, 1 baseline and 3 stable pods serve  [errors]
25%: hold for 10s  [errors]
25%: pass gates errors  [errors]
50%: scale candidate to 2  [errors]
50%: wait until 2 candidate pods are ready  [errors]
50%: scale stable to 2  [errors]
50%: wait until 2 candidate, 1 baseline and 2 stable pods serve  [errors]
50%: hold for 10s  [errors]
50%: pass gates errors  [errors]
100%: scale candidate to 4  [errors]
100%: wait until 4 candidate pods are ready  [errors]
100%: pin service web to candidate  [errors]
100%: wait until service web reaches candidate alone  [errors]
100%: pass gates errors  [errors]
fold: drain for 5s  [errors]
fold: write the next version into stable at 4  [errors]
fold: wait until 4 stable pods are ready  [errors]
fold: pin service web to stable  [errors]
fold: wait until service web reaches stable alone  [errors]
fold: drain for 5s  [errors]
fold: retire the candidate  [errors]
fold: wait until the candidate pods are on their way out  [errors]
fold: retire the baseline  [errors]
fold: wait until the baseline pods are on their way out  [errors]
fold: unpin service web  [errors]
verify: verify that stable runs the next version  [errors]
)");
    CHECK(course.weights.front().achieved == Approx(20));
    CHECK(course.weights[1].achieved == Approx(40));
    CHECK(course.weights.back().baseline == 0);
}
