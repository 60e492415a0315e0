// SPDX-License-Identifier: Apache-2.0
// Public failure stories of other tools, played here: traffic, capacity, going back. The numbers
// are those of docs/failure-stories.md.
#include "simcluster/run.hpp"
#include "simcluster/traffic.hpp"
#include "tests/engine/stage.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace deployctl;
using namespace deployctl::simcluster;
using namespace deployctl::tests;

namespace {

const std::string promoted = "registry/shop/web:v2 x4, candidate x0, app=web";
const std::string restored = "registry/shop/web:v1 x4, candidate x0, app=web";
const auto web = in_shop(Kind::deployment, "web");
const auto service = in_shop(Kind::service, "web");

void ask_at(Stage& stage, Duration after, RequestKind kind) {
    stage.clock.call_in(after, [&stage, kind] {
        const auto newest = stage.newest();
        if (!is_terminal(newest.state)) {
            run(stage.store.make_request(newest.id, {0, kind, "eve@ci", "wrong branch"}));
        }
    });
}

/// What the Service selected, one after the other.
std::vector<std::string> selectors_written(const Stage& stage) {
    std::vector<std::string> written;
    for (const auto& write : stage.cluster.writes()) {
        for (const auto& change : write.patch) {
            const bool is_selector =
                change.verb != PatchVerb::test && change.path.starts_with("/spec/selector");
            if (write.ref == service && is_selector && write.answer == WriteAnswer::done) {
                std::string text;
                for (const auto& [key, value] : change.value.members("")) {
                    text += key + "=" + value.text("") + " ";
                }
                written.push_back(text);
            }
        }
    }
    return written;
}

}  // namespace

TEST_CASE("story 9: an abort at any moment moves traffic only to pods that are ready", "[engine]") {
    for (const auto strategy : {StrategyKind::canary, StrategyKind::blue_green}) {
        for (int after = 2; after < 60; after += 3) {
            CAPTURE(to_text(strategy), after);
            Stage stage;
            stage.keep_ready(4);
            ask_at(stage, seconds(after), RequestKind::abort);
            stage.start(strategy, "v2");
            CHECK(is_terminal(stage.newest().state));
            CHECK(stage.fewest_ready() >= 3);
        }
    }
}

TEST_CASE("story 10: news that come late delay a rollout, and decide nothing", "[engine]") {
    for (const int lag : {2, 5}) {
        CAPTURE(lag);
        Pace pace;
        pace.watch = seconds(lag);
        Stage stage(pace);
        stage.keep_ready(4);
        CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::done);
        CHECK(stage.end_state() == promoted);
        CHECK(stage.fewest_ready() >= 3);
    }
}

TEST_CASE("story 11: after an abort no selector comes back that was left", "[engine]") {
    for (const auto strategy : {StrategyKind::canary, StrategyKind::blue_green}) {
        for (int after = 4; after < 40; after += 4) {
            CAPTURE(to_text(strategy), after);
            Stage stage;
            stage.clock.call_in(seconds(after), [&stage] { stage.cluster.forget_writes(); });
            ask_at(stage, seconds(after), RequestKind::abort);
            if (stage.start(strategy, "v2").rollout.state != RolloutState::rolled_back) {
                continue;  // it was at its end already
            }
            auto written = selectors_written(stage);
            const auto count = written.size();
            std::ranges::sort(written);
            const auto rest = std::ranges::unique(written);
            CHECK(count == static_cast<std::size_t>(rest.begin() - written.begin()));
            CHECK(count <= 3);
        }
    }
}

TEST_CASE("story 12: a bad image, twice, never empties the Service", "[engine]") {
    for (const auto& behaviour : {missing_image(), crashing()}) {
        for (const auto strategy :
             {StrategyKind::canary, StrategyKind::blue_green, StrategyKind::rolling}) {
            CAPTURE(to_text(strategy));
            Stage stage;
            stage.cluster.behave("v2", behaviour);
            stage.keep_ready(4);
            for (int attempt = 0; attempt < 2; ++attempt) {
                CHECK(stage.start(strategy, "v2").exit == ExitCode::rolled_back);
                CHECK_FALSE(stage.cluster.object(service).members("/spec/selector").empty());
            }
            CHECK(stage.fewest_ready() >= 3);
        }
    }
}

TEST_CASE(
    "story 13: abort is heeded in every state, and with nothing to abort nothing moves", "[engine]"
) {
    Stage stage;
    CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::done);
    stage.cluster.forget_writes();
    CHECK(stage.turn_back(RequestKind::abort).exit == ExitCode::done);
    CHECK(stage.cluster.writes().empty());
    CHECK(stage.end_state() == promoted);
    int taken_back = 0;
    for (int after = 2; after < 60; after += 2) {
        CAPTURE(after);
        Stage other;
        ask_at(other, seconds(after), RequestKind::abort);
        const auto result = other.start(StrategyKind::canary, "v2");
        if (result.rollout.state == RolloutState::promoted) {
            continue;  // asked after its end
        }
        ++taken_back;
        CHECK(result.rollout.state == RolloutState::rolled_back);
        CHECK(other.end_state() == restored);
    }
    CHECK(taken_back > 15);
}

TEST_CASE(
    "story 14: what fails while it is promoted keeps its healthy copy until the end", "[engine]"
) {
    int failed = 0;
    for (int after = 20; after <= 60; after += 2) {
        CAPTURE(after);
        Stage stage;
        stage.keep_ready(4);
        bool has_crashed = false;
        // The moment stable gets the new template, new pods of the new version do not get ready.
        stage.clock.call_in(seconds(after), [&] {
            const auto image =
                stage.cluster.object(web).text("/spec/template/spec/containers/0/image");
            if (image == "registry/shop/web:v2") {
                has_crashed = true;
                for (const auto& pod : stage.cluster.world().pods) {
                    const bool is_new = pod.meta.name.starts_with("web-") &&
                                        !pod.meta.name.starts_with("web-canary");
                    if (is_new && !pod.ready) {
                        stage.cluster.behave("v2", never_ready());
                    }
                }
            }
        });
        const auto result = stage.start(StrategyKind::canary, "v2");
        failed += has_crashed ? 1 : 0;
        CHECK(result.exit != ExitCode::not_rolled_back);
        CHECK(stage.fewest_ready() >= 3);
        const auto served = served_by(stage.cluster.world(), "web");
        CHECK_FALSE(served.is_dark());
    }
    CHECK(failed > 0);
}

TEST_CASE("story 15: a new version is not begun on a stable set that is scaled down", "[engine]") {
    Stage stage;
    stage.keep_ready(4);
    stage.interrupts.send_at(stage.clock.elapsed() + seconds(25), Interrupt::hold);
    CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::stopped_watching);
    REQUIRE(stage.cluster.object(web).number("/spec/replicas") < 4);
    const auto record = stage.newest();
    stage.cluster.forget_writes();
    CHECK(stage.start(StrategyKind::canary, "v3").exit == ExitCode::locked);
    CHECK(stage.cluster.writes().empty());
    CHECK(run(stage.store.find(record.id))->state == RolloutState::paused);
    CHECK(stage.resume().exit == ExitCode::done);
    CHECK(stage.start(StrategyKind::canary, "v3").exit == ExitCode::done);
    CHECK(stage.fewest_ready() >= 3);
}

TEST_CASE("story 18: a store that is down for ten minutes costs time, and no pod", "[engine]") {
    for (int call = 40; call < 160; call += 20) {
        CAPTURE(call);
        Stage stage;
        stage.keep_ready(4);
        FaultPlan outage;
        outage.in_calls(call, call + 100000, Fault::lost_before);
        FaultyStore down(stage.store, outage);
        const auto ports = stage.ports_to(stage.cluster, down, stage.runners);
        engine::RunOptions options;
        options.initiator = "ada@laptop";
        const auto plan = stage.draft(StrategyKind::canary, "v2").plan;
        CHECK_THROWS_AS(run(engine::start(ports, plan, options)), Error);
        stage.cluster.forget_writes();
        stage.clock.advance(std::chrono::minutes(10));
        CHECK(stage.cluster.writes().empty());
        stage.replace_runner();
        CHECK(stage.resume().exit == ExitCode::done);
        CHECK(stage.end_state() == promoted);
        CHECK(stage.fewest_ready() >= 3);
    }
}

TEST_CASE(
    "story 22: what was is restored to the letter, whatever revisions there are", "[engine]"
) {
    Stage stage;
    // An older ReplicaSet, which `kubectl rollout undo` would take.
    stage.cluster.edit(web, [](Value& object) {
        object.set("/spec/template/spec/containers/0/image", "registry/shop/web:v0");
    });
    stage.cluster.settle();
    stage.cluster.edit(web, [](Value& object) {
        object.set("/spec/template/spec/containers/0/image", "registry/shop/web:v1");
        object.set("/spec/template/metadata/annotations/owner", "shop");
    });
    stage.cluster.settle();
    stage.cluster.settle();
    const auto before = stage.cluster.object(web);
    for (const auto strategy : {StrategyKind::rolling, StrategyKind::canary}) {
        CAPTURE(to_text(strategy));
        stage.cluster.behave("v2", failing_requests(0.9));
        CHECK(stage.start(strategy, "v2").exit == ExitCode::rolled_back);
        const auto after = stage.cluster.object(web);
        CHECK(after.at("/spec/template") == before.at("/spec/template"));
        CHECK(after.at("/spec/replicas") == before.at("/spec/replicas"));
    }
}

TEST_CASE(
    "story 23: new pods that fail take no healthy one along, and do not come back later", "[engine]"
) {
    for (const auto& behaviour : {never_ready(), crashing()}) {
        Stage stage;
        stage.keep_ready(4);
        stage.cluster.behave("v2", behaviour);
        const auto begun = stage.clock.elapsed();
        CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::rolled_back);
        CHECK(stage.clock.elapsed() - begun <= std::chrono::minutes(5));
        CHECK(stage.fewest_ready() >= 3);
        stage.cluster.forget_writes();
        stage.clock.advance(std::chrono::hours(2));
        CHECK(ready_pods(stage.cluster.world(), "v2") == 0);
        CHECK(ready_pods(stage.cluster.world(), "v1") == 4);
        CHECK(stage.cluster.writes().empty());
    }
}

TEST_CASE(
    "story 24: a deploy that would hang for ever ends, and leaves nothing that runs", "[engine]"
) {
    for (const auto strategy :
         {StrategyKind::canary, StrategyKind::blue_green, StrategyKind::rolling}) {
        CAPTURE(to_text(strategy));
        Stage stage;
        stage.cluster.behave("v2", never_ready());
        CHECK(stage.start(strategy, "v2").exit == ExitCode::rolled_back);
        stage.cluster.settle();
        for (const auto& pod : stage.cluster.world().pods) {
            INFO(pod.meta.name);
            const auto body = stage.cluster.object(in_shop(Kind::pod, pod.meta.name));
            CHECK(body.text("/spec/containers/0/image") == "registry/shop/web:v1");
        }
        for (const auto& one : stage.cluster.world().workloads) {
            const bool is_left = one.meta.name != "web" && one.replicas != 0;
            CHECK_FALSE(is_left);
        }
    }
}
