// SPDX-License-Identifier: Apache-2.0
// A plan is frozen with its gates: what is written is read.
#include "tests/engine/frozen_gates.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using tests::frozen;

TEST_CASE("what gates ask of what is deployed is frozen as it is", "[engine]") {
    const auto scan = tests::gate_of(
        ScanQuestion{"r/${version}.json", 1, 2, 0, std::nullopt, minutes(90), "vex.json", true}
    );
    CHECK(frozen(scan) == scan);
    const auto policy =
        tests::gate_of(PolicyQuestion{PolicyTool::opa, "policy", "kube.rules", minutes(3)});
    CHECK(frozen(policy) == policy);
    const auto image = tests::gate_of(ImageQuestion{"k.pub", "ci", "https://issuer", minutes(3)});
    CHECK(frozen(image) == image);
    for (const auto* type : {"scan", "policy", "image"}) {
        const auto plain = deployctl::gate_of(type, "").value();
        CHECK(frozen(plain) == plain);
    }
}
