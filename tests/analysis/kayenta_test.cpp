// SPDX-License-Identifier: Apache-2.0
#include "analysis/kayenta.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace deployctl::analysis;

namespace {

using Values = std::vector<double>;

const Values around_ten{9.8, 10.1, 10.0, 9.9, 10.2, 10.05, 9.95, 10.15};
const Values around_twenty{19.8, 20.1, 20.0, 19.9, 20.2, 20.05, 19.95, 20.15};

Classification classified(
    const Values& baseline, const Values& canary, const KayentaSettings& settings = {}
) {
    return classify(baseline, canary, settings).classification;
}

MetricResult in(std::string group, Classification classification) {
    return {classification, {std::move(group)}, Importance::usual};
}

}  // namespace

TEST_CASE("a series is High, Low or Pass, in the directions that count", "[analysis]") {
    CHECK(classified(around_ten, around_twenty) == Classification::high);
    CHECK(classified(around_twenty, around_ten) == Classification::low);
    CHECK(classified(around_ten, around_ten) == Classification::pass);
    KayentaSettings settings;
    settings.direction = Direction::increase;
    CHECK(classified(around_ten, around_twenty, settings) == Classification::high);
    CHECK(classified(around_twenty, around_ten, settings) == Classification::pass);
    settings.direction = Direction::decrease;
    CHECK(classified(around_ten, around_twenty, settings) == Classification::pass);
    CHECK(classified(around_twenty, around_ten, settings) == Classification::low);
}

TEST_CASE("a shift within the tolerated part of the estimate passes", "[analysis]") {
    // From shifts that vary widely the interval reaches into the band.
    const Values wide{1, 5, 9, 14, 20, 30};
    const Values higher{4, 8, 13, 18, 25, 33};
    CHECK(classified(wide, higher) == Classification::pass);
    KayentaSettings settings;
    settings.tolerance = 1;
    CHECK(classified(around_ten, around_twenty, settings) == Classification::pass);
}

TEST_CASE("an effect smaller than allowed passes", "[analysis]") {
    KayentaSettings settings;
    settings.allowed_increase = 2.5;
    settings.allowed_decrease = 0.4;
    CHECK(classified(around_ten, around_twenty, settings) == Classification::pass);
    CHECK(classified(around_twenty, around_ten, settings) == Classification::pass);
    CHECK(classify(around_ten, around_twenty, settings).effect == Approx(2).epsilon(0.01));
    settings.effect = EffectSize::common_language;
    settings.allowed_increase = 0.8;
    CHECK(classified(around_ten, around_twenty, settings) == Classification::high);
    CHECK(classify(around_ten, around_twenty, settings).effect == 1);
}

TEST_CASE("no data, too few, NaN only: never a Pass", "[analysis]") {
    CHECK(classified({}, around_ten) == Classification::no_data);
    CHECK(classified(around_ten, {}) == Classification::no_data);
    CHECK(classified({1, 2}, {5, 6}) == Classification::no_data);
    CHECK(classified(around_ten, {NAN, NAN, NAN, NAN, NAN, 10}) == Classification::no_data);
    CHECK(classified(around_ten, {INFINITY, 1, 2, 3, 4}) == Classification::no_data);
    CHECK(
        classify({1, 2}, around_ten, {}).reason ==
        "8 values of the canary and 2 of the baseline, at least 5 of each are needed"
    );
}

TEST_CASE("constant series are judged without noise, small values like large ones", "[analysis]") {
    const Values zeros(10, 0);
    CHECK(classified(zeros, zeros) == Classification::pass);
    CHECK(classified(zeros, Values(10, 1)) == Classification::high);
    CHECK(classified(Values(10, 1e-4), Values(10, 2e-4)) == Classification::high);
    CHECK(classified(Values(10, 1e-4), zeros) == Classification::low);
    const auto one = classify(around_ten, around_twenty, {});
    const auto again = classify(around_ten, around_twenty, {});
    CHECK(one.reason == again.reason);
}

TEST_CASE("groups are scored by their share of Pass and weighted", "[analysis]") {
    using enum Classification;
    const std::vector<MetricResult> results{
        in("errors", pass), in("errors", high), in("latency", pass), in("memory", no_data)
    };
    const auto found = score(results, {{"errors", 60}});
    CHECK(found.groups.at("errors") == 50);
    CHECK(found.groups.at("latency") == 100);
    CHECK_FALSE(found.groups.contains("memory"));
    // 50 x 60 % + 100 x 20 %: the weight of the group without data is lost, as in Kayenta.
    CHECK(found.score == Approx(50));
    CHECK(found.reason.empty());
}

TEST_CASE("a critical metric, or half without data, makes the score 0", "[analysis]") {
    using enum Classification;
    std::vector<MetricResult> results{in("a", pass), in("a", pass), in("a", high)};
    CHECK(score(results, {}).score == Approx(200.0 / 3));
    results[2].importance = Importance::critical;
    CHECK(score(results, {}).score == 0);
    CHECK(score(results, {}).reason == "a critical metric is not Pass");
    CHECK(score({in("a", pass), in("a", no_data)}, {}).score == 0);
    CHECK(score({}, {}).score == 0);
    CHECK_FALSE(score({}, {}).reason.empty());
}

TEST_CASE("report-only metrics do not count", "[analysis]") {
    using enum Classification;
    auto shown = in("a", high);
    shown.importance = Importance::report_only;
    CHECK(score({in("a", pass), shown}, {}).score == 100);
}
