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

TEST_CASE("a kept plan that is none is refused first, and says what it is", "[cli]") {
    Shell shell;
    const Folder folder;
    CHECK(shell.run("rollout canary v2 -q" + on_web).exit == 0);
    const auto answer_to = [&shell](const std::string& path) {  // v2 runs: there is nothing to do
        const auto answer = shell.run("rollout canary v2 --plan " + path + on_web);
        CHECK(answer.exit == 2);
        return answer.err;
    };
    CHECK(contains(answer_to("/nonexist"), "/nonexist is not there"));
    CHECK(contains(answer_to("/tmp"), "/tmp is a folder"));
    CHECK(contains(answer_to("/dev/zero"), "/dev/zero is no ordinary file"));
    CHECK(contains(answer_to(folder.write("none", "{}")), "is no plan that was kept"));
    const auto large = folder.write("large", "{}");
    std::filesystem::resize_file(large, (16U << 20U) + 1);
    CHECK(contains(answer_to(large), "is larger than 16 MiB"));
}

TEST_CASE("files that cannot be written are refused before the plan is shown", "[cli]") {
    Shell shell;
    for (const auto* option : {"--events", "--summary", "--log-file"}) {
        for (const auto* path : {"/nonexist/out", "/tmp"}) {
            const auto answer =
                shell.run("rollout canary v2 " + std::string(option) + " " + path + on_web);
            CHECK(answer.exit == 2);
            CHECK(answer.err.starts_with("error[usage]: " + std::string(option) + ": " + path));
        }
    }
    CHECK(contains(shell.run("rollout canary v2 --events fd:99" + on_web).err, "fd:99"));
    const auto out = shell.run("plan v2 --strategy canary --out /nonexist/out" + on_web);
    CHECK(out.exit == 2);
    CHECK(out.out.empty());
    CHECK(shell.parts.world.writes().empty());
}

TEST_CASE("a summary that cannot be written changes nothing of how a rollout ended", "[cli]") {
    Shell shell;
    const auto answer = shell.run("rollout canary v2 --summary /dev/full" + on_web);
    CHECK(answer.exit == 0);
    CHECK(contains(answer.err, "the summary cannot be written to /dev/full"));
    CHECK(shell.run("rollout canary v3-errors -q --summary /dev/full" + on_web).exit == 6);
}

TEST_CASE("a backup does not write over a file that is there", "[cli]") {
    Shell shell;
    const Folder folder;
    const auto answer = shell.run("state backup " + folder.write("bk.db", "mine"));
    CHECK(answer.exit == 2);
    CHECK(contains(answer.err, "bk.db: it exists already"));
    CHECK_FALSE(contains(answer.err, "--state"));
    CHECK(folder.read("bk.db") == "mine");
}

TEST_CASE("a limit is 1 or more", "[cli]") {
    Shell shell;
    for (const auto* line : {"rollout list --limit 0", "history --limit -1"}) {
        const auto answer = shell.run(line);
        CHECK(answer.exit == 2);
        CHECK(contains(answer.err, "is less than 1"));
    }
}

TEST_CASE("explain keeps to ASCII where that is asked for", "[cli]") {
    Shell shell;
    CHECK(shell.run("rollout canary v2 -q" + on_web).exit == 0);
    const auto out = shell.run("explain 1 --ascii").out;
    CHECK(contains(out, "v1 -> v2"));
    CHECK(std::ranges::none_of(out, [](char letter) { return (letter & 0x80) != 0; }));
}
