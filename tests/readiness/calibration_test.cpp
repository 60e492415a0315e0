// SPDX-License-Identifier: Apache-2.0
#include "readiness/calibration.hpp"

#include <catch2/catch.hpp>

namespace deployctl::readiness {
namespace {

TEST_CASE("checks are told by how rollouts ended with and without them", "[readiness]") {
    const auto rows = calibrate({
        {{"K8S-54", "DR-1", "K8S-54"}, true},
        {{"K8S-54"}, true},
        {{"DR-1"}, false},
        {{}, false},
        {{}, true},
    });
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].check == "K8S-54");
    CHECK(rows[0].with.rollouts == 2);
    CHECK(rows[0].with.went_wrong == 2);
    CHECK(rows[0].without.rollouts == 3);
    CHECK(rows[0].without.went_wrong == 1);
    CHECK(rows[1].check == "DR-1");
    CHECK(rows[1].with.went_wrong == 1);
    CHECK(rows[1].without.went_wrong == 2);
}

TEST_CASE("without rollouts there is nothing to tell", "[readiness]") {
    CHECK(calibrate({}).empty());
    CHECK(calibrate({{{}, true}}).empty());
}

}  // namespace
}  // namespace deployctl::readiness
