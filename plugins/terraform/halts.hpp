// SPDX-License-Identifier: Apache-2.0
// Why a stack does not go on, in words. Pure.
#pragma once

#include "plugins/terraform/stack.hpp"

namespace deployctl::plugins::terraform {

/// Of what the tool was called for: "init", "plan".
Halt halt_of(const ToolCall& call, const ToolEnd& end, const std::string& what);
/// Of its own complaints, where there are any.
Halt halt_of(const std::vector<Complaint>& complaints, const Halt& otherwise);
Halt locked_by(const StateLock& lock, const std::string& dir, const std::string& program);
/// Of the backend pg, which tells whoever asks of himself.
Halt locked_by_a_connection();
std::vector<std::string> printable_end(const std::string& text);

}  // namespace deployctl::plugins::terraform
