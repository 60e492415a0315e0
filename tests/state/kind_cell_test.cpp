// SPDX-License-Identifier: Apache-2.0
// The kind of an object as a journal keeps it.
#include "state/rows.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;

TEST_CASE("each kind that an attempt may be on is read back as it was written", "[state]") {
    for (int at = 0; at < static_cast<int>(Kind::other); ++at) {
        const ObjectRef ref{static_cast<Kind>(at), "", ""};
        const auto read = state::read_kind_cell(state::kind_cell(ref));
        REQUIRE(read);
        CHECK(*read == ref);
    }
    const ObjectRef ingress{Kind::other, "", "", {"networking.k8s.io/v1", "Ingress", "ingresses"}};
    CHECK(state::read_kind_cell(state::kind_cell(ingress)) == ingress);
    for (const auto* damaged : {"", "Thing", "v1 Thing"}) {
        CHECK_FALSE(state::read_kind_cell(damaged));
    }
}
