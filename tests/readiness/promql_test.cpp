// SPDX-License-Identifier: Apache-2.0
#include "readiness/promql.hpp"

#include "readiness/promql_tokens.hpp"
#include "tests/readiness/promql_expressions.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace deployctl::readiness;

TEST_CASE("expressions that are right are read", "[readiness]") {
    for (const auto& expression : right_expressions()) {
        const auto read = read_promql(expression);
        INFO(expression);
        INFO((read.error ? read.error->what : ""));
        CHECK_FALSE(read.error);
    }
}

TEST_CASE("expressions that are wrong are refused", "[readiness]") {
    for (const auto& expression : wrong_expressions()) {
        INFO(expression);
        CHECK(read_promql(expression).error);
    }
}

TEST_CASE("a mistake says where and what", "[readiness]") {
    const auto missing = read_promql("sum(rate(x[5m])");
    REQUIRE(missing.error);
    CHECK(missing.error->offset == 15);
    CHECK(missing.error->what == "`)` is expected, not the end");
    const auto instant = read_promql("1 + rate(up)");
    REQUIRE(instant.error);
    CHECK(instant.error->offset == 9);
    CHECK(instant.error->what == "rate takes a range vector here, not an instant vector");
    const auto text = read_promql("up == \"a");
    REQUIRE(text.error);
    CHECK(text.error->offset == 6);
    CHECK(text.error->what == "here is a text without an end");
    CHECK(read_promql("foo(up)").error->what == "there is no function `foo`");
    CHECK(read_promql("").error->what == "an expression is expected, not the end");
}

TEST_CASE("an expression says which series it asks for", "[readiness]") {
    const auto read = read_promql(
        "sum by (job) (rate(http_requests_total{code=~\"5..\",job!='x'}[5m])) "
        "/ job:requests:rate5m{a=\"b\"} > 0.05"
    );
    REQUIRE(read.selectors.size() == 2);
    CHECK(read.selectors[0].metric == "http_requests_total");
    CHECK(read.selectors[0].range == 300);
    CHECK(read.selectors[0].inside == "rate");
    REQUIRE(read.selectors[0].matchers.size() == 2);
    CHECK(read.selectors[0].matchers[0].label == "code");
    CHECK(read.selectors[0].matchers[0].sign == "=~");
    CHECK(read.selectors[0].matchers[0].value == "5..");
    CHECK(read.selectors[1].metric == "job:requests:rate5m");
    CHECK(read.selectors[1].range == 0);
    CHECK(read.selectors[1].inside.empty());
    CHECK(read_promql("{__name__=\"up\",job=\"a\"}").selectors[0].metric == "up");
    CHECK(read_promql("histogram_quantile(0.9, rate(x[5m]))").selectors[0].inside == "rate");
    CHECK(read_promql("max_over_time(rate(x[5m])[1h:])").selectors[0].inside == "rate");
}

TEST_CASE("what filters may give nothing; what does not gives always", "[readiness]") {
    for (const auto* const text :
         {"up == 0", "absent(up)", "a and b", "a unless b", "sum(a > 1)", "(a > 1) * 2"}) {
        INFO(text);
        CHECK(read_promql(text).filters);
    }
    for (const auto* const text : {"up", "vector(1)", "a > bool 1", "a or b", "sum(rate(x[5m]))"}) {
        INFO(text);
        CHECK_FALSE(read_promql(text).filters);
    }
}

TEST_CASE("comparisons with numbers say what is compared", "[readiness]") {
    const auto read = read_promql("count(up) == 0 or absent(x) > -1 or up < 2");
    REQUIRE(read.comparisons.size() == 3);
    CHECK(read.comparisons[0].left == "count");
    CHECK(read.comparisons[0].sign == "==");
    CHECK(read.comparisons[0].right == 0);
    CHECK(read.comparisons[1].left == "absent");
    CHECK(read.comparisons[1].right == -1);
    CHECK(read.comparisons[2].left.empty());
    CHECK(read_promql("a > b").comparisons.empty());
    CHECK(read_promql("a > bool 1").comparisons.empty());
}

TEST_CASE("durations are what Prometheus takes for them", "[readiness]") {
    CHECK(promql_seconds("1h30m") == 5400);
    CHECK(promql_seconds("5ms") == 0.005);
    CHECK(promql_seconds("1d") == 86400);
    CHECK(promql_seconds("0") == 0);
    for (const auto* const text : {"", "5", "m", "30m1h", "1h1h", "5 m", "5mm", "-5m", "1.5h"}) {
        INFO(text);
        CHECK(promql_seconds(text) < 0);
    }
}

TEST_CASE("hostile expressions cost little and do not crash", "[readiness]") {
    for (const char byte : {'(', '-', '{', '[', '"', '\\', '!', '@', '\xFF'}) {
        CHECK(read_promql(std::string(60'000, byte)).error);
    }
    CHECK(read_promql(std::string(70'000, 'a')).error->what == "is longer than 64 KiB");
    std::string sum = "a";
    for (int count = 0; count < 15'000; ++count) {
        sum += "+a";
    }
    CHECK(read_promql(sum).selectors.size() == 15'001);
    CHECK(read_promql("a" + std::string(60'000, '^')).error);
    CHECK(read_promql("x{a=~\"(a|b)*(c|d){1,999999}\"}").error);
}

TEST_CASE("expressions with pieces of others cut in are taken or refused", "[readiness]") {
    const auto known = right_expressions();
    std::mt19937 random(20261);
    int taken = 0;
    for (int round = 0; round < 20'000; ++round) {
        const auto& left = known[random() % known.size()];
        const auto& right = known[random() % known.size()];
        const auto text = left.substr(0, random() % (left.size() + 1)) +
                          right.substr(random() % (right.size() + 1));
        const auto read = read_promql(text);
        taken += read.error ? 0 : 1;
        INFO(text);
        REQUIRE((!read.error || read.error->offset <= text.size()));
    }
    CHECK(taken > 100);
}
