// SPDX-License-Identifier: Apache-2.0
#include "analysis/histogram.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

using namespace deployctl::analysis;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();

/// 1000 requests: 10 % above 0.25, 2 % above 0.5, 0.9 % above 1.
const Histogram usual{{0.1, 600}, {0.25, 900}, {0.5, 980}, {1, 991}, {inf, 1000}};

std::string trouble_in(const HistogramOrTrouble& read) {
    const auto* trouble = std::get_if<HistogramTrouble>(&read);
    return trouble == nullptr ? "" : trouble->text;
}

}  // namespace

TEST_CASE("edges are read as Prometheus writes them", "[analysis]") {
    CHECK(read_edge("0.25") == 0.25);
    CHECK(read_edge("1e-3") == 0.001);
    CHECK(read_edge("+Inf") == inf);
    CHECK(read_edge("Inf") == inf);
    for (const auto* bad : {"", "x", "NaN", "-Inf", "0.1 ", "1,5", "+", "0.5s"}) {
        CHECK_FALSE(read_edge(bad));
    }
}

TEST_CASE("buckets in any order become a histogram", "[analysis]") {
    const auto read = read_histogram({{"+Inf", 10}, {"0.1", 4}, {"0.5", 9}});
    REQUIRE(std::holds_alternative<Histogram>(read));
    CHECK(std::get<Histogram>(read) == Histogram{{0.1, 4}, {0.5, 9}, {inf, 10}});
}

TEST_CASE("what is no histogram is said", "[analysis]") {
    CHECK(trouble_in(read_histogram({})) == "there is no bucket le=\"+Inf\"");
    CHECK(trouble_in(read_histogram({{"0.1", 4}})) == "there is no bucket le=\"+Inf\"");
    CHECK(
        trouble_in(read_histogram({{"0.1", 4}, {"0.5", 3}, {"+Inf", 9}})) ==
        "bucket le=\"0.5\" has fewer than the one below it"
    );
    CHECK(
        trouble_in(read_histogram({{"0.1", 4}, {"0.10", 4}, {"+Inf", 9}})) ==
        "bucket le=\"0.1\" is there twice: sum over the labels"
    );
    CHECK(trouble_in(read_histogram({{"fast", 4}, {"+Inf", 9}})) == "le=\"fast\" is no number");
    CHECK(
        trouble_in(read_histogram({{"0.1", NAN}, {"+Inf", 9}})) ==
        "bucket le=\"0.1\" has the count nan"
    );
    CHECK_FALSE(trouble_in(read_histogram({{"0.1", -1}, {"+Inf", 9}})).empty());
    CHECK_FALSE(trouble_in(read_histogram({{"0.1", 1}, {"+Inf", inf}})).empty());
}

TEST_CASE("differences are taken bucket by bucket, from nothing after a reset", "[analysis]") {
    const Histogram before{{0.1, 4}, {inf, 10}};
    const Histogram now{{0.1, 5}, {inf, 13}};
    CHECK(std::get<Histogram>(difference(before, now)) == Histogram{{0.1, 1}, {inf, 3}});
    CHECK(std::get<Histogram>(difference(now, before)) == before);
    CHECK(
        trouble_in(difference(before, {{0.2, 5}, {inf, 13}})) ==
        "the buckets have other edges than before"
    );
    // The fast bucket gained five where all gained three: scraped apart, or no histogram.
    CHECK_FALSE(trouble_in(difference(before, {{0.1, 9}, {inf, 13}})).empty());
    CHECK_FALSE(trouble_in(difference(before, {{0.1, 3}, {inf, 13}})).empty());
}

TEST_CASE("pods with the same edges are added, others are refused", "[analysis]") {
    const Histogram one{{0.1, 4}, {inf, 10}};
    CHECK(std::get<Histogram>(sum({one, one})) == Histogram{{0.1, 8}, {inf, 20}});
    CHECK_FALSE(trouble_in(sum({one, usual})).empty());
    CHECK_FALSE(trouble_in(sum({})).empty());
}

TEST_CASE("requests above an edge are counted events", "[analysis]") {
    CHECK(above(usual, 0.25) == Counts{1000, 100});
    CHECK(above(usual, inf) == Counts{1000, 0});
    CHECK_FALSE(above(usual, 0.3));
}

TEST_CASE("the edge nearest to a quantile is chosen", "[analysis]") {
    CHECK(edge_near_quantile(usual, 0.9) == 0.25);
    CHECK(edge_near_quantile(usual, 0.99) == 1);
    const Histogram coarse{{0.1, 100}, {1, 950}, {inf, 1000}};
    CHECK(edge_near_quantile(coarse, 0.9) == 1);
    CHECK(edge_near_quantile(coarse, 0.99) == 1);
    CHECK_FALSE(edge_near_quantile({{0.1, 0}, {inf, 0}}, 0.99));
    CHECK_FALSE(edge_near_quantile({{inf, 50}}, 0.99));
}

TEST_CASE("an edge that tells next to nothing is not chosen where another one does", "[analysis]") {
    // 30 % above the first, three in ten thousand above the second, which is nearer as a ratio.
    CHECK(edge_near_quantile({{0.1, 7'000}, {1, 9'997}, {inf, 10'000}}, 0.99) == 0.1);
    // 60 % above the first, which is nearer as a ratio; no version can be twice as bad there.
    CHECK(edge_near_quantile({{0.1, 400}, {1, 988}, {inf, 1000}}, 0.9) == 1);
}

TEST_CASE("too fast for its buckets: the lowest, too slow: the highest", "[analysis]") {
    CHECK(edge_near_quantile({{0.001, 50}, {0.01, 50}, {inf, 50}}, 0.9) == 0.001);
    CHECK(edge_near_quantile({{0.001, 29'999}, {1, 29'999}, {inf, 30'000}}, 0.9) == 0.001);
    CHECK(edge_near_quantile({{0.001, 10}, {0.01, 100}, {inf, 100}}, 0.9) == 0.01);
    CHECK(edge_near_quantile({{0.001, 10}, {0.01, 20}, {inf, 100}}, 0.9) == 0.01);
}

TEST_CASE("the edge nearest to an SLO's limit is found by ratio", "[analysis]") {
    CHECK(edge_near(usual, 0.3) == 0.25);
    CHECK(edge_near(usual, 0.4) == 0.5);
    CHECK(edge_near(usual, 99) == 1);
    CHECK_FALSE(edge_near({{inf, 3}}, 0.3));
}
