// SPDX-License-Identifier: Apache-2.0
#include "documents/json.hpp"
#include "simcluster/run.hpp"
#include "tests/cli/shell.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using Catch::Matchers::Contains;

namespace {

/// One that was assessed before, with these checks failing.
void end_one(
    tests::Shell& shell, int number, const std::vector<std::string>& checks, RolloutState end
) {
    auto& journal = *shell.parts.entries;
    const auto id = "assessed-" + std::to_string(number);
    NewRollout made;
    made.record.id = id;
    made.record.target = {"web", "production", "shop-" + std::to_string(number), "uid"};
    simcluster::run(journal.begin(made));
    GateEvaluated evaluated;
    evaluated.gate = "readiness";
    evaluated.verdict.evidence = Value::map({
        {"failed_rules", lines_value(checks)},
        {"assessed_at", "2026-01-" + std::to_string(10 + number) + "T00:00:00Z"},
        {"low", 71.5},
        {"high", 80},
    });
    const std::vector<Entry> entries{
        StateChanged{RolloutState::pending, RolloutState::running, Direction::forward, "", {}},
        evaluated,
        StateChanged{RolloutState::running, end, Direction::forward, "", ExitCode::done},
    };
    simcluster::run(journal.append(id, 1, entries));
}

}  // namespace

TEST_CASE("few rollouts say nothing about checks", "[cli]") {
    tests::Shell shell;
    end_one(shell, 1, {"K8S-54"}, RolloutState::rolled_back);
    const auto answer = shell.run("assess calibrate");
    CHECK(answer.exit == 0);
    CHECK_THAT(answer.out, Contains("1 rollout with a readiness verdict before it: not enough"));
}

TEST_CASE("checks are held against how rollouts ended", "[cli]") {
    tests::Shell shell;
    for (int number = 0; number < 20; ++number) {
        const bool is_bad = number < 5;
        end_one(
            shell,
            number,
            is_bad ? std::vector<std::string>{"DR-1", "K8S-54"} : std::vector<std::string>{"DR-1"},
            is_bad ? RolloutState::rolled_back : RolloutState::promoted
        );
    }
    const auto answer = shell.run("assess calibrate --app web -e production");
    CAPTURE(answer.err);
    CHECK_THAT(answer.out, Contains("20 rollouts"));
    CHECK_THAT(answer.out, Contains("K8S-54  5 of 5         0 of 15"));
    CHECK_THAT(answer.out, Contains("DR-1    5 of 20        0 of 0"));
    const auto value = documents::read_json(shell.run("assess calibrate -o json").out);
    CHECK(value.flag("/enough"));
    CHECK(value.number("/items/0/with/went_wrong") == 5);
}

TEST_CASE("a page's trend goes over what gates have found before rollouts", "[cli]") {
    tests::Shell shell;
    const tests::Folder folder;
    folder.write("Dockerfile", "FROM a:1\nUSER 5\n");
    const auto page = "assess " + folder.path("") + " -o html --history journal --app web";
    CHECK(shell.run(page).out.find("2026-01-11") == std::string::npos);
    end_one(shell, 1, {}, RolloutState::promoted);
    end_one(shell, 2, {}, RolloutState::rolled_back);
    const auto answer = shell.run(page);
    CAPTURE(answer.err);
    CHECK_THAT(answer.out, Contains("2026-01-11") && Contains("71.50"));
    const auto other =
        shell.run("assess " + folder.path("") + " -o html --history journal --app x");
    CHECK(other.out.find("2026-01-11") == std::string::npos);
}
