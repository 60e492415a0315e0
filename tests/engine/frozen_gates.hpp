// SPDX-License-Identifier: Apache-2.0
// A gate as a plan keeps it.
#pragma once

#include "documents/json.hpp"
#include "engine/gates_json.hpp"

#include <utility>

namespace deployctl::tests {

/// Through the text that the journal keeps.
inline GateSettings frozen(const GateSettings& gate) {
    const auto text = documents::write_json(engine::gates_value({{"g", gate}}));
    return engine::read_gates(documents::read_json(text)).at("g");
}

/// With the defaults of its kind.
inline GateSettings gate_of(GateQuestion question) {
    auto gate = deployctl::gate_of(type_of(question), method_of(question)).value();
    gate.question = std::move(question);
    return gate;
}

}  // namespace deployctl::tests
