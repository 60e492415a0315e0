// SPDX-License-Identifier: Apache-2.0
// Gates on latency and memory in a whole rollout: what simulated pods would have told a metrics
// source.
#include "simcluster/run.hpp"
#include "tests/engine/stage.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <set>

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

    static double in_seconds(Duration duration) {
        return std::chrono::duration<double>(duration).count();
    }

    double seconds_on() const { return in_seconds(clock.elapsed()); }
};

/// Each pod answers 50 requests a second, 1% of the old ones' above half a second.
struct SlowShop : Play {
    explicit SlowShop(double slow_share) {
        for (const auto& pod : cluster.world().pods) {
            first.insert(pod.meta.name);
        }
        AnalysisQuestion question;
        question.buckets = "slow{pod=~\"${pods}\"}";
        question.warm_up = seconds(5);
        use(question, seconds(60));
        metrics.answer([this](const std::string& query) { return told(query, 0); });
        metrics.answer_ranges([this](const std::string& query, const MetricRange& range) {
            auto answer = told(query, in_seconds(range.to - range.from));
            const auto now = told(query, 0);
            for (std::size_t i = 0; i < now.series.size(); ++i) {
                answer.series[i].points.push_back(now.series[i].points.front());
            }
            return answer;
        });
        share = slow_share;
    }

    MetricAnswer told(const std::string& query, double ago) {
        MetricAnswer answer{MetricAnswer::Kind::series, {}, "", {}};
        for (const auto& pod : named_in(query)) {
            const bool is_new =
                rolls ? !first.contains(pod)
                      : pod.starts_with("web-canary") || pod.starts_with("web-preview");
            const double slow = is_new ? share : 0.01;
            const double all = std::floor(50 * (seconds_on() - ago));
            add(answer, pod, "0.1", std::floor(all * std::min(0.9, 1 - slow)));
            add(answer, pod, "0.5", std::floor(all * (1 - slow)));
            add(answer, pod, "+Inf", all);
        }
        return answer;
    }

    std::set<std::string> first;  ///< pods
    double share = 0;
    bool rolls = false;  ///< new pods are whoever was not there at first

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

TEST_CASE("where nothing serves beside, latencies are held against those of before", "[engine]") {
    const bool is_slow = GENERATE(true, false);
    const auto strategy = GENERATE(StrategyKind::rolling, StrategyKind::blue_green);
    SlowShop shop(is_slow ? 0.2 : 0.01);
    shop.clock.advance(minutes(20));
    shop.rolls = strategy == StrategyKind::rolling;
    shop.configuration.strategies.rolling.gates = {"live"};
    shop.configuration.strategies.blue_green.gates = {"live"};
    const auto result = shop.start(strategy, "v2");
    INFO((result.cause ? result.cause->headline : "no cause"));
    CHECK(result.exit == (is_slow ? ExitCode::rolled_back : ExitCode::done));
    REQUIRE((result.cause.has_value() == is_slow));
    if (is_slow) {
        CHECK_THAT(result.cause->headline, Contains("took longer than"));
    }
}

TEST_CASE("what compares with pods beside is asked only where there are some", "[engine]") {
    LeakingShop shop(1);
    int waits = 0;
    for (const auto& step : shop.draft(StrategyKind::canary, "v2").plan.course.steps) {
        CAPTURE(step.stage);
        CHECK((std::holds_alternative<PointService>(step.action) && !step.gates.empty()) == false);
        if (const auto* pass = std::get_if<PassGates>(&step.action)) {
            ++waits;
            CHECK(pass->gates == std::vector<std::string>{"live"});
            CHECK(step.stage != "100%");
        }
    }
    CHECK(waits == 2);
}

TEST_CASE("a plan in which nothing is ever beside refuses to compare", "[engine]") {
    LeakingShop shop(1);
    shop.configuration.strategies.rolling.gates = {"live"};
    shop.configuration.strategies.blue_green.gates = {"live"};
    const auto strategy = GENERATE(StrategyKind::rolling, StrategyKind::blue_green);
    const auto refusals = shop.draft(strategy, "v2").refusals;
    REQUIRE(refusals.size() == 1);
    CHECK_THAT(refusals.front(), Contains("gate `live`") && Contains("strategy canary"));
}

TEST_CASE("a rolling update is watched for as long as it bakes", "[engine]") {
    const bool becomes_slow = GENERATE(true, false);
    SlowShop shop(0.01);
    shop.clock.advance(minutes(20));
    shop.rolls = true;
    auto& rolling = shop.configuration.strategies.rolling;
    rolling.gates = {"live"};
    rolling.bake = minutes(10);
    rolling.batches = GENERATE(std::vector<int>{}, std::vector<int>{50, 100});
    if (becomes_slow) {
        shop.clock.call_in(minutes(5), [&] { shop.share = 0.5; });
    }
    const auto begin = shop.clock.elapsed();
    const auto result = shop.start(StrategyKind::rolling, "v2");
    INFO((result.cause ? result.cause->headline : "no cause"));
    CHECK(result.exit == (becomes_slow ? ExitCode::rolled_back : ExitCode::done));
    CHECK((shop.clock.elapsed() - begin > minutes(10)) == !becomes_slow);
}
