// SPDX-License-Identifier: Apache-2.0
#include "documents/json.hpp"
#include "simcluster/run.hpp"
#include "tests/cli/golden_check.hpp"
#include "tests/cli/shell.hpp"

using namespace deployctl;
using tests::on_web;
using tests::Shell;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

bool has_journalled(Shell& shell) {
    return !simcluster::run(shell.parts.store().list({})).empty();
}

const std::string unbroken = "invariants were checked, none was broken\n";

}  // namespace

TEST_CASE("a rehearsal shows each step in virtual time, and that all goes well", "[cli]") {
    Shell shell;
    const auto answer = shell.run("rehearse canary v2" + on_web);
    INFO(answer.err);
    CHECK(answer.exit == 0);
    tests::check_golden("rehearse_canary.txt", answer.out);
    CHECK(contains(answer.out, "promoted, after "));
    CHECK(contains(answer.out, unbroken));
}

TEST_CASE("a rehearsal writes nothing to the real cluster and nothing to the journal", "[cli]") {
    Shell shell;
    for (const std::string words : {"canary v2", "blue-green v2 --fail pod-crash", "rolling v2"}) {
        CAPTURE(words);
        shell.run("rehearse " + words + on_web);
        CHECK(shell.parts.world.writes().empty());
        CHECK_FALSE(has_journalled(shell));
    }
}

TEST_CASE("pods that crash in a rehearsal send it back, with the reason", "[cli]") {
    Shell shell;
    const auto answer = shell.run("rehearse canary v2 --fail pod-crash@step4" + on_web);
    INFO(answer.out << answer.err);
    CHECK(answer.exit == 6);
    CHECK(contains(answer.out, "FAULT pod-crash@step4: the pods of the new version crash\n"));
    CHECK(contains(answer.out, "rolled back: "));
    CHECK(contains(answer.out, "CrashLoopBackOff"));
    CHECK(contains(answer.out, unbroken));
}

TEST_CASE("whatever the new version does wrong, a rehearsal ends rolled back", "[cli]") {
    Shell shell;
    const std::string what = GENERATE(
        "pod-crash",
        "pod-unready",
        "image-missing",
        "out-of-memory",
        "slow-start=20m",
        "pod-crash@step8",
        "pod-unready@step8"
    );
    CAPTURE(what);
    const auto answer = shell.run("rehearse canary v2 --fail " + what + on_web);
    INFO(answer.out << answer.err);
    CHECK(answer.exit == 6);
    CHECK(contains(answer.out, "rolled back: "));
    CHECK(contains(answer.out, unbroken));
}

TEST_CASE("errors are found by the gates of the plan", "[cli]") {
    Shell shell;
    for (const std::string share : {"50%", "0.5"}) {
        const auto answer = shell.run("rehearse canary v2 --fail errors=" + share + on_web);
        INFO(answer.out << answer.err);
        CHECK(answer.exit == 6);
        CHECK(contains(answer.out, "FAULT errors=50%@step1"));
        CHECK(contains(answer.out, "HTTP 500"));
    }
}

TEST_CASE("a runner that is killed in a rehearsal is followed by one that ends it", "[cli]") {
    Shell shell;
    const auto answer = shell.run("rehearse canary v2 --fail runner-killed@step5" + on_web);
    INFO(answer.out << answer.err);
    CHECK(answer.exit == 0);
    CHECK(contains(answer.out, "note  runner-1 is dead"));
    CHECK(contains(answer.out, "note  runner-2 takes it up"));
    CHECK(contains(answer.out, "promoted, after "));
    CHECK(contains(answer.out, unbroken));
}

TEST_CASE("trouble of cluster, journal and runner alone does not hurt a good version", "[cli]") {
    Shell shell;
    const std::string what = GENERATE(
        "api-down@step5",
        "api-down=2m@step5",
        "store-full@step6",
        "lost-write@step4",
        "runner-frozen@step5",
        "runner-frozen=2m@step8"
    );
    CAPTURE(what);
    const auto answer = shell.run("rehearse canary v2 --fail " + what + on_web);
    INFO(answer.out << answer.err);
    CHECK(answer.exit == 0);
    CHECK(contains(answer.out, "FAULT " + what.substr(0, what.find_first_of("=@"))));
    CHECK(contains(answer.out, unbroken));
}

TEST_CASE("the same seed rehearses the same, another one something else", "[cli]") {
    Shell shell;
    const auto first = shell.run("rehearse canary v2 --seed 7" + on_web);
    INFO(first.out << first.err);
    CHECK(first.exit == 0);
    CHECK(contains(first.out, "Faults (--seed 7): "));
    CHECK(shell.run("rehearse canary v2 --seed 7" + on_web).out == first.out);
    CHECK(shell.run("rehearse canary v2 --seed 8" + on_web).out != first.out);
}

TEST_CASE("no seed breaks an invariant or leaves a rehearsal without an end", "[cli]") {
    Shell shell;
    const std::string strategy = GENERATE("canary", "blue-green", "rolling");
    for (int seed = 1; seed <= 30; ++seed) {
        const auto answer =
            shell.run("rehearse " + strategy + " v2 --seed " + std::to_string(seed) + on_web);
        INFO(answer.out << answer.err);
        CHECK((answer.exit == 0 || answer.exit == 6));
        CHECK(contains(answer.out, unbroken));
    }
}

TEST_CASE("a rehearsal is told as JSON as well", "[cli]") {
    Shell shell;
    const auto answer = shell.run("rehearse canary v2 -o json --ready-after 45s" + on_web);
    CHECK(answer.exit == 0);
    CHECK(contains(answer.out, "\"simulated\": true"));
    CHECK(contains(answer.out, "\"state\": \"promoted\""));
    CHECK(contains(answer.out, "\"ready_after_seconds\": 45"));
    CHECK(contains(answer.out, "\"type\": \"step.started\""));
    CHECK(contains(answer.out, "\"broken\": []"));
}

TEST_CASE("what a rehearsal does not know is refused with what it knows", "[cli]") {
    Shell shell;
    const auto refused = [&shell](const std::string& words, const std::string& why) {
        CAPTURE(words);
        const auto answer = shell.run("rehearse " + words + on_web);
        INFO(answer.out << answer.err);
        CHECK(answer.exit == 2);
        CHECK(contains(answer.err, why));
        CHECK(answer.out.empty());
    };
    refused("canary v2 --fail pod-crsh", "is not one of: pod-crash, pod-unready, image-missing");
    refused("canary v2 --fail pod-crsh", "did you mean `pod-crash`?");
    refused("canary v2 --fail pod-crash@2", "names no step");
    refused("canary v2 --fail pod-crash@step0", "names no step");
    refused("canary v2 --fail pod-crash@step99", "pod-crash@step99 names no step: this plan has ");
    refused("canary v2 --fail pod-crash=3", "pod-crash takes no value");
    refused("canary v2 --fail errors", "errors needs a share");
    refused("canary v2 --fail errors=120%", "errors needs a share");
    refused("canary v2 --fail api-down=soon", "`soon` is no duration");
    refused("canary v2 --seed x", "is no whole number");
    refused("canary v2 --seed 99999999999", "is out of range");
    refused("canary v2 --ready-after 8760h", "ready within 24h");
    refused("purple v2", "`purple` is not one of: canary, blue-green, rolling");
}

TEST_CASE("a quota leaves a rehearsal the room that it leaves the rollout", "[cli]") {
    for (const bool has_room : {true, false}) {
        CAPTURE(has_room);
        Shell shell;
        shell.parts.world.add(simcluster::a_pod_quota(has_room ? 8 : 4)).settle();
        const auto answer = shell.run("rehearse rolling v2" + on_web);
        INFO(answer.out << answer.err);
        CHECK(answer.exit == (has_room ? 0 : 4));
        CHECK(contains(answer.out, unbroken) == has_room);
        CHECK(contains(answer.err, "ResourceQuota/pods leaves room for 0 pods") == !has_room);
        shell.parts.world.forbid("list", "resourcequotas");
        CHECK(shell.run("rehearse rolling v2" + on_web).exit == 0);
    }
}

TEST_CASE("two versions of one name cannot be rehearsed, and it is said why", "[cli]") {
    Shell shell;
    shell.parts.images.has("mirror/shop/web:v1", "sha256:" + std::string(64, '5'));
    const auto answer =
        shell.run("rehearse canary v1 --workload deploy/web -n shop --image mirror/shop/web");
    INFO(answer.out << answer.err);
    CHECK(answer.exit == 4);
    CHECK(contains(answer.err, "are both called v1"));
    CHECK(contains(answer.err, "could not tell the new ones from the old ones"));
}

TEST_CASE("what cannot start cannot be rehearsed", "[cli]") {
    Shell shell;
    CHECK(shell.run("rehearse canary v9" + on_web).exit == 4);
    CHECK(contains(shell.run("rehearse canary v1" + on_web).out, "nothing to rehearse"));
    CHECK(
        shell.run("rollout canary v3-errors -q --on-failure hold --on-pause exit" + on_web).exit ==
        5
    );
    const auto answer = shell.run("rehearse canary v2" + on_web);
    CHECK(answer.exit == 9);
    CHECK(contains(answer.err, "rehearse once it has ended"));
}

TEST_CASE("a rehearsal tells what the command itself would end with", "[cli]") {
    Shell shell;
    const auto text = shell.run("rehearse canary v2 --fail store-full@step6" + on_web);
    CHECK(text.exit == 0);
    CHECK(contains(text.out, "runner-1 has left it, exit code 11: "));
    CHECK(contains(text.out, "The command that began it would end with exit code 11; "));
    const auto line = "rehearse canary v2 -o json --fail ";
    const auto data = documents::read_json(shell.run(line + ("runner-killed@step5" + on_web)).out);
    REQUIRE(data.items("/runs").size() == 2);
    CHECK(data.at("/runs/0/exit").is_null());
    CHECK(data.at("/runs/1/exit") == Value(0));
    const auto down = documents::read_json(shell.run(line + ("api-down=2m@step5" + on_web)).out);
    CHECK(down.at("/runs/0/exit") == Value(8));
    const auto plain = shell.run("rehearse canary v2" + on_web);
    CHECK_FALSE(contains(plain.out, "The command that began it"));
}
