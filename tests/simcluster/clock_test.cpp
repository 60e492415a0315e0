// SPDX-License-Identifier: Apache-2.0
#include "simcluster/run.hpp"
#include "simcluster/scripted_interrupts.hpp"
#include "simcluster/scripted_runners.hpp"
#include "simcluster/serial_ids.hpp"
#include "simcluster/virtual_clock.hpp"
#include "tests/fakes/fake_process.hpp"
#include "tests/fakes/fake_registry.hpp"
#include "tests/fakes/recording_sink.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::simcluster;
using namespace deployctl::tests;

TEST_CASE("sleeping moves time on at once and runs what falls due, in order", "[fakes]") {
    VirtualClock clock;
    std::string order;
    clock.call_in(seconds(2), [&] { order += "b"; });
    clock.call_in(seconds(1), [&] {
        order += "a";
        clock.call_in(seconds(1), [&] { order += "c"; });
    });
    clock.call_in(seconds(9), [&] { order += "z"; });
    const auto before = clock.boot_time();

    run(clock.sleep(seconds(5)));

    CHECK(order == "abc");
    CHECK(clock.boot_time() - before == seconds(5));
    CHECK(clock.next_due() == Duration(seconds(9)));
}

TEST_CASE("a jump of the wall clock leaves boot time and the server alone", "[fakes]") {
    VirtualClock clock;
    const auto wall = clock.now();
    const auto boot = clock.boot_time();
    clock.jump_wall(-std::chrono::hours(3));
    CHECK(clock.now() == wall - std::chrono::hours(3));
    CHECK(clock.boot_time() == boot);
    CHECK(clock.server_time() == wall);

    clock.reboot("boot-2");
    CHECK(clock.boot_time() == BootTime{});
    CHECK(clock.boot_id() == "boot-2");
}

TEST_CASE("a test that never ends is stopped", "[fakes]") {
    VirtualClock clock;
    clock.give_up_after(seconds(10));
    CHECK_THROWS_AS(run(clock.sleep(seconds(11))), std::logic_error);
}

TEST_CASE("ids count, and six characters tell two of them apart", "[fakes]") {
    SerialIds ids;
    const auto first = ids.next();
    const auto second = ids.next();
    CHECK(first == "00000100-0000-7000-8000-000000000001");
    CHECK(first < second);
    CHECK(first.substr(0, 6) != second.substr(0, 6));
}

TEST_CASE("signals come when they are sent, once", "[fakes]") {
    VirtualClock clock;
    ScriptedInterrupts interrupts(clock);
    interrupts.send_at(seconds(3), Interrupt::terminate);
    CHECK_FALSE(interrupts.take());
    clock.advance(seconds(3));
    CHECK(interrupts.take() == Interrupt::terminate);
    CHECK_FALSE(interrupts.take());
}

TEST_CASE("a registry knows its tags and can be out of reach", "[fakes]") {
    FakeRegistry registry;
    registry.has("registry/shop/web:v1", "sha256:11");
    CHECK(run(registry.resolve(read_image("registry/shop/web:v1"))).digest == "sha256:11");
    CHECK(
        run(registry.resolve(read_image("registry/shop/web:v9"))).kind ==
        TagAnswer::Kind::no_such_tag
    );
    registry.go_away();
    CHECK(
        run(registry.resolve(read_image("registry/shop/web:v1"))).kind ==
        TagAnswer::Kind::unreachable
    );
}

TEST_CASE("a program answers by the longest begin of its arguments, in turn", "[fakes]") {
    FakeProcess process;
    process.on({"kubectl"}, "any").on({"kubectl", "get"}, "first").on({"kubectl", "get"}, "then");
    const auto command = [](std::vector<std::string> argv) {
        Command made;
        made.argv = std::move(argv);
        return made;
    };
    const auto get = command({"kubectl", "get", "pods"});
    const auto other = command({"kubectl", "version"});
    const auto unknown = command({"helm"});
    CHECK(run(process.run(get)).output == "first");
    CHECK(run(process.run(get)).output == "then");
    CHECK(run(process.run(get)).output == "then");
    CHECK(run(process.run(other)).output == "any");
    CHECK(run(process.run(unknown)).end == CommandResult::End::not_started);
    CHECK(process.commands_text().starts_with("kubectl get pods\n"));
}

TEST_CASE("of other runners nobody knows whether they live, until it is said", "[fakes]") {
    ScriptedRunners runners("ada@laptop");
    const ScriptedRunners other("ben@desk");
    CHECK(runners.liveness(runners.self()) == Liveness::alive);
    CHECK(runners.liveness(other.self()) == Liveness::unknown);
    runners.say("ben@desk", Liveness::dead);
    CHECK(runners.liveness(other.self()) == Liveness::dead);
}

TEST_CASE("the sink keeps events and the last progress", "[fakes]") {
    RecordingSink sink;
    Event event;
    event.type = "step.started";
    sink.on_event(event);
    Progress progress;
    progress.stage = "25%";
    sink.on_progress(progress);
    CHECK(sink.count("step.started") == 1);
    CHECK(sink.last("step.started").type == "step.started");
    CHECK(sink.types_text() == "step.started\n");
    REQUIRE(sink.progress());
    CHECK(sink.progress()->stage == "25%");
}
