// SPDX-License-Identifier: Apache-2.0
// Somebody else changes, or deletes, what a rollout works on.
#include "engine/drift.hpp"

#include "engine/health.hpp"
#include "simcluster/run.hpp"
#include "tests/engine/elsewhere.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::simcluster;
using namespace deployctl::tests;
using Catch::Contains;

namespace {

const auto web = in_shop(Kind::deployment, "web");
const auto service = in_shop(Kind::service, "web");
const auto canary = in_shop(Kind::deployment, "web-canary");
constexpr auto image = "/spec/template/spec/containers/0/image";
constexpr auto foreign_image = "registry/shop/web:hotfix";

using Change = std::function<void(Value&)>;

const Change set_image = [](Value& object) { object.set(image, foreign_image); };
const Change scale_to_seven = [](Value& object) { object.set("/spec/replicas", 7); };

/// Somebody does so in the first hold, at 25 %.
struct Disturbed : Stage {
    explicit Disturbed(Pace pace = {}) : Stage(pace) {
        configuration.strategies.canary.steps = {{25, seconds(60)}, {50, seconds(10)}};
        configuration.strategies.blue_green.warm_up = seconds(60);
    }

    void in_the_hold(const ObjectRef& ref, const Change& change) {
        clock.call_at(clock.elapsed() + seconds(30), [this, ref, change] {
            cluster.edit(ref, change);
        });
    }
};

}  // namespace

TEST_CASE("a foreign image of stable pauses a canary, and resume or abort decides", "[engine]") {
    for (const bool goes_on : {true, false}) {
        CAPTURE(goes_on);
        Disturbed stage;
        stage.in_the_hold(web, set_image);
        const auto paused = stage.start(StrategyKind::canary, "v2");
        CHECK(paused.exit == ExitCode::paused);
        CHECK(paused.rollout.state == RolloutState::paused);
        REQUIRE(paused.cause);
        CHECK(paused.cause->kind == engine::drift_cause);
        CHECK_THAT(
            paused.cause->headline,
            Contains("Deployment/web: pod template: image registry/shop/web:v1 -> ") &&
                Contains(foreign_image) && Contains("resume") && Contains("abort")
        );
        CHECK(stage.cluster.object(web).text(image) == foreign_image);
        if (goes_on) {
            stage.replace_runner();
            CHECK(stage.resume().exit == ExitCode::done);
            CHECK(stage.end_state() == "registry/shop/web:v2 x4, candidate x0, app=web");
        } else {
            const auto ended = stage.turn_back(RequestKind::abort);
            CHECK(ended.exit == ExitCode::done);
            CHECK(stage.end_state() == "registry/shop/web:v1 x4, candidate x0, app=web");
            REQUIRE(ended.cause);  // the first cause, and who has decided
            CHECK(ended.cause->kind == engine::drift_cause);
            REQUIRE(ended.cause->later.size() == 1);
            CHECK_THAT(ended.cause->later.front(), Contains("aborted by "));
            CHECK_THAT(ended.rollout.end_reason, Contains("; aborted by "));
        }
    }
}

TEST_CASE("a runner that stands still before it could tell of a change tells it then", "[engine]") {
    for (int later = 1; later <= 4; ++later) {
        CAPTURE(later);
        Disturbed stage;
        stage.clock.call_at(stage.clock.elapsed() + seconds(30), [&] {
            stage.cluster.edit(web, set_image);
            stage.faults.before_write(stage.faults.writes() + later, [&] {
                stage.clock.advance(seconds(25));
            });
        });
        CHECK(stage.start(StrategyKind::blue_green, "v2").exit == ExitCode::paused);
        CHECK(stage.cluster.object(web).text(image) == foreign_image);
    }
}

TEST_CASE("a second change of the same hidden value is asked about as well", "[engine]") {
    const auto label = [](const char* value) {
        return [value](Value& object) { object.set("/spec/template/metadata/labels/team", value); };
    };
    Disturbed stage;
    stage.in_the_hold(web, label("red"));
    CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::paused);
    stage.replace_runner();
    stage.in_the_hold(web, label("blue"));
    const auto again = stage.resume();
    CHECK(again.exit == ExitCode::paused);
    REQUIRE(again.cause);
    CHECK(again.cause->kind == engine::drift_cause);
    CHECK(stage.resume().exit == ExitCode::done);
}

TEST_CASE("sizes and selectors that somebody else has set pause a rollout", "[engine]") {
    struct Edit {
        StrategyKind strategy;
        ObjectRef ref;
        Change change;
        std::string says;
    };

    const Change unpin = [](Value& object) {
        object.set("/spec/selector", Value::map({{"app", "web"}}));
    };
    const std::vector<Edit> edits{
        {StrategyKind::canary, web, scale_to_seven, "Deployment/web: replicas is 7 instead of 3"},
        {StrategyKind::canary, canary, scale_to_seven, "Deployment/web-canary: replicas is 7"},
        {StrategyKind::canary, canary, set_image, "Deployment/web-canary: pod template: image"},
        {StrategyKind::blue_green, web, scale_to_seven, "replicas is 7 instead of 4"},
        {StrategyKind::blue_green,
         service,
         unpin,
         "Service/web: selector is app=web instead of app=web pinned to stable"},
    };
    for (const auto& edit : edits) {
        CAPTURE(edit.says);
        Disturbed stage;
        stage.in_the_hold(edit.ref, edit.change);
        const auto paused = stage.start(edit.strategy, "v2");
        CHECK(paused.exit == ExitCode::paused);
        REQUIRE(paused.cause);
        CHECK_THAT(paused.cause->headline, Contains(edit.says));
        CHECK(stage.resume().exit == ExitCode::done);
    }
}

TEST_CASE("a Service that is pinned by hash is freed before its pods are gone", "[engine]") {
    Disturbed stage;
    stage.keep_ready(4);
    stage.in_the_hold(web, set_image);
    const auto paused = stage.start(StrategyKind::blue_green, "v2");
    CHECK(paused.exit == ExitCode::paused);
    REQUIRE(paused.cause);
    CHECK(paused.cause->kind == engine::drift_cause);
    REQUIRE(paused.cause->notices.size() == 1);
    CHECK_THAT(paused.cause->notices.front(), Contains("Service/web was pinned to pods that go"));
    stage.clock.advance(seconds(120));
    CHECK(stage.time_below(3) == Duration{});
    stage.replace_runner();
    CHECK(stage.resume().exit == ExitCode::done);
    CHECK(stage.time_below(3) == Duration{});
    CHECK(stage.end_state() == "registry/shop/web:v2 x4, candidate x0, app=web");
}

// Its controller has not seen the new size yet when it is told.
TEST_CASE("a Service keeps its pin by hash where only the size was changed", "[engine]") {
    Pace pace;
    pace.controller = seconds(5);
    Disturbed stage(pace);
    stage.in_the_hold(web, scale_to_seven);
    const auto paused = stage.start(StrategyKind::blue_green, "v2");
    CHECK(paused.exit == ExitCode::paused);
    REQUIRE(paused.cause);
    CHECK(paused.cause->kind == engine::drift_cause);
    CHECK(paused.cause->notices.empty());
    CHECK(stage.cluster.object(service).has("/spec/selector/pod-template-hash"));
}

TEST_CASE(
    "back, a Service that is freed of its pin does not reach the candidate again", "[engine]"
) {
    for (int after = 1; after <= 12; ++after) {  // somebody's template is on its way
        CAPTURE(after);
        Disturbed stage;
        stage.keep_ready(4);
        stage.interrupts.send_at(stage.clock.elapsed() + seconds(20), Interrupt::shift);
        CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::stopped_watching);
        REQUIRE(stage.cluster.object(service).has("/spec/selector/pod-template-hash"));
        int reaches_candidate = 0;
        stage.cluster.watch([&](const World& world) {
            const auto& selector = find_service(world, "web")->selector;
            for (const auto& pod : world.pods) {
                const bool is_candidate = pod.meta.name.starts_with("web-canary");
                const bool is_reached = pod.ready && selects(selector, pod.meta.labels);
                reaches_candidate += is_candidate && is_reached && !pod.is_leaving() ? 1 : 0;
            }
        });
        stage.cluster.edit(web, [](Value& object) {
            object.set("/spec/template/metadata/labels/edited", "yes");
        });
        stage.clock.advance(seconds(after));
        Elsewhere other(stage);  // knows no step of the way back, and walks it from its begin
        CHECK(other.roll_back_from_cluster().rollout.state == RolloutState::rolled_back);
        CHECK(reaches_candidate == 0);
    }
}

// Just before each write of a rollout somebody restarts the pods.
TEST_CASE("whenever stable is changed, its owner is asked before it is written over", "[engine]") {
    for (const auto strategy :
         {StrategyKind::canary, StrategyKind::blue_green, StrategyKind::rolling}) {
        for (int write = 1;; ++write) {
            CAPTURE(to_text(strategy), write);
            Stage stage;
            bool is_edited = false;
            stage.faults.before_write(write, [&] {
                is_edited = true;
                stage.cluster.edit(web, [](Value& object) {
                    object.set("/spec/template/metadata/annotations/restarted", "now");
                });
            });
            const auto result = stage.start(strategy, "v2");
            if (!is_edited) {
                break;
            }
            const auto after = stage.cluster.object(web);
            const bool is_kept = after.has("/spec/template/metadata/annotations/restarted");
            CHECK(is_kept);
            const bool is_over = result.exit == ExitCode::done;
            CHECK((is_over || result.exit == ExitCode::paused || result.exit == ExitCode::blocked));
        }
    }
}

TEST_CASE("what has changed since the plan was made stops it before the first write", "[engine]") {
    for (const auto& change : {set_image, scale_to_seven}) {
        Stage stage;
        stage.faults.before_write(1, [&] { stage.cluster.edit(web, change); });
        const auto result = stage.start(StrategyKind::canary, "v2");
        CHECK(result.exit == ExitCode::blocked);
        CHECK(result.rollout.state == RolloutState::aborted);
        REQUIRE(result.cause);
        CHECK_THAT(
            result.cause->headline, Contains("changed since the plan was made: Deployment/web")
        );
        CHECK(stage.cluster.writes_text().empty());
        CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::done);
    }
}

TEST_CASE("limits of an autoscaler that have changed since the plan stop it as well", "[engine]") {
    Stage stage;
    stage.cluster.add(an_autoscaler("web").between(2, 10)).settle();
    stage.faults.before_write(1, [&] {
        stage.cluster.edit(in_shop(Kind::autoscaler, "web"), [](Value& object) {
            object.set("/spec/maxReplicas", 20);
        });
    });
    const auto result = stage.start(StrategyKind::canary, "v2");
    CHECK(result.exit == ExitCode::blocked);
    REQUIRE(result.cause);
    CHECK_THAT(result.cause->headline, Contains("limits is 2..20 instead of 2..10"));
}

TEST_CASE(
    "a candidate that somebody deletes is no lost connection: the rollout goes back", "[engine]"
) {
    for (const auto strategy : {StrategyKind::canary, StrategyKind::blue_green}) {
        CAPTURE(to_text(strategy));
        const auto* name = strategy == StrategyKind::canary ? "web-canary" : "web-preview";
        Disturbed stage;
        stage.clock.call_at(stage.clock.elapsed() + seconds(30), [&] {
            stage.cluster.erase(in_shop(Kind::deployment, name));
        });
        const auto begun = stage.clock.elapsed();
        const auto result = stage.start(strategy, "v2");
        CHECK(result.exit == ExitCode::rolled_back);
        REQUIRE(result.cause);
        CHECK(result.cause->kind == engine::candidate_gone);
        CHECK_THAT(result.cause->headline, Contains("was deleted by somebody else"));
        CHECK(stage.clock.elapsed() - begun < seconds(60));
        CHECK(stage.end_state() == "registry/shop/web:v1 x4, app=web");
    }
}

TEST_CASE("with the candidate gone, a held rollout can be resumed or ended", "[engine]") {
    for (const auto kind : {RequestKind::abort, RequestKind::rollback, RequestKind::resume}) {
        CAPTURE(to_text(kind));
        Disturbed stage;
        stage.configuration.on_failure = OnFailure::hold;
        stage.clock.call_at(stage.clock.elapsed() + seconds(30), [&] {
            stage.cluster.erase(canary);
        });
        CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::paused);
        stage.replace_runner();
        if (kind == RequestKind::resume) {
            CHECK(stage.resume().exit == ExitCode::paused);
            continue;
        }
        CHECK(stage.turn_back(kind).exit == ExitCode::done);
        CHECK(stage.end_state() == "registry/shop/web:v1 x4, app=web");
    }
}

TEST_CASE("where stable is deleted a person has to act", "[engine]") {
    Disturbed stage;
    stage.clock.call_at(stage.clock.elapsed() + seconds(30), [&] { stage.cluster.erase(web); });
    const auto result = stage.start(StrategyKind::canary, "v2");
    CHECK(result.rollout.state == RolloutState::needs_human);
    CHECK(result.exit == ExitCode::not_rolled_back);
    REQUIRE(result.cause);
    CHECK(result.cause->kind == engine::workload_gone);
    CHECK_THAT(result.cause->headline, Contains("Deployment/web was deleted by somebody else"));
}

TEST_CASE("a Service that has lost its last ready endpoint is a symptom by itself", "[engine]") {
    Stage stage;
    const auto plan = stage.draft(StrategyKind::canary, "v2").plan;
    stage.cluster.add(a_deployment("web-canary").replicas(0)).settle();
    engine::Health health(plan);
    const auto symptoms = [&] {
        return health.examine(
            stage.cluster.world(), engine::Watch::all_ready, stage.clock.boot_time()
        );
    };
    CHECK(symptoms().empty());
    stage.cluster.edit(service, [](Value& object) { object.set("/spec/selector/lost", "yes"); });
    stage.cluster.settle();
    CHECK(symptoms().empty());  // nothing is confirmed yet
    stage.clock.advance(plan.confirm.unready);
    REQUIRE(symptoms().size() == 1);
    CHECK(symptoms().front().kind == engine::no_endpoints);
    engine::Health later(plan);
    later.examine(stage.cluster.world(), engine::Watch::all_ready, stage.clock.boot_time());
    stage.clock.advance(plan.confirm.unready);
    CHECK(later.examine(stage.cluster.world(), engine::Watch::all_ready, stage.clock.boot_time())
              .empty());  // it served nobody before: the rollout may be what mends it
}

TEST_CASE("whenever stable is changed, the Service is served, also after a resume", "[engine]") {
    for (const auto strategy : {StrategyKind::canary, StrategyKind::blue_green}) {
        for (int after = 1; after <= 60; after += 1) {
            CAPTURE(to_text(strategy), after);
            Stage stage;
            stage.keep_ready(4);
            bool is_edited = false;
            stage.clock.call_at(stage.clock.elapsed() + seconds(after), [&] {
                is_edited = true;
                stage.cluster.edit(web, set_image);
            });
            auto result = stage.start(strategy, "v2");
            if (!is_edited) {
                break;
            }
            REQUIRE(result.exit == ExitCode::paused);
            stage.clock.advance(seconds(60));
            stage.replace_runner();
            result = stage.resume();
            INFO((result.cause ? result.cause->headline : "no cause"));
            CHECK((result.exit == ExitCode::done || result.exit == ExitCode::paused));
            CHECK(stage.time_below(1) == Duration{});
            const bool is_promoted = result.rollout.state == RolloutState::promoted;
            const bool is_next = stage.cluster.object(web).text(image) == "registry/shop/web:v2";
            CHECK(is_promoted == is_next);
        }
    }
}

TEST_CASE("a candidate that was never ready gets no Service on the way back", "[engine]") {
    for (int after = 5; after <= 8; ++after) {  // before the Service is pinned, and after
        CAPTURE(after);
        Pace pace;
        pace.watch = milliseconds(1500);  // pods show for longer than their Deployment's size
        Stage stage(pace);
        stage.cluster.behave("v2", never_ready());
        bool reaches_candidate = false;
        stage.cluster.watch([&](const World& world) {
            const auto* now = find_service(world, "web");
            const auto track = now->selector.find(std::string(mark::track));
            reaches_candidate = reaches_candidate || track != now->selector.end();
        });
        stage.faults.at_write(after, Fault::crash_before);
        CHECK_THROWS_AS(stage.start(StrategyKind::blue_green, "v2"), SimulatedCrash);
        stage.runners.say("ada@laptop", Liveness::dead);
        stage.cluster.edit(web, [](Value& object) {
            object.set("/spec/template/metadata/labels/edited", "yes");
        });
        stage.replace_runner();
        auto result = stage.resume();
        for (int resumes = 0; result.exit == ExitCode::paused && resumes < 3; ++resumes) {
            stage.replace_runner();
            result = stage.resume();
        }
        CHECK(result.rollout.state == RolloutState::rolled_back);
        CHECK_FALSE(reaches_candidate);
    }
}

TEST_CASE(
    "whenever stable is changed, the candidate goes only once nobody reaches it", "[engine]"
) {
    for (const auto strategy : {StrategyKind::canary, StrategyKind::blue_green}) {
        for (int after = 1; after <= 60; after += 1) {
            CAPTURE(to_text(strategy), after);
            Stage stage;
            int gone_too_early = 0;
            stage.cluster.watch([&](const World& world) {
                const auto* name = strategy == StrategyKind::canary ? "web-canary" : "web-preview";
                const auto* candidate = find_workload(world, name);
                const auto* set =
                    candidate == nullptr ? nullptr : current_replica_set(world, *candidate);
                const bool goes =
                    set != nullptr && candidate->replicas == 0 && !pods_of(world, *set).empty();
                const auto& selector = find_service(world, "web")->selector;
                gone_too_early += goes && selects(selector, candidate->template_labels) ? 1 : 0;
            });
            stage.clock.call_at(stage.clock.elapsed() + seconds(after), [&] {
                stage.cluster.edit(web, [](Value& object) {
                    object.set("/spec/template/metadata/labels/edited", "yes");
                });
            });
            stage.start(strategy, "v2");
            stage.replace_runner();
            stage.resume();
            CHECK(gone_too_early == 0);
        }
    }
}
