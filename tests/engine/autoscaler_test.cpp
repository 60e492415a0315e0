// SPDX-License-Identifier: Apache-2.0
// An autoscaler in the middle of a rollout: held while stable serves, at the candidate while that
// does, and its owner's again at the end.
#include "simcluster/run.hpp"
#include "simcluster/traffic.hpp"
#include "tests/engine/stage.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::tests;
using simcluster::run;

namespace {

const auto autoscaler = in_shop(Kind::autoscaler, "web");
const auto scaled_object = in_shop(Kind::scaled_object, "web");
const auto service = in_shop(Kind::service, "web");
constexpr auto paused = "autoscaling.keda.sh/paused-replicas";

struct Scaled : Stage {
    Scaled() {
        configuration.strategies.canary.steps = {{50, seconds(10)}, {100, seconds(60)}};
        configuration.strategies.blue_green.keep_old = seconds(60);
    }

    void with_autoscaler() {
        cluster.add(an_autoscaler("web").between(2, 10));
        cluster.autoscaler_wants("web", 4);
        cluster.settle();
    }

    bool has_switched() const {
        return cluster.object(service).text("/spec/selector/deployctl.dev~1track") != "";
    }

    /// Each second, until it has come about.
    void once(std::function<bool()> holds, std::function<void()> act) {
        clock.call_in(seconds(1), [this, holds, act] {
            if (holds()) {
                act();
            } else {
                once(holds, act);
            }
        });
    }

    int size_of(const std::string& name) const {
        return static_cast<int>(
            cluster.object(in_shop(Kind::deployment, name)).number("/spec/replicas")
        );
    }

    /// Of those behind the Service, since the candidate has grown.
    void keep_fewest() {
        cluster.watch([this](const World& world) {
            if (has_grown) {
                fewest = std::min(fewest, served_by(world, "web").ready_endpoints);
            }
        });
    }

    bool has_grown = false;
    int fewest = 100;
};

}  // namespace

TEST_CASE(
    "the autoscaler sizes the candidate that carries the traffic, and stable gets its size",
    "[engine]"
) {
    const auto strategy = GENERATE(StrategyKind::canary, StrategyKind::blue_green);
    const std::string name = strategy == StrategyKind::canary ? "web-canary" : "web-preview";
    Scaled stage;
    stage.with_autoscaler();
    stage.keep_fewest();
    const auto before = stage.cluster.object(autoscaler).at("/spec");
    int candidate = 0;
    stage.once(
        [&] { return stage.has_switched(); },
        [&] {
            CHECK(stage.cluster.object(autoscaler).text("/spec/scaleTargetRef/name") == name);
            CHECK(stage.cluster.object(autoscaler).number("/spec/minReplicas") == 4);
            stage.cluster.autoscaler_wants("web", 7);
            stage.clock.call_in(seconds(20), [&] {
                candidate = stage.size_of(name);
                stage.has_grown = true;
            });
        }
    );
    const auto result = stage.start(strategy, "v2");
    CHECK(result.exit == ExitCode::done);
    CHECK(candidate == 7);
    CHECK(stage.fewest == 7);
    CHECK(stage.cluster.object(autoscaler).at("/spec") == before);
    CHECK(stage.end_state() == "registry/shop/web:v2 x7, candidate x0, app=web");
}

TEST_CASE("a candidate that has grown gives way to as many pods of the old version", "[engine]") {
    Scaled stage;
    stage.with_autoscaler();
    const auto before = stage.cluster.object(autoscaler).at("/spec");
    stage.once(
        [&] { return stage.has_switched(); },
        [&] {
            stage.cluster.autoscaler_wants("web", 7);
            stage.clock.call_in(seconds(20), [&] {
                CHECK(stage.size_of("web-preview") == 7);
                stage.cluster.turn("v2", failing_requests(1));
            });
        }
    );
    const auto result = stage.start(StrategyKind::blue_green, "v2");
    CHECK(result.exit == ExitCode::rolled_back);
    CHECK(stage.cluster.object(autoscaler).at("/spec") == before);
    CHECK(stage.end_state() == "registry/shop/web:v1 x7, candidate x0, app=web");
}

TEST_CASE("an autoscaler stays at stable while the candidate has less than half", "[engine]") {
    Scaled stage;
    stage.configuration.strategies.canary.steps = {{25, seconds(30)}};
    stage.with_autoscaler();
    const auto canary = in_shop(Kind::deployment, "web-canary");
    stage.once(
        [&] { return stage.size_of("web-canary") > 0; },
        [&] {
            CHECK(stage.cluster.object(autoscaler).text("/spec/scaleTargetRef/name") == "web");
            CHECK(stage.cluster.object(autoscaler).number("/spec/maxReplicas") == 4);
        }
    );
    CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::done);
}

TEST_CASE(
    "a ScaledObject of KEDA is paused during a rollout and given back to the byte", "[engine]"
) {
    const auto [version, exit] = GENERATE(
        table<std::string, ExitCode>({{"v2", ExitCode::done}, {"bad", ExitCode::rolled_back}})
    );
    const auto strategy = GENERATE(StrategyKind::canary, StrategyKind::blue_green);
    Scaled stage;
    stage.cluster.behave("bad", crashing());
    stage.cluster.add(a_scaled_object("web", 2, 10)).settle();
    const auto made = in_shop(Kind::autoscaler, "keda-hpa-web");
    REQUIRE_FALSE(stage.cluster.object(made).is_null());
    const auto before = stage.cluster.object(scaled_object).at("/spec");
    std::string seen;
    bool had_autoscaler = true;
    stage.clock.call_in(seconds(8), [&] {
        seen = annotation_of(stage.cluster.object(scaled_object), paused).text("");
        had_autoscaler = !stage.cluster.object(made).is_null();
    });
    CHECK(stage.start(strategy, version).exit == exit);
    CHECK(seen == "4");
    CHECK_FALSE(had_autoscaler);
    stage.cluster.settle();
    CHECK(stage.cluster.object(scaled_object).at("/spec") == before);
    CHECK(annotation_of(stage.cluster.object(scaled_object), paused).is_null());
    CHECK_FALSE(stage.cluster.object(made).is_null());
}

TEST_CASE("a ScaledObject that cannot be read is refused, with what to do", "[engine]") {
    Scaled stage;
    stage.cluster.add(a_scaled_object("web", 2, 10)).settle();
    stage.cluster.forbid("get", "scaledobjects");
    const auto draft = stage.draft(StrategyKind::canary, "v2");
    REQUIRE_FALSE(draft.refusals.empty());
    CHECK(draft.refusals.front().find("belongs to a KEDA ScaledObject") != std::string::npos);
    CHECK(stage.draft(StrategyKind::rolling, "v2").refusals.empty());
}
