// SPDX-License-Identifier: Apache-2.0
#include "strategies/resizing.hpp"

#include "strategies/blue_green.hpp"
#include "strategies/canary.hpp"
#include "strategies/going_back.hpp"
#include "strategies/rolling.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;

namespace {

Scene of_four() {
    Scene scene;
    scene.workload = "web";
    scene.replicas = 4;
    scene.services = {"web"};
    return scene;
}

struct Resized {
    Course course;
    std::vector<Step> way_back;
};

Resized resized(Course course, int size) {
    auto way_back = strategies::going_back(of_four(), course);
    strategies::resize(course, way_back, of_four(), size);
    return {course, way_back};
}

bool has(const std::vector<Step>& steps, const std::string& line) {
    return to_text(steps).find(line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("more pods are ready before all traffic comes to them", "[strategies]") {
    const auto [course, way_back] = resized(strategies::canary(of_four(), {}), 6);
    CHECK(has(course.steps, "100%: scale candidate to 6"));
    CHECK(has(course.steps, "100%: wait until 6 candidate pods are ready"));
    CHECK(has(course.steps, "fold: write the next version into stable at 6"));
    CHECK(has(course.steps, "fold: wait until 6 stable pods are ready"));
    CHECK(course.weights.back().candidate == 6);
    CHECK(has(way_back, "restore: write the previous version into stable at 4"));
    CHECK(has(way_back, "restore: wait until 4 stable pods are ready"));
}

TEST_CASE("an earlier weight of a canary that grows keeps its pods", "[strategies]") {
    Scene one = of_four();
    one.replicas = 1;
    auto course = strategies::canary(one, {});
    auto way_back = strategies::going_back(one, course);
    const auto before = course.weights;
    strategies::resize(course, way_back, one, 3);
    for (std::size_t row = 0; row + 1 < before.size(); ++row) {
        CHECK(course.weights[row].candidate == before[row].candidate);
        const auto line = "scale candidate to " + std::to_string(before[row].candidate);
        CHECK(to_text(course.steps).find(line) != std::string::npos);
    }
}

TEST_CASE("fewer pods are left only after the traffic has gone to others", "[strategies]") {
    const auto [course, way_back] = resized(strategies::blue_green(of_four(), {}), 2);
    CHECK(has(course.steps, "preview: scale candidate to 4"));
    CHECK(has(course.steps, "fold: write the next version into stable at 2"));
    CHECK(has(course.steps, "fold: wait until 2 stable pods are ready"));
    CHECK(has(way_back, "restore: write the previous version into stable at 4"));
}

TEST_CASE(
    "rolling writes the size with the version, and the old one with the old", "[strategies]"
) {
    const auto [course, way_back] = resized(strategies::rolling(of_four(), {}), 6);
    CHECK(has(course.steps, "roll: write the next version into stable at 6"));
    CHECK(has(way_back, "restore: write the previous version into stable at 4"));
}

TEST_CASE("the size that it has changes no step", "[strategies]") {
    const auto plain = strategies::rolling(of_four(), {});
    CHECK(to_text(resized(plain, 4).course.steps) == to_text(plain.steps));
}
