// SPDX-License-Identifier: Apache-2.0
// How often the engine looks at the world while it waits.
#include "tests/engine/stage.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::simcluster;
using namespace deployctl::tests;

TEST_CASE("changes that come at once are taken in one look", "[engine]") {
    Stage stage;
    stage.configuration.strategies.canary.steps = {{50, seconds(60)}};
    const auto touch_a_pod = [&stage] {
        const auto name = stage.cluster.world().pods.at(0).meta.name;
        stage.cluster.edit(in_shop(Kind::pod, name), [&stage](Value& pod) {
            pod.set("/metadata/annotations/touched", to_text(stage.clock.elapsed()));
        });
    };
    const Duration begin = stage.clock.elapsed() + seconds(30);
    const Duration end = begin + seconds(10);
    int looks = 0;
    stage.clock.call_at(begin, [&] { looks -= stage.sink.progress_count(); });
    for (auto at = begin; at < end; at += milliseconds(5)) {
        stage.clock.call_at(at, touch_a_pod);
    }
    stage.clock.call_at(end, [&] { looks += stage.sink.progress_count(); });
    CHECK(stage.start(StrategyKind::canary, "v2").exit == ExitCode::done);
    CHECK(looks > 100);
    CHECK(looks <= 200);
}
