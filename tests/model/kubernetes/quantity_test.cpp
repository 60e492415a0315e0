// SPDX-License-Identifier: Apache-2.0
#include "model/kubernetes/quantity.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;

TEST_CASE("quantities are read in their units", "[model]") {
    CHECK(read_quantity("0") == 0);
    CHECK(*read_quantity("500m") == Approx(0.5));
    CHECK(*read_quantity("1.5") == Approx(1.5));
    CHECK(*read_quantity(".5") == Approx(0.5));
    CHECK(*read_quantity("+2k") == Approx(2000));
    CHECK(*read_quantity("128Mi") == Approx(128.0 * 1024 * 1024));
    CHECK(*read_quantity("1Ei") == Approx(1152921504606846976.0));
    CHECK(*read_quantity("1E") == Approx(1e18));
    CHECK(*read_quantity("1e3") == Approx(1000));
    CHECK(*read_quantity("1E3") == Approx(1000));
    CHECK(*read_quantity("100n") == Approx(1e-7));
    CHECK(read_quantity(Value(4)) == 4);
    CHECK(read_quantity(Value(0.25)) == 0.25);
}

TEST_CASE("what is no quantity, or less than none, is none", "[model]") {
    for (const auto* text :
         {"",
          "m",
          "-1",
          "1x",
          "1 Gi",
          "1mi",
          "1KI",
          "nan",
          "inf",
          "1e999",
          "0x10",
          "1..2",
          "++1",
          "1e30",
          "Gi",
          "."}) {
        CAPTURE(text);
        CHECK_FALSE(read_quantity(text));
    }
    for (const auto& value : {Value(), Value(-1), Value(true), Value::list({1}), Value::map()}) {
        CHECK_FALSE(read_quantity(value));
    }
}
