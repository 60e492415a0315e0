// SPDX-License-Identifier: Apache-2.0
// Each rule about what a verdict rests upon is broken on purpose, and caught.
#include "tests/simulation/hooligan.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>

using namespace deployctl;
using namespace deployctl::tests;

namespace {

int gated_step(const Hooligan& hooligan) {
    const auto& steps = hooligan.plan().course.steps;
    const auto found = std::ranges::find_if(steps, [](const Step& one) {
        return std::holds_alternative<PassGates>(one.action);
    });
    return static_cast<int>(found - steps.begin());
}

void enter(Hooligan& hooligan, int step) {
    hooligan.write(StepStarted{Direction::forward, step, "25%", ""});
}

void finish(Hooligan& hooligan, int step) {
    hooligan.write(StepFinished{Direction::forward, step, "25%", StepResult::done, "", {}});
}

void judge(Hooligan& hooligan, int step, Answer answer, int requests) {
    Verdict verdict;
    verdict.answer = answer;
    verdict.evidence = Value::map({{"requests", requests}});
    hooligan.write(GateEvaluated{step, "errors", verdict, 0, 0});
}

/// What is broken by a play of a hooligan that stands at the step whose gates have to pass.
std::string broken_by(const std::function<void(Hooligan& hooligan, int step)>& play) {
    Hooligan hooligan;
    hooligan.add_candidate(2);
    const int step = gated_step(hooligan);
    enter(hooligan, step);
    play(hooligan, step);
    return hooligan.broken();
}

}  // namespace

TEST_CASE("a verdict by answers of the new version, since its step began", "[simulation]") {
    CHECK(broken_by([](Hooligan& hooligan, int step) {
              hooligan.ask("v1");  // nobody counts it
              hooligan.ask("v2");
              hooligan.ask("v2");
              judge(hooligan, step, Answer::pass, 2);
              finish(hooligan, step);
          }).empty());
}

TEST_CASE("a verdict by an answer of another version: I12", "[simulation]") {
    CHECK(broken_by([](Hooligan& hooligan, int step) {
              hooligan.ask("v2");
              hooligan.ask("v1");
              judge(hooligan, step, Answer::fail, 2);
          }) == "I12");
}

TEST_CASE("a verdict by an answer from before its step: I12", "[simulation]") {
    CHECK(broken_by([](Hooligan& hooligan, int step) {
              hooligan.ask("v2");
              hooligan.theatre().ground.clock.advance(seconds(1));
              enter(hooligan, step);
              judge(hooligan, step, Answer::pass, 1);
          }) == "I12");
}

TEST_CASE("a verdict for another step than the one under way: I12", "[simulation]") {
    CHECK(broken_by([](Hooligan& hooligan, int step) {
              hooligan.ask("v2");
              judge(hooligan, step - 1, Answer::pass, 1);
          }) == "I12");
}

TEST_CASE("no data is taken for a pass: I12", "[simulation]") {
    CHECK(broken_by([](Hooligan& hooligan, int step) {
              judge(hooligan, step, Answer::pass, 0);
          }) == "I12");
    CHECK(broken_by([](Hooligan& hooligan, int step) {
              hooligan.ask("v2");
              judge(hooligan, step, Answer::pass, 1);
              judge(hooligan, step, Answer::pass, 1);  // the same answer, a second time
          }) == "I12");
    CHECK(broken_by([](Hooligan& hooligan, int step) {
              judge(hooligan, step, Answer::inconclusive, 0);
          }).empty());
}

TEST_CASE("a metrics source has to tell of the new version in each stage: I12", "[simulation]") {
    CHECK(broken_by([](Hooligan& hooligan, int step) {
              hooligan.measure("v1");  // it is held against that
              hooligan.measure("v2");
              judge(hooligan, step, Answer::pass, 2);
              judge(hooligan, step, Answer::pass, 0);  // by the same, with nothing new
              enter(hooligan, step);
              judge(hooligan, step, Answer::pass, 0);
          }).empty());
    CHECK(broken_by([](Hooligan& hooligan, int step) {
              hooligan.measure("v1");
              judge(hooligan, step, Answer::pass, 1);
          }) == "I12");
    CHECK(broken_by([](Hooligan& hooligan, int step) {
              hooligan.measure("v2");
              judge(hooligan, step, Answer::pass, 1);
              hooligan.write(StepStarted{Direction::forward, step, "50%", ""});
              judge(hooligan, step, Answer::pass, 0);
          }) == "I12");
    CHECK(broken_by([](Hooligan& hooligan, int step) {
              hooligan.measure("v2");
              judge(hooligan, step, Answer::pass, 1);
              hooligan.write(LeaseTaken{2, {}});  // another runner
              judge(hooligan, step, Answer::pass, 0);
          }) == "I12");
}

TEST_CASE("a step is done whose gates have not passed since it began: I12", "[simulation]") {
    CHECK(broken_by(finish) == "I12");
    CHECK(broken_by([](Hooligan& hooligan, int step) {
              hooligan.ask("v2");
              judge(hooligan, step, Answer::pass, 1);
              judge(hooligan, step, Answer::error, 1);
              finish(hooligan, step);
          }) == "I12");
    CHECK(broken_by([](Hooligan& hooligan, int step) {
              hooligan.ask("v2");
              judge(hooligan, step, Answer::pass, 1);
              hooligan.write(LeaseTaken{2, {}});
              finish(hooligan, step);
          }) == "I12");
}
