// SPDX-License-Identifier: Apache-2.0
#include "model/artifact_questions.hpp"

#include "model/named.hpp"

#include <array>

namespace deployctl {

const char* to_text(PolicyTool tool) {
    return tool == PolicyTool::opa ? "opa" : "conftest";
}

std::optional<PolicyTool> read_policy_tool(std::string_view text) {
    return read_name(text, std::array{PolicyTool::conftest, PolicyTool::opa});
}

}  // namespace deployctl
