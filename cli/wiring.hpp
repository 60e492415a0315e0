// SPDX-License-Identifier: Apache-2.0
// The real parts: each adapter made by hand, on first use, in the order in which they need each
// other.
#pragma once

#include "cli/globals.hpp"
#include "cli/parts.hpp"

#include <memory>

namespace deployctl::cli {

std::unique_ptr<Parts> make_parts(const Place& place);
/// The journal's file: --state, DEPLOYCTL_STATE, else the default.
std::string state_path(const Place& place);
/// Where it is: notes on infrastructure are kept beside it.
std::string state_folder(const Place& place);

}  // namespace deployctl::cli
