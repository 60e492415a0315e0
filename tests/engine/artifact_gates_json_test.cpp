// SPDX-License-Identifier: Apache-2.0
// A plan is frozen with its gates: what is written is read.
#include "documents/json.hpp"
#include "engine/gates_json.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;

namespace {

/// Through the text that the journal keeps.
GateSettings frozen(const GateSettings& gate) {
    const auto text = documents::write_json(engine::gates_value({{"g", gate}}));
    return engine::read_gates(documents::read_json(text)).at("g");
}

GateSettings gate_of(GateQuestion question) {
    auto gate = deployctl::gate_of(type_of(question), method_of(question)).value();
    gate.question = std::move(question);
    return gate;
}

}  // namespace

TEST_CASE("what gates ask of what is deployed is frozen as it is", "[engine]") {
    const auto scan = gate_of(
        ScanQuestion{"r/${version}.json", 1, 2, 0, std::nullopt, minutes(90), "vex.json", true}
    );
    CHECK(frozen(scan) == scan);
    const auto policy =
        gate_of(PolicyQuestion{PolicyTool::opa, "policy", "kube.rules", minutes(3)});
    CHECK(frozen(policy) == policy);
    const auto image = gate_of(ImageQuestion{"k.pub", "ci", "https://issuer", minutes(3)});
    CHECK(frozen(image) == image);
    for (const auto* type : {"scan", "policy", "image"}) {
        const auto plain = deployctl::gate_of(type, "").value();
        CHECK(frozen(plain) == plain);
    }
}
