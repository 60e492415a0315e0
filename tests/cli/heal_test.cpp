// SPDX-License-Identifier: Apache-2.0
// heal: what it finds, what it does about it, and with which exit code.
#include "documents/json.hpp"
#include "simcluster/run.hpp"
#include "tests/cli/shell.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>

using namespace deployctl;
using simcluster::in_shop;
using simcluster::run;
using tests::on_web;
using tests::Shell;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// v2 was promoted and serves.
struct Promoted : Shell {
    Promoted() {
        CHECK(run("rollout canary v2 -q" + on_web).exit == 0);
        parts.world.settle();
    }

    tests::Answer heal(const std::string& more) {
        return run("rollout heal " + more + " --app web -n shop");
    }

    std::string image() {
        return parts.world.object(in_shop(Kind::deployment, "web"))
            .text("/spec/template/spec/containers/0/image");
    }

    /// One pod of the release is in a crash loop: as the kubelet says it.
    std::string make_one_ill() {
        for (const auto& pod : parts.world.world().pods) {
            if (!pod.ready || pod.is_leaving()) {
                continue;
            }
            const auto name = pod.meta.name;
            parts.world.edit(in_shop(Kind::pod, name), [](Value& object) {
                object.set(
                    "/status/containerStatuses",
                    documents::read_json(
                        R"([{"name":"web","ready":false,"restartCount":5,
                             "state":{"waiting":{"reason":"CrashLoopBackOff"}},
                             "lastState":{"terminated":{"exitCode":1,"reason":"Error"}}}])"
                    )
                );
                object.set(
                    "/status/conditions",
                    documents::read_json(R"([{"type":"Ready","status":"False"}])")
                );
            });
            return name;
        }
        return "";
    }

    /// One that has not ended, by somebody who lives.
    void begin_rollout(RolloutState state) {
        NewRollout made;
        made.record.id = "01900000-0000-7000-8000-00000000000a";
        made.record.target = simcluster::run(parts.entries->list({})).front().target;
        made.record.owner.identity = "eve@laptop";
        parts.people.say("eve@laptop", Liveness::alive);
        simcluster::run(parts.entries->begin(made));
        using enum RolloutState;
        std::vector<Entry> entries{StateChanged{pending, running, Direction::forward, "", {}}};
        if (state != running) {
            entries.emplace_back(StateChanged{running, state, Direction::forward, "", {}});
        }
        simcluster::run(parts.entries->append(made.record.id, 1, entries));
    }

    std::vector<Operation> deeds() { return simcluster::run(parts.deeds->operations({})); }
};

}  // namespace

TEST_CASE("a release that is well is left alone, and nothing is written down", "[cli]") {
    Promoted shell;
    const auto answer = shell.heal("--once");
    CHECK(answer.exit == 0);
    CHECK(contains(answer.out, "v2 is well: 4 of 4 pods ready"));
    CHECK(shell.deeds().empty());
}

TEST_CASE("a doomed pod is restarted, and the journal has it", "[cli]") {
    Promoted shell;
    const auto name = shell.make_one_ill();
    shell.parts.time.advance(seconds(1));
    CHECK(shell.heal("--dry-run").exit == 3);
    CHECK(shell.deeds().empty());
    const auto answer = shell.heal("--once");
    CHECK(answer.exit == 0);
    CHECK(contains(answer.out, "healed: 4 of 4 pods ready"));
    CHECK(contains(answer.out, "restarted " + name + " (CrashLoopBackOff, exit 1, 5 restarts)"));
    CHECK(shell.parts.world.object(in_shop(Kind::pod, name)).is_null());
    REQUIRE(shell.deeds().size() == 1);
    CHECK(shell.deeds().front().state == OperationState::done);
    const auto events = run(shell.parts.deeds->operation_events(shell.deeds().front().id));
    REQUIRE(events.size() == 1);
    CHECK(events.front().data.text("/pod") == name);
}

TEST_CASE("restarts are counted over an hour; what is left is somebody's", "[cli]") {
    Promoted shell;
    shell.make_one_ill();
    shell.parts.time.advance(seconds(1));
    CHECK(shell.heal("--once --restarts 1").exit == 0);
    const auto name = shell.make_one_ill();
    shell.parts.time.advance(seconds(1));
    const auto answer = shell.heal("--once --restarts 1 -o json");
    CHECK(answer.exit == 5);
    const auto told = documents::read_json(answer.out);
    CHECK(told.at("/restarted") == Value::list({}));
    CHECK(contains(told.text("/headline"), name + ": CrashLoopBackOff"));
    CHECK(shell.deeds().front().state == OperationState::needs_human);
    shell.parts.time.advance(std::chrono::hours(2));
    CHECK(shell.heal("--once --restarts 1").exit == 0);
}

TEST_CASE(
    "a late failure goes back inside the bake window, and waits for somebody after it", "[cli]"
) {
    Promoted shell;
    const bool is_late = GENERATE(false, true);
    if (is_late) {
        shell.parts.time.advance(std::chrono::hours(2));
    }
    shell.parts.world.turn("v2", simcluster::crashing());
    shell.parts.time.advance(seconds(60));
    const auto answer = shell.heal("--once --bake 1h -q");
    CAPTURE(answer.out, answer.err);
    CHECK(answer.exit == (is_late ? 5 : 6));
    CHECK(contains(shell.image(), is_late ? ":v2" : ":v1"));
    REQUIRE(shell.deeds().size() == 1);
    const auto expected = is_late ? OperationState::needs_human : OperationState::undone;
    CHECK(shell.deeds().front().state == expected);
}

TEST_CASE("every so often it looks again, until somebody is needed", "[cli]") {
    Promoted shell;
    shell.parts.time.call_in(std::chrono::minutes(10), [&] {
        shell.parts.world.turn("v2", simcluster::crashing());
    });
    const auto began = shell.parts.time.elapsed();
    CHECK(shell.heal("--every 0s").exit == 2);
    CHECK(shell.heal("--once --restarts -1").exit == 2);
    CHECK(shell.heal("--every 30s").exit == 5);
    CHECK(shell.parts.time.elapsed() - began >= std::chrono::minutes(10));
}

TEST_CASE("heal keeps to one answer, one release and one healer", "[cli]") {
    Promoted shell;
    CHECK(shell.heal("--once --every 30s").exit == 2);
    const auto none = shell.run("rollout heal --once --app other -n shop");
    CHECK(none.exit == 4);
    CHECK(contains(none.err, "no promoted release of other"));
    shell.make_one_ill();
    shell.parts.time.advance(seconds(1));
    Operation other;
    other.id = "01900000-0000-7000-8000-000000000001";
    other.kind = "heal";
    other.app = "web";
    other.subject = "web";
    other.by = "eve@laptop";
    other.runner.identity = "eve@laptop";
    run(shell.parts.deeds->begin_operation(other));
    shell.parts.people.say("eve@laptop", Liveness::alive);
    CHECK(shell.heal("--once").exit == 9);
    shell.parts.people.say("eve@laptop", Liveness::dead);
    CHECK(shell.heal("--once").exit == 0);
}

TEST_CASE("another version than the one that was verified is told, and left alone", "[cli]") {
    Promoted shell;
    shell.parts.world.edit(in_shop(Kind::deployment, "web"), [](Value& object) {
        object.set("/spec/template/spec/containers/0/image", "registry/shop/web:v9");
    });
    shell.parts.world.settle();
    const auto answer = shell.heal("--once");
    CHECK(answer.exit == 5);
    CHECK(contains(answer.out, "nothing is restarted"));
    CHECK(contains(answer.out, "changed by somebody else: Deployment/web: image is"));
}

TEST_CASE("a rollout that stands still is somebody's, one that runs looks after itself", "[cli]") {
    Promoted shell;
    shell.make_one_ill();
    shell.parts.time.advance(seconds(1));
    SECTION("paused") {
        shell.begin_rollout(RolloutState::paused);
        const auto answer = shell.heal("--once");
        CHECK(answer.exit == 5);
        CHECK(contains(answer.out, "rollout 2 is paused; nobody watches it"));
    }
    SECTION("without a runner") {
        shell.begin_rollout(RolloutState::running);
        shell.parts.people.say("eve@laptop", Liveness::dead);
        const auto answer = shell.heal("--once");
        CHECK(answer.exit == 5);
        CHECK(contains(answer.out, "rollout 2 has lost its runner"));
    }
    SECTION("running") {
        shell.begin_rollout(RolloutState::running);
        const auto answer = shell.heal("--once");
        CHECK(answer.exit == 0);
        CHECK(contains(answer.out, "rollout 2 is under way"));
    }
    SECTION("of another journal") {
        shell.parts.world.edit(in_shop(Kind::lease, "deployctl-web"), [](Value& lease) {
            lease.set("/spec/holderIdentity", "eve@laptop");
            lease.set(annotation_pointer(mark::rollout), "0190-of-another");
            lease.set(annotation_pointer("deployctl.dev/state"), "running");
        });
        const auto answer = shell.heal("--once");
        CHECK(answer.exit == 0);
        CHECK(contains(answer.out, "rollout 0190-of-another (running)"));
    }
    CHECK(shell.deeds().empty());
}

TEST_CASE("heal lets go of the pods once a rollout begins", "[cli]") {
    Promoted shell;
    const auto first = shell.make_one_ill();
    const auto second = shell.make_one_ill();
    shell.parts.time.advance(seconds(1));
    const std::function<void()> begin_once_restarted = [&] {
        if (shell.parts.world.object(in_shop(Kind::pod, first)).is_null()) {
            shell.begin_rollout(RolloutState::running);
        } else {
            shell.parts.time.call_in(milliseconds(100), begin_once_restarted);
        }
    };
    begin_once_restarted();
    const auto answer = shell.heal("--once");
    CHECK(answer.exit == 0);
    CHECK(contains(answer.out, "rollout 2 is under way"));
    CHECK_FALSE(shell.parts.world.object(in_shop(Kind::pod, second)).is_null());
    REQUIRE(shell.deeds().size() == 1);
    CHECK(shell.deeds().front().result.items("/restarted").size() == 1);
}

TEST_CASE("heal that may not go back past a contract says so, and has ended", "[cli]") {
    Shell shell;
    const tests::Folder folder;
    const auto file = folder.write(
        "deploy.yaml",
        "apiVersion: deployctl/v1\napp: {name: web, image: registry/shop/web}\n"
        "hooks:\n"
        "  post_verify: [{name: contract, run: [migrate, contract], migration: contract}]\n"
        "environments: {production: {namespace: shop}}\n"
    );
    CHECK(shell.run("-f " + file + " rollout rolling v2 -q").exit == 0);
    shell.parts.world.settle();
    shell.parts.world.turn("v2", simcluster::crashing());
    shell.parts.time.advance(seconds(60));
    const auto answer = shell.run("-f " + file + " rollout heal --once --bake 1h");
    CHECK(answer.exit == 4);
    CHECK(contains(answer.err, "has run a contract migration"));
    const auto deeds = run(shell.parts.deeds->operations({}));
    const auto heal = std::ranges::find(deeds, "heal", &Operation::kind);
    REQUIRE(heal != deeds.end());
    CHECK(heal->state == OperationState::failed);
}
