// SPDX-License-Identifier: Apache-2.0
#include "cli/delivery.hpp"

#include "tests/cli/golden_check.hpp"
#include "tests/cli/shell.hpp"

using namespace deployctl;
using namespace deployctl::cli;
using tests::on_web;
using tests::Shell;

namespace {

const WallTime monday = read_rfc3339("2026-11-23T12:00:00Z").value();

Delivery delivery(
    std::int64_t number, const std::string& from, const std::string& to, RolloutState state
) {
    Delivery made;
    made.rollout.id = to + std::to_string(number);
    made.rollout.number = number;
    made.rollout.target.app = "web";
    made.rollout.target.environment = "production";
    made.rollout.previous_version = from;
    made.rollout.next_version = to;
    made.rollout.state = state;
    made.rollout.started = monday + number * std::chrono::hours(1);
    made.rollout.ended = made.rollout.started + minutes(10);
    return made;
}

}  // namespace

TEST_CASE("deployments are what ended; the failed ones went back, or stand", "[cli]") {
    auto back = delivery(3, "v2", "v3", RolloutState::rolled_back);
    back.turned_back = *back.rollout.ended - seconds(100);
    const auto figures = figures_of(
        {delivery(5, "v2", "v4", RolloutState::running),
         delivery(4, "v2", "v4", RolloutState::needs_human),
         back,
         delivery(2, "v1", "v2", RolloutState::aborted),
         delivery(1, "v1", "v2", RolloutState::promoted)},
        std::chrono::days(30)
    );
    CHECK(figures.deployments == 3);
    CHECK(figures.failed == 2);
    CHECK(figures.restore_median == seconds(100));
    CHECK(
        to_text(figures) ==
        "3 deployments (3.0 a month), 2 failed (66.7%), time to restore 1m40s (median)"
    );
}

TEST_CASE("what a person has sent back is a deployment, and none that failed", "[cli]") {
    auto back = delivery(1, "v1", "v2", RolloutState::rolled_back);
    back.turned_back = *back.rollout.ended - seconds(100);
    back.as_wished = true;
    const auto figures = figures_of({back}, std::chrono::days(30));
    CHECK(figures.deployments == 1);
    CHECK(figures.failed == 0);
    CHECK_FALSE(figures.restore_median);
}

TEST_CASE("a return is a deployment like others, and the one that it left has failed", "[cli]") {
    auto elsewhere = delivery(2, "v2", "v1", RolloutState::promoted);
    elsewhere.rollout.target.environment = "staging";
    const auto figures = figures_of(
        {delivery(3, "v2", "v1", RolloutState::promoted),
         elsewhere,
         delivery(1, "v1", "v2", RolloutState::promoted)},
        std::chrono::days(1)
    );
    CHECK(figures.deployments == 3);
    CHECK(figures.failed == 1);
    CHECK(figures.restore_median == minutes(10));
}

TEST_CASE("nothing counts as failed twice, and no more than there are deployments", "[cli]") {
    const auto first = delivery(1, "v1", "v2", RolloutState::promoted);
    const auto returned = delivery(2, "v2", "v1", RolloutState::promoted);
    const auto again = delivery(3, "v1", "v2", RolloutState::promoted);
    const auto bad = delivery(3, "v1", "v3", RolloutState::rolled_back);
    CHECK(to_text(figures_of({bad, returned, first}, minutes(1)))
              .starts_with("3 deployments, 2 failed (66.7%)"));
    CHECK(to_text(figures_of({again, returned, first}, minutes(1)))
              .starts_with("3 deployments, 1 failed (33.3%)"));
    CHECK(to_text(figures_of({returned}, minutes(1))).starts_with("1 deployment, 0 failed (0.0%)"));
}

TEST_CASE("how often is said by day, week or month, and not of less than a day", "[cli]") {
    DeliveryFigures figures;
    CHECK(to_text(figures) == "no deployment has ended");
    figures.deployments = 1;
    figures.span = std::chrono::hours(2);
    CHECK(to_text(figures) == "1 deployment, 0 failed (0.0%)");
    figures.deployments = 42;
    figures.span = std::chrono::days(30);
    CHECK(to_text(figures).starts_with("42 deployments (1.4 a day)"));
    figures.span = std::chrono::days(60);
    CHECK(to_text(figures).starts_with("42 deployments (4.9 a week)"));
}

TEST_CASE("each target has its last good version", "[cli]") {
    auto staging = delivery(2, "v1", "v2", RolloutState::promoted);
    staging.rollout.target.environment = "staging";
    const auto good = last_good_of(
        {delivery(4, "v1", "v2", RolloutState::rolled_back).rollout,
         delivery(3, "v0", "v1", RolloutState::promoted).rollout,
         staging.rollout,
         delivery(1, "v9", "v0", RolloutState::promoted).rollout}
    );
    CHECK(
        last_good_line(good, Style{}) ==
        "Last good: web → production v1 (rollout 3), web → staging v2 (rollout 2)\n"
    );
    CHECK(last_good_line({}, Style{}).empty());
}

TEST_CASE("history marks the last good version and sums up, list does not", "[cli]") {
    Shell shell;
    shell.columns = 200;
    CHECK(shell.run("rollout canary v2 -q" + on_web).exit == 0);
    CHECK(shell.run("rollout canary v3-errors -q" + on_web).exit == 6);
    shell.parts.time.advance(std::chrono::days(3));
    tests::check_golden("history.txt", shell.run("history").out);
    const auto failed = shell.run("history --result rolled_back --since 7d").out;
    CHECK(failed.find("Last good: v2 (rollout 1)") != std::string::npos);
    CHECK(
        failed.find("Last 7 days: 2 deployments (2.0 a week), 1 failed (50.0%)") !=
        std::string::npos
    );
    const auto data = shell.run("history -o json").out;
    CHECK(data.find("\"change_failure_percent\": 50.0") != std::string::npos);
    CHECK(data.find("\"version\": \"v2\"") != std::string::npos);
    CHECK(shell.run("rollout list").out.find("Last good") == std::string::npos);
}
