// SPDX-License-Identifier: Apache-2.0
// What is wrong with a line is said before anything is asked, planned or written.
#include "tests/cli/shell.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>

using namespace deployctl;
using tests::Folder;
using tests::on_web;
using tests::Shell;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("weights on the command line obey the rules of deploy.yaml", "[cli]") {
    Shell shell;
    const auto answer_to = [&shell](const std::string& weights) {
        return shell.run("plan v2 --strategy canary --steps " + weights + on_web);
    };
    for (const auto* weights : {"50,25", "25,25", "0", "-5", "101", "5,200,100"}) {
        INFO(weights);
        const auto answer = answer_to(weights);
        CHECK(answer.exit == 2);
        CHECK(contains(answer.err, "--> --steps"));
        CHECK(contains(answer.err, "write weights from 1 to 100 that rise"));
        CHECK(answer.out.empty());
    }
    CHECK(contains(answer_to("50,25").err, "25 is not more than 50 before it"));
    CHECK(answer_to("1,100").exit == 0);
    CHECK(shell.run("rollout canary v2 --steps 50,25" + on_web).exit == 2);
    CHECK(shell.parts.world.writes().empty());
}

TEST_CASE("weights belong to a canary", "[cli]") {
    Shell shell;
    for (const auto* line : {"rollout rolling v2", "rollout blue-green v2"}) {
        const auto answer = shell.run(std::string(line) + " --steps 5,25" + on_web);
        CHECK(answer.exit == 2);
        CHECK(contains(answer.err, "only a canary has weights"));
    }
    CHECK(shell.parts.world.writes().empty());
}

TEST_CASE("all that is wrong with a line is said at once, --strategy among it", "[cli]") {
    Shell shell;
    const auto answer =
        shell.run("plan web:v2 --workload sts/web -n Shop --image registry/web:v1 --steps 9,5");
    CHECK(answer.exit == 2);
    for (const auto* where :
         {"TAG", "--workload", "--namespace", "--image", "--strategy", "--steps"}) {
        INFO(where);
        CHECK(contains(answer.err, std::string("--> ") + where));
    }
    CHECK(contains(answer.err, "plan takes --strategy canary, blue-green or rolling"));
    const auto none = shell.run("plan v2");
    CHECK(contains(none.err, "no --workload says what to deploy"));
    CHECK(contains(none.err, "no strategy is configured"));
}

