// SPDX-License-Identifier: Apache-2.0
#include "simcluster/sim_metrics.hpp"

#include "simcluster/builders.hpp"
#include "simcluster/run.hpp"
#include "simcluster/sim_cluster.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace deployctl;
using namespace deployctl::simcluster;

namespace {

/// Two pods behind a Service, whose requests are read every five seconds.
struct Measured {
    Measured() {
        cluster.add(a_deployment("web").replicas(2).image("registry/web:v1"));
        cluster.add(a_service("web"));
        cluster.watch([this](const World& world) { metrics.observe(world); });
        cluster.settle();
    }

    std::string pods() const {
        std::string names;
        for (const auto& pod : world().pods) {
            names += (names.empty() ? "" : "|") + pod.meta.name;
        }
        return names;
    }

    const World& world() const { return const_cast<SimCluster&>(cluster).world(); }

    MetricAnswer ask(const std::string& name) {
        return run(metrics.instant({}, name + "{pod=~\"" + pods() + "\"}"));
    }

    /// Of all pods together.
    double count(const std::string& name) {
        double sum = 0;
        for (const auto& series : ask(name).series) {
            sum += series.points.at(0).value;
        }
        return sum;
    }

    VirtualClock clock;
    SimCluster cluster{clock};
    SimMetrics metrics{clock, {"web"}};
};

}  // namespace

TEST_CASE("requests come evenly to whoever is ready, and are read now and then", "[simcluster]") {
    Measured shop;
    shop.clock.advance(seconds(60));
    const auto answer = shop.ask("requests");
    REQUIRE(answer.series.size() == 2);
    const auto of_first = answer.series[0].points.at(0).value;
    CHECK(of_first > 2500);
    CHECK(answer.series[1].points.at(0).value == of_first);

    const auto before = shop.count("requests");
    shop.clock.advance(seconds(5));
    CHECK(shop.count("requests") == Approx(before + 500).margin(2));
    const auto as_read = shop.count("requests");
    shop.clock.advance(seconds(5) - shop.clock.elapsed() % seconds(5) - milliseconds(1));
    CHECK(shop.count("requests") == as_read);
}

TEST_CASE("a version fails its share, from the next change of the world on", "[simcluster]") {
    Measured shop;
    shop.metrics.fail("v1", 0.25);
    shop.metrics.observe(shop.world());
    shop.clock.advance(seconds(60));
    CHECK(shop.count("failures") == Approx(shop.count("requests") / 4).margin(2));
}

TEST_CASE("a range tells of pods that are gone, and of nothing that is to come", "[simcluster]") {
    Measured shop;
    shop.clock.advance(seconds(60));
    const auto query = "requests{pod=~\"" + shop.pods() + "\"}";
    shop.cluster.edit(in_shop(Kind::deployment, "web"), [](Value& web) {
        web.set("/spec/replicas", 0);
    });
    shop.clock.advance(seconds(60));
    CHECK(run(shop.metrics.instant({}, query)).series.empty());
    const auto now = shop.clock.server_time();
    const auto past =
        run(shop.metrics.range({}, query, {now - seconds(120), now + seconds(60), seconds(10)}));
    REQUIRE(past.series.size() == 2);
    const auto& points = past.series[0].points;
    CHECK(points.size() >= 5);
    CHECK(points.back().at < now - seconds(50));
    CHECK(std::ranges::is_sorted(points, {}, &MetricPoint::value));
}

TEST_CASE(
    "a source that is silent answers nobody, and one that is asked else refuses", "[simcluster]"
) {
    Measured shop;
    shop.metrics.fall_silent(shop.clock.elapsed() + seconds(10));
    CHECK(shop.ask("requests").kind == MetricAnswer::Kind::failed);
    shop.clock.advance(seconds(10));
    CHECK(shop.ask("requests").kind == MetricAnswer::Kind::series);
    CHECK(run(shop.metrics.instant({}, "up")).kind == MetricAnswer::Kind::refused);
    CHECK(shop.ask("latency").kind == MetricAnswer::Kind::refused);
}
