// SPDX-License-Identifier: Apache-2.0
// Gates on latency and memory in a whole rollout: what simulated pods would have told a metrics
// source.
#include "simcluster/run.hpp"
#include "tests/engine/stage.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace deployctl;
using namespace deployctl::simcluster;
using namespace deployctl::tests;
using Catch::Contains;

namespace {

constexpr auto end_of_all = "registry/shop/web:v1 x4, candidate x0, app=web";

/// A rollout of two steps with one gate; a query is about the pods that it names.
struct Play : Stage {
    void use(const GateQuestion& question, Duration hold) {
        GateSettings gate{{}, question};
        gate.policy.fail_after = 1;
        gate.policy.every = seconds(10);
        configuration.gates = {{"live", gate}};
        configuration.strategies.canary.gates = {"live"};
        configuration.strategies.canary.steps = {{25, hold}, {50, hold}};
    }

    std::vector<std::string> named_in(const std::string& query) {
        std::vector<std::string> names;
        for (const auto& pod : cluster.world().pods) {
            if (query.find(pod.meta.name) != std::string::npos) {
                names.push_back(pod.meta.name);
            }
        }
        return names;
    }

    double seconds_on() const { return std::chrono::duration<double>(clock.elapsed()).count(); }
};

/// Each pod answers 50 requests a second, 1% of the old ones' above half a second.
struct SlowShop : Play {
    explicit SlowShop(double slow_share) {
        AnalysisQuestion question;
        question.buckets = "slow{pod=~\"${pods}\"}";
        question.warm_up = seconds(5);
        use(question, seconds(60));
        metrics.answer([this, slow_share](const std::string& query) {
            MetricAnswer answer{MetricAnswer::Kind::series, {}, "", {}};
            for (const auto& pod : named_in(query)) {
                const double slow = pod.starts_with("web-canary") ? slow_share : 0.01;
                const double all = std::floor(50 * seconds_on());
                add(answer, pod, "0.1", std::floor(all * std::min(0.9, 1 - slow)));
                add(answer, pod, "0.5", std::floor(all * (1 - slow)));
                add(answer, pod, "+Inf", all);
            }
            return answer;
        });
    }

    static void add(
        MetricAnswer& answer, const std::string& pod, const std::string& le, double count
    ) {
        answer.series.push_back({{{"pod", pod}, {"le", le}}, {{WallTime(), count}}});
    }
};

/// Memory of each pod in megabytes, of which old ones leak a little, too.
struct LeakingShop : Play {
    explicit LeakingShop(double a_minute) {
        LeakQuestion question;
        question.slope.query = "memory{pod=~\"${pods}\"}";
        question.slope.max_rise = 10;
        question.slope.resolution = seconds(5);
        question.slope.warm_up = seconds(10);
        use(question, minutes(10));
        metrics.answer([](const std::string&) {
            return MetricAnswer{MetricAnswer::Kind::series, {}, "", {}};
        });
        metrics.answer_ranges([this, a_minute](const std::string& query, const MetricRange& range) {
            MetricAnswer answer{MetricAnswer::Kind::series, {}, "", {}};
            for (const auto& pod : named_in(query)) {
                const double rise = pod.starts_with("web-canary") ? a_minute : 1;
                answer.series.push_back({{{"pod", pod}}, {}});
                for (auto at = range.from; at <= range.to; at += range.step) {
                    const double ago = std::chrono::duration<double>(range.to - at).count();
                    const double megabytes = 100 + rise * (seconds_on() - ago) / 60;
                    answer.series.back().points.push_back({at, megabytes});
                }
            }
            return answer;
        });
    }
};

}  // namespace

TEST_CASE("a version whose memory leaks is sent back, with how fast", "[engine]") {
    LeakingShop shop(5);
    const auto result = shop.start(StrategyKind::canary, "v2");
    CHECK(result.exit == ExitCode::rolled_back);
    REQUIRE(result.cause);
    CHECK_THAT(result.cause->headline, Contains("rises by 240 an hour more than stable's"));
    CHECK(shop.end_state() == end_of_all);
}

TEST_CASE("a version that leaks as the old one does is promoted", "[engine]") {
    LeakingShop shop(1);
    const auto result = shop.start(StrategyKind::canary, "v2");
    INFO((result.cause ? result.cause->headline : "no cause"));
    CHECK(result.exit == ExitCode::done);
}

TEST_CASE("a version that answers slowly is sent back, with the numbers", "[engine]") {
    SlowShop shop(0.1);
    const auto result = shop.start(StrategyKind::canary, "v2");
    CHECK(result.exit == ExitCode::rolled_back);
    REQUIRE(result.cause);
    CHECK_THAT(
        result.cause->headline, Contains("canary requests took longer than 500ms, stable 0.9")
    );
    CHECK(shop.end_state() == end_of_all);
}

TEST_CASE("a version as fast as the old one is promoted", "[engine]") {
    SlowShop shop(0.01);
    const auto result = shop.start(StrategyKind::canary, "v2");
    INFO((result.cause ? result.cause->headline : "no cause"));
    CHECK(result.exit == ExitCode::done);
}
