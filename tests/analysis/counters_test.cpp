// SPDX-License-Identifier: Apache-2.0
#include "analysis/counters.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace deployctl::analysis;

using Names = std::vector<std::string>;

TEST_CASE("a counter gives its difference, and counts whole after a reset", "[analysis]") {
    CHECK(increase(10, 15) == 5);
    CHECK(increase(10, 10) == 0);
    CHECK(increase(10, 3) == 3);
    CHECK(increase(10, 0) == 0);
}

TEST_CASE("a look gives what each pod gained since the look before", "[analysis]") {
    CounterBook book;
    const auto first = book.take({{"a", 100}, {"b", 50}});
    CHECK(first.total() == 0);
    CHECK(first.started == Names{"a", "b"});
    const auto second = book.take({{"a", 130}, {"b", 20}, {"c", 7}});
    CHECK(second.by_pod == Readings{{"a", 30}, {"b", 20}});
    CHECK(second.reset == Names{"b"});
    CHECK(second.started == Names{"c"});
    CHECK(second.total() == 50);
}

TEST_CASE("a missing pod adds nothing, and all it gained when it is back", "[analysis]") {
    CounterBook book;
    book.take({{"a", 100}, {"b", 50}});
    const auto without = book.take({{"a", 110}});
    CHECK(without.missing == Names{"b"});
    CHECK(without.total() == 10);
    CHECK(book.take({{"a", 110}, {"b", 80}}).by_pod == Readings{{"a", 0}, {"b", 30}});
    book.forget("b");
    CHECK(book.take({{"a", 110}}).missing.empty());
}

TEST_CASE(
    "a reading that is no count is told, and the pod goes on from the last one", "[analysis]"
) {
    for (const double bad : std::vector<double>{NAN, INFINITY, -INFINITY, -1}) {
        CounterBook book;
        book.take({{"a", 100}});
        const auto found = book.take({{"a", bad}});
        CHECK(found.unsound == Names{"a"});
        CHECK(found.total() == 0);
        CHECK(book.take({{"a", 120}}).total() == 20);
    }
    CounterBook fresh;
    fresh.take({{"a", NAN}});
    CHECK(fresh.last().empty());
}

TEST_CASE("differences add up to the whole, however often one looks", "[analysis]") {
    CounterBook often;
    CounterBook seldom;
    double sum = 0;
    seldom.take({{"a", 3}});
    for (int look = 0; look <= 100; ++look) {
        sum += often.take({{"a", 3.0 + 7 * look}}).total();
    }
    CHECK(sum == seldom.take({{"a", 703}}).total());
    auto resumed = CounterBook::resumed(often.last());
    CHECK(resumed.take({{"a", 710}}).total() == 7);
}
