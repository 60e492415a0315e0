// SPDX-License-Identifier: Apache-2.0
#include "simcluster/run.hpp"
#include "tests/cli/golden_check.hpp"
#include "tests/cli/shell.hpp"

#include <sstream>
#include <stdexcept>

using namespace deployctl;
using tests::Folder;
using tests::on_web;
using tests::Shell;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// After a rollout that failed its gate and was rolled back; it is number 1.
struct AfterABadRollout : Shell {
    AfterABadRollout() { CHECK(run("rollout canary v3-errors -q" + on_web).exit == 6); }
};

}  // namespace

TEST_CASE(
    "a good version is promoted: exit 0, the result on stdout, the progress on stderr", "[cli]"
) {
    Shell shell;
    const auto answer = shell.run("rollout canary v2" + on_web);
    CHECK(answer.exit == 0);
    CHECK(answer.out.starts_with("✓ rollout 1 promoted: v2 serves"));
    tests::check_golden("canary_promoted.txt", answer.err);
}

TEST_CASE("a bad version comes back: exit 6, and the last word is why, in numbers", "[cli]") {
    Shell shell;
    const auto answer = shell.run("rollout canary v3-errors" + on_web);
    CHECK(answer.exit == 6);
    CHECK(answer.out.empty());
    tests::check_golden("canary_rolled_back.txt", answer.err);
    CHECK(contains(
        answer.err,
        "error[rolled-back]: v3-errors failed at 50% and was rolled back. v1 serves 100%"
    ));
}

TEST_CASE("a crashing version shows its pods and their last words", "[cli]") {
    Shell shell;
    const auto answer = shell.run("rollout rolling v5-crash -q" + on_web);
    CHECK(answer.exit == 6);
    CHECK(contains(answer.err, "ERROR cannot open the database"));
    CHECK(contains(answer.err, "CrashLoopBackOff"));
}

TEST_CASE("logs that may not be read are said to be so", "[cli]") {
    Shell shell;
    auto& parts = shell.parts;
    parts.time.call_at(parts.time.elapsed() + seconds(3), [&parts] {
        parts.world.forbid("get", "pods/log");
    });
    const auto answer = shell.run("rollout rolling v5-crash -q" + on_web);
    CHECK(answer.exit == 6);
    CHECK(contains(answer.err, "log    not permitted (pods/log)\n"));
    CHECK(contains(shell.run("logs 1 --kept").out, "not permitted (pods/log)\n"));
}

TEST_CASE(
    "as data, the result of a rollout has the rollout, its cause and the exit code", "[cli]"
) {
    Shell shell;
    const auto bad = shell.run("rollout canary v3-errors -o json -q" + on_web);
    CHECK(bad.exit == 6);
    CHECK(contains(bad.out, "\"state\": \"rolled_back\""));
    CHECK(contains(bad.out, "\"exit\": 6"));
    CHECK(contains(bad.out, "\"v\": 1"));
    const auto good = shell.run("rollout blue-green v2 -o name --progress quiet" + on_web);
    CHECK(good.exit == 0);
    CHECK(good.out == "2\n");
    CHECK(good.err.empty());
}

TEST_CASE("a version that runs already is nothing to do", "[cli]") {
    Shell shell;
    CHECK(shell.run("rollout rolling v2 -q" + on_web).exit == 0);
    const auto again = shell.run("rollout rolling v2" + on_web);
    CHECK(again.exit == 0);
    CHECK(again.out == "✓ nothing to do: web runs v2 already\n");
    CHECK(shell.run("plan v2 --strategy rolling --exit-code" + on_web).exit == 0);
}

TEST_CASE("a tag that does not exist, or is none, changes nothing", "[cli]") {
    Shell shell;
    const auto missing = shell.run("rollout canary v9" + on_web);
    CHECK(missing.exit == 4);
    CHECK(contains(missing.err, "no image registry/shop/web:v9 in the registry"));
    CHECK(contains(shell.run("rollout canary web:v2" + on_web).err, "`web:v2` is no tag"));
    CHECK(shell.run("rollout canary web:v2" + on_web).exit == 2);
    CHECK(shell.parts.world.writes().empty());
}

TEST_CASE(
    "a registry that cannot be reached is a warning, unless the digest is required", "[cli]"
) {
    Shell shell;
    shell.parts.images.go_away();
    const auto answer = shell.run("plan v2 --strategy canary" + on_web);
    CHECK(answer.exit == 0);
    CHECK(contains(
        answer.out,
        "the registry does not say which digest registry/shop/web:v2 has: connection refused"
    ));
}

TEST_CASE("workload, container and permission that are missing are named", "[cli]") {
    Shell shell;
    const auto workload = shell.run(
        "plan v2 --strategy canary --workload deploy/wbe -n shop --image registry/shop/web"
    );
    CHECK(workload.exit == 2);
    CHECK(contains(workload.err, "Deployments there: web"));
    CHECK(shell.run("plan v2 --strategy canary --container nginx" + on_web).exit == 2);
    CHECK(contains(shell.run("plan v2 --workload sts/web").err, "is no Deployment"));
    const auto wrong = shell.run("plan v2 --workload deploy/Web -n Shop --image registry/web:v1");
    CHECK(wrong.exit == 2);
    for (const auto* flag : {"--workload", "--namespace", "--image"}) {
        CHECK(contains(wrong.err, std::string("--> ") + flag));
    }
    shell.parts.world.forbid("patch", "deployments");
    const auto forbidden = shell.run("rollout canary v2" + on_web);
    CHECK(forbidden.exit == 4);
    CHECK(contains(forbidden.err, "patch deployments"));
    CHECK(shell.parts.world.writes().empty());
}

TEST_CASE("a health gate asks only what a readiness probe asks that a gate can ask", "[cli]") {
    Shell shell;
    const std::string line = "plan v2 --strategy canary" + on_web;
    CHECK_FALSE(contains(shell.run(line).err, "no health gate"));
    shell.parts.world.edit(simcluster::in_shop(Kind::deployment, "web"), [](Value& web) {
        web.set("/spec/template/spec/containers/0/readinessProbe/httpGet/scheme", "HTTPS");
    });
    shell.parts.world.settle();
    const auto answer = shell.run(line);
    CHECK(contains(answer.out + answer.err, "no health gate: container web has no readiness probe")
    );
}

TEST_CASE("a plan shows what changes, weights with pod counts, steps, and the way back", "[cli]") {
    Shell shell;
    const auto answer = shell.run("plan v2 --strategy canary --steps 25,50 --exit-code" + on_web);
    CHECK(answer.exit == 3);
    tests::check_golden("plan_canary.txt", answer.out);
    CHECK(answer.err.empty());
    CHECK(shell.parts.world.writes().empty());
    tests::check_golden(
        "plan_canary.json", shell.run("plan v2 --strategy canary -o json" + on_web).out
    );
}

TEST_CASE("a kept plan holds a rollout to it", "[cli]") {
    Shell shell;
    const Folder folder;
    const auto file = folder.path("plan.json");
    CHECK(shell.run("plan v2 --strategy canary --out " + file + on_web).exit == 0);
    CHECK(contains(folder.read("plan.json"), "\"hash\""));
    CHECK(shell.run("rollout canary v2 --dry-run --plan " + file + on_web).exit == 0);
    const auto other = shell.run("rollout canary v2 --steps 50 --plan " + file + on_web);
    CHECK(other.exit == 4);
    CHECK(contains(other.err, "the plan is not the one in"));
    CHECK(contains(other.err, "/course/steps"));
    folder.write("none.json", "{}");
    CHECK(shell.run("rollout canary v2 --plan " + folder.path("none.json") + on_web).exit == 2);
    CHECK(shell.parts.world.writes().empty());
    CHECK(shell.run("rollout canary v2 -q --plan " + file + on_web).exit == 0);
}

TEST_CASE("a dry run shows the plan and stops", "[cli]") {
    Shell shell;
    const auto answer = shell.run("rollout blue-green v2 --dry-run" + on_web);
    CHECK(answer.exit == 0);
    CHECK(contains(answer.err, "Dry run: nothing was changed."));
    CHECK(shell.parts.world.writes().empty());
    CHECK(shell.run("rollout list").out == "no rollouts\n");
}

TEST_CASE("somebody at a terminal is asked, and no is an answer", "[cli]") {
    Shell shell;
    shell.has_terminal = true;
    const auto declined = shell.run_with_input("rollout canary v2" + on_web, "n\n");
    CHECK(declined.exit == 4);
    CHECK(contains(declined.err, "Start this rollout?"));
    CHECK(contains(declined.err, "[y/N]"));
    CHECK(shell.parts.world.writes().empty());
    CHECK(shell.run_with_input("rollout canary v2" + on_web, "\n").exit == 4);
    CHECK_FALSE(contains(
        shell.run_with_input("rollout canary v2 --no-input -q" + on_web, "n\n").err, "[y/N]"
    ));
}

TEST_CASE("the flag -y answers yes", "[cli]") {
    Shell shell;
    shell.has_terminal = true;
    const auto answer = shell.run_with_input("rollout rolling v2 -y -q" + on_web, "n\n");
    CHECK(answer.exit == 0);
}

TEST_CASE(
    "events go to a file as well: the first line names the version, the last is the end", "[cli]"
) {
    Shell shell;
    const Folder folder;
    const auto line = "rollout canary v3-errors -q --events " + folder.path("e.ndjson") +
                      " --log-file " + folder.path("log.txt") + " --summary " +
                      folder.path("s.md") + on_web;
    CHECK(shell.run(line).exit == 6);
    const auto events = folder.read("e.ndjson");
    CHECK(events.starts_with("{\"program\":\"deployctl "));
    const auto last = events.substr(events.rfind('\n', events.size() - 2) + 1);
    CHECK(contains(last, "\"type\":\"rollout.finished\""));
    CHECK(contains(last, "\"exit\":6"));
    CHECK(contains(folder.read("log.txt"), "write patch Deployment/web-canary"));
    CHECK(contains(folder.read("s.md"), "| web |"));
    CHECK(contains(folder.read("s.md"), "  why     health"));
}

TEST_CASE("progress as JSON is alone on its stream", "[cli]") {
    Shell shell;
    const auto answer = shell.run("rollout rolling v2 --progress json" + on_web);
    std::istringstream lines(answer.err.substr(answer.err.find('{')));
    std::string line;
    while (std::getline(lines, line)) {
        CHECK(line.starts_with("{"));
    }
    CHECK(contains(answer.err, "\"type\":\"rollout.finished\""));
}

TEST_CASE("a failure may be held instead of rolled back", "[cli]") {
    Shell shell;
    const auto answer =
        shell.run("rollout canary v3-errors --on-failure hold --on-pause exit" + on_web);
    CHECK(answer.exit == 5);
    CHECK(contains(answer.err, "deployctl rollout resume 1"));
    CHECK(contains(shell.run("rollout status").out, "paused"));
}

TEST_CASE(
    "status, list, history, show, explain, logs and events tell of a rollout that came back",
    "[cli]"
) {
    AfterABadRollout shell;
    tests::check_golden("status_rolled_back.txt", shell.run("rollout status").out);
    tests::check_golden("list.txt", shell.run("rollout list").out);
    tests::check_golden("history_wide.txt", shell.run("history -o wide").out);
    tests::check_golden("show.txt", shell.run("show 1").out);
    tests::check_golden("explain.txt", shell.run("explain 1").out);
    CHECK(contains(shell.run("explain 1 --step 4").out, "wait until 1 candidate pod is ready"));
    CHECK(shell.run("explain 1 --step 400").exit == 2);
    CHECK(contains(shell.run("logs 1 --kept").out, "==> web-canary-"));
    CHECK(contains(shell.run("logs 1 --track stable --lines 5").out, "listening on :8080"));
    const auto events = shell.run("events 1 -o ndjson").out;
    CHECK(events.starts_with("{"));
    CHECK(contains(events, "\"type\":\"rollout.cause\""));
    CHECK(shell.run("events 1 --follow").exit == 0);
    CHECK(shell.run("rollout watch 1 -q").exit == 6);
    CHECK(contains(shell.run("rollout watch 1 --events /dev/null --timeout 1s").err, "rollout=1"));
}

TEST_CASE("data never leaves a field out, and names are one a line", "[cli]") {
    AfterABadRollout shell;
    tests::check_golden("list.json", shell.run("rollout list -o json").out);
    tests::check_golden("status.yaml", shell.run("rollout status 1 -o yaml").out);
    CHECK(shell.run("rollout list -o name").out == "1\n");
    CHECK(shell.run("rollout list --active -o name").out.empty());
    CHECK(shell.run("history --result promoted -o name").out.empty());
    CHECK(shell.run("history --result rolled_back --since 1d --limit 5 -o name").out == "1\n");
}

TEST_CASE("an empty journal, and a rollout that is not in it, say so", "[cli]") {
    Shell shell;
    CHECK(contains(shell.run("rollout status").err, "the journal has no rollout"));
    CHECK(shell.run("rollout status").exit == 2);
    CHECK(contains(shell.run("show 77").err, "no rollout `77`"));
    CHECK(shell.run("rollout list").exit == 0);
}

TEST_CASE(
    "a paused rollout can be resumed, retried, advanced, aborted and rolled back from another "
    "shell",
    "[cli]"
) {
    const std::string verb = GENERATE("resume", "retry", "advance", "abort", "rollback");
    INFO(verb);
    Shell shell;
    CHECK(
        shell.run("rollout canary v3-errors -q --on-failure hold --on-pause exit" + on_web).exit ==
        5
    );
    shell.parts.people.say("ada@laptop", Liveness::dead);
    shell.parts.world.behave("v3-errors", simcluster::good());
    const auto answer = shell.run("rollout " + verb + " --reason mended -q");
    CHECK(answer.exit == 0);
    const auto* state = verb == "abort" || verb == "rollback" ? "rolled back" : "promoted";
    CHECK(contains(answer.out, state));
}

TEST_CASE("abort and rollback want a reason, and a rollout that has ended is left alone", "[cli]") {
    AfterABadRollout shell;
    CHECK(contains(shell.run("rollout abort 1").err, "needs --reason"));
    CHECK(shell.run("rollout rollback 1").exit == 2);
    const auto writes = shell.parts.world.writes().size();
    const auto answer = shell.run("rollout abort 1 --reason late");
    CHECK(answer.exit == 0);
    CHECK(contains(answer.out, "nothing to do"));
    CHECK(shell.run("rollout pause 1").exit == 0);
    CHECK(shell.parts.world.writes().size() == writes);
}

TEST_CASE("a rollback after a promotion is a rollout to the version before", "[cli]") {
    Shell shell;
    CHECK(shell.run("rollout canary v2 -q" + on_web).exit == 0);
    const auto answer = shell.run("rollout rollback --reason 'orders fail' -q");
    CHECK(answer.exit == 0);
    CHECK(contains(answer.out, "rollout 2 promoted: v1 serves"));
    const auto further = shell.run("rollout rollback --to v2 --reason back -q");
    CHECK(further.exit == 0);
    CHECK(contains(further.out, "v2 serves"));
}

TEST_CASE("with no journal at all the cluster's own record is enough", "[cli]") {
    Shell shell;
    CHECK(
        shell.run("rollout canary v3-errors -q --on-failure hold --on-pause exit" + on_web).exit ==
        5
    );
    shell.parts.lose_journal();
    CHECK(shell.run("rollout status").exit == 2);
    CHECK(contains(shell.run("rollout rollback --from-cluster --reason lost").err, "which app?"));
    const auto line =
        "rollout rollback --from-cluster --app web -n shop --reason 'state file deleted' -q";
    const auto answer = shell.run(line);
    CHECK(answer.exit == 0);
    CHECK(contains(answer.out, "rolled back"));
    CHECK(contains(
        shell.parts.world.object(simcluster::in_shop(Kind::deployment, "web"))
            .text("/spec/template/spec/containers/0/image"),
        ":v1"
    ));
    const auto again = shell.run(line);
    CHECK(again.exit == 0);
    CHECK(contains(again.out, "nothing to roll back"));
    shell.parts.lose_journal();
    CHECK(
        shell.run(line).out ==
        "✓ nothing to roll back: the last rollout of web has ended (rolled_back)\n"
    );
    CHECK(contains(
        shell.run("rollout rollback --from-cluster --app none -n shop --reason lost").err,
        "no Lease/deployctl-none"
    ));
}

TEST_CASE("a rollout whose runner is alive is asked through the journal", "[cli]") {
    Shell shell;
    CHECK(
        shell.run("rollout canary v3-errors -q --on-failure hold --on-pause exit" + on_web).exit ==
        5
    );
    CHECK(shell.run("rollout pause --reason check -q").exit == 0);
    const auto answer = shell.run("rollout advance --reason 'looks good' --timeout 2s -q");
    CHECK(answer.exit == 8);
    auto rollouts = simcluster::run(shell.parts.store().list({}));
    const auto asked = simcluster::run(shell.parts.store().pending_requests(rollouts.front().id));
    REQUIRE(asked.size() == 2);
    CHECK(asked.back().kind == RequestKind::advance);
    CHECK(asked.back().reason == "looks good");
    CHECK(asked.back().by == "ada@laptop");
}

TEST_CASE("a pause is recorded where the runner is gone, and the next resume stands", "[cli]") {
    Shell shell;
    auto& time = shell.parts.time;
    time.call_at(time.elapsed() + seconds(20), [] { throw std::runtime_error("killed"); });
    CHECK_THROWS(shell.run("rollout canary v2 -q" + on_web));
    shell.parts.people.say("ada@laptop", Liveness::dead);
    for (int time_asked = 0; time_asked < 2; ++time_asked) {
        const auto asked = shell.run("rollout pause 1 --reason lunch");
        CHECK(asked.exit == 0);
        CHECK(contains(asked.out, "pause recorded; no runner is alive"));
        CHECK(contains(asked.out, "deployctl rollout resume 1"));
    }
    const auto writes = shell.parts.world.writes_text();
    const auto held = shell.run("rollout resume 1 --on-pause exit");
    CHECK(held.exit == 5);
    CHECK(contains(held.err, "paused by ada@laptop: lunch"));
    const auto* fold = "/spec/replicas";
    CHECK_FALSE(contains(shell.parts.world.writes_text().substr(writes.size()), fold));
    CHECK(shell.run("rollout resume 1 -q").exit == 0);
}

TEST_CASE("pausing what nobody runs says that it stands still", "[cli]") {
    Shell shell;
    CHECK(
        shell.run("rollout canary v3-errors -q --on-failure hold --on-pause exit" + on_web).exit ==
        5
    );
    shell.parts.people.say("ada@laptop", Liveness::dead);
    const auto answer = shell.run("rollout pause");
    CHECK(answer.exit == 5);
    CHECK(contains(answer.err, "it stands still already"));
}

TEST_CASE("a rollout is refused while another one is active", "[cli]") {
    Shell shell;
    CHECK(
        shell.run("rollout canary v3-errors -q --on-failure hold --on-pause exit" + on_web).exit ==
        5
    );
    const auto answer = shell.run("rollout rolling v2 -q" + on_web);
    CHECK(answer.exit == 9);
    CHECK(contains(answer.err, "rollout 1 (v3-errors) of web is paused"));
}

TEST_CASE(
    "with --wait-lock a rollout waits for the active one to end, and plans after it", "[cli]"
) {
    Shell shell;
    CHECK(
        shell.run("rollout canary v3-errors -q --on-failure hold --on-pause exit" + on_web).exit ==
        5
    );
    shell.parts.people.say("ada@laptop", Liveness::dead);
    SECTION("it ends") {
        shell.parts.time.call_in(seconds(90), [&shell] {
            CHECK(shell.run("rollout abort --reason enough -q").exit == 0);
        });
        const auto answer =
            shell.run("rollout rolling v2 --progress plain --wait-lock 10m" + on_web);
        CHECK(answer.exit == 0);
        CHECK(answer.err.starts_with("waiting for rollout 1 (canary v1 → v3-errors, paused)\n"));
        CHECK(contains(answer.out, "rollout 2 promoted: v2 serves"));
    }
    SECTION("it does not") {
        const auto begun = shell.parts.time.elapsed();
        const auto answer = shell.run("rollout rolling v2 -q --wait-lock 5m" + on_web);
        CHECK(answer.exit == 9);
        CHECK(contains(answer.err, "after 5m there still is rollout 1 (canary v1 → v3-errors"));
        CHECK(shell.parts.time.elapsed() - begun >= minutes(5));
    }
}

TEST_CASE(
    "a version that runs already is no reason to say all is well while a rollout is active", "[cli]"
) {
    Shell shell;
    CHECK(
        shell.run("rollout canary v3-errors -q --on-failure hold --on-pause exit" + on_web).exit ==
        5
    );
    const auto answer = shell.run("rollout canary v1 -q" + on_web);
    CHECK(answer.exit == 9);
    CHECK(contains(answer.err, "v1 runs in web now, but rollout 1 (canary v1 → v3-errors"));
    CHECK(contains(shell.run("plan v1 --strategy canary" + on_web).out, "is active: what runs now")
    );
}

TEST_CASE("a rollout that did not get the lock is recorded as aborted, and told so", "[cli]") {
    Shell shell;
    CHECK(shell.run("rollout rolling v2 -q" + on_web).exit == 0);
    const JsonPatch change{{PatchVerb::add, "/spec/holderIdentity", "eve@ci"}};
    const auto lease = simcluster::in_shop(Kind::lease, "deployctl-web");
    CHECK(simcluster::run(shell.parts.world.patch(lease, change)).answer == WriteAnswer::done);
    const auto answer = shell.run("rollout rolling v1" + on_web);
    CHECK(answer.exit == 9);
    CHECK(contains(answer.err, "v1 was not started"));
    CHECK(contains(answer.err, "the lock of web is held by eve@ci"));
    CHECK(contains(shell.run("rollout list --limit 1").out, "aborted"));
}

TEST_CASE("with --wait-lock a rollout waits for one of another machine too", "[cli]") {
    Shell shell;
    CHECK(shell.run("rollout rolling v2 -q" + on_web).exit == 0);
    const auto hold = [&shell](const std::string& holder) {
        const JsonPatch change{{PatchVerb::add, "/spec/holderIdentity", holder}};
        const auto lease = simcluster::in_shop(Kind::lease, "deployctl-web");
        CHECK(simcluster::run(shell.parts.world.patch(lease, change)).answer == WriteAnswer::done);
    };
    hold("eve@ci");
    const auto refused = shell.run("rollout rolling v1 -q --wait-lock 5s" + on_web);
    CHECK(refused.exit == 9);
    CHECK(contains(refused.err, "after 5s there still is the rollout of eve@ci on laptop"));
    shell.parts.time.call_in(seconds(7), [&hold] { hold(""); });
    CHECK(shell.run("rollout rolling v1 -q --wait-lock 10s" + on_web).exit == 0);
}

TEST_CASE("after a shift of the traffic, retry goes forward again, and rollback ends it", "[cli]") {
    Shell shell;
    shell.parts.signals.send_at(shell.parts.time.elapsed() + seconds(20), Interrupt::interrupt);
    CHECK(shell.run("rollout canary v2 -q --on-interrupt shift" + on_web).exit == 8);
    shell.parts.people.say("ada@laptop", Liveness::dead);
    const auto status = shell.run("rollout status 1");
    INFO(status.out);
    CHECK(contains(status.out, "! 10%"));
    SECTION("retry") {
        const auto answer = shell.run("rollout retry 1 --reason 'false alarm' -q");
        CHECK(answer.exit == 0);
        CHECK(contains(answer.out, "rollout 1 promoted: v2 serves"));
        CHECK(contains(shell.run("events 1").out, "retried by ada@laptop"));
    }
    SECTION("rollback") {
        CHECK(shell.run("rollout rollback 1 --reason 'no good' -q").exit == 0);
    }
}

TEST_CASE("what was aborted is not retried, and it says what to do instead", "[cli]") {
    Shell shell;
    auto& time = shell.parts.time;
    time.call_at(time.elapsed() + seconds(20), [&shell] {
        const auto number = simcluster::run(shell.parts.store().list({})).front().id;
        simcluster::run(shell.parts.store().make_request(
            number, {0, RequestKind::abort, "eve@ci", "wrong branch"}
        ));
    });
    shell.parts.signals.send_at(time.elapsed() + seconds(21), Interrupt::hold);
    CHECK(shell.run("rollout canary v2 -q" + on_web).exit == 8);
    const auto answer = shell.run("rollout retry 1");
    CHECK(answer.exit == 2);
    INFO(answer.err);
    CHECK(contains(answer.err, "rollout 1 (v2) is on its way back: aborted by eve@ci"));
    CHECK(contains(answer.err, "deployctl rollout rollback 1 --reason TEXT"));
}

TEST_CASE("a rollout whose journal is elsewhere is in the way, and it says what to do", "[cli]") {
    Shell shell;
    CHECK(
        shell.run("rollout canary v3-errors -q --on-failure hold --on-pause exit" + on_web).exit ==
        5
    );
    shell.parts.lose_journal();
    const auto back = "deployctl rollout rollback --from-cluster";
    SECTION("plan warns") {
        const auto plan = shell.run("plan v2 --strategy rolling" + on_web);
        CHECK(contains(plan.out, "(paused) on laptop is active: nothing starts before its end"));
    }
    SECTION("start is refused, as is a version that runs already") {
        for (const auto* version : {"v1", "v2"}) {
            const auto refused = shell.run(std::string("rollout rolling -q ") + version + on_web);
            CHECK(refused.exit == 9);
            CHECK(contains(refused.err, "(paused) on laptop"));
            CHECK(contains(refused.err, back));
            CHECK(contains(refused.err, "deployctl rollout adopt"));
        }
    }
    SECTION("it is waited for") {
        const auto refused = shell.run("rollout rolling v2 -q --wait-lock 5s" + on_web);
        CHECK(refused.exit == 9);
        CHECK(contains(refused.err, "after 5s there still is rollout "));
    }
}

TEST_CASE("a person's own stop is not told as a failure of the version", "[cli]") {
    Shell shell;
    auto& time = shell.parts.time;
    time.call_in(seconds(20), [&shell] {
        const auto id = simcluster::run(shell.parts.store().list({})).front().id;
        const Request request{0, RequestKind::abort, "eve@ci", "wrong branch"};
        simcluster::run(shell.parts.store().make_request(id, request));
    });
    const auto aborted = shell.run("rollout canary v2 -q" + on_web);
    CHECK(aborted.exit == 6);
    CHECK(contains(aborted.err, "error[rolled-back]: v2 was taken back, as asked. v1 serves 100%\n")
    );
    CHECK(contains(aborted.err, "why     aborted by eve@ci: wrong branch"));
    shell.parts.signals.send_at(time.elapsed() + seconds(20), Interrupt::rollback);
    const auto stopped = shell.run("rollout canary v2 -q" + on_web);
    CHECK(stopped.exit == 6);
    CHECK(contains(stopped.err, "v2 was taken back, as asked."));
    CHECK_FALSE(contains(stopped.err, "failed"));
}

TEST_CASE("a Lease that is taken away is told, with the way on", "[cli]") {
    Shell shell;
    shell.parts.time.call_in(seconds(20), [&shell] {
        shell.parts.world.erase(simcluster::in_shop(Kind::lease, "deployctl-web"));
    });
    const auto lost = shell.run("rollout canary v2 -q" + on_web);
    CHECK(lost.exit == 9);
    CHECK(contains(lost.err, "Lease/deployctl-web was deleted while this rollout held it"));
    CHECK(contains(lost.err, "next    deployctl rollout resume 1"));
    CHECK(contains(lost.err, "deployctl rollout abort 1"));
}

TEST_CASE("a workload without pods is refused by every strategy, and planned by none", "[cli]") {
    Shell shell;
    shell.parts.world.edit(simcluster::in_shop(Kind::deployment, "web"), [](Value& object) {
        object.set("/spec/replicas", 0);
    });
    shell.parts.world.settle();
    for (const std::string strategy : {"canary", "blue-green", "rolling"}) {
        CAPTURE(strategy);
        const auto plan = shell.run("plan v2 --strategy " + strategy + tests::on_web);
        CHECK(plan.exit == 4);
        CHECK(plan.err.find("Deployment/web is scaled to 0") != std::string::npos);
        CHECK(shell.run("rollout " + strategy + " v2 -y" + tests::on_web).exit == 4);
    }
}

TEST_CASE("a tag that no registry takes is refused before anything is asked", "[cli]") {
    Shell shell;
    const auto answer = shell.run("plan " + std::string(129, 'v') + on_web);
    CHECK(answer.exit == 2);
    CHECK(contains(answer.err, "the tag is longer than 128 letters"));
}
