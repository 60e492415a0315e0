// SPDX-License-Identifier: Apache-2.0
// Whether a command line gives a secret as it is. A guess, and meant to be one: what the shell or
// the kubelet fills in, names of files and of objects are none. Pure; any thread.
#pragma once

#include "documents/tree.hpp"

#include <span>
#include <string>

namespace deployctl::readiness {

/// What gives the first one: a switch, with the word behind it, an assignment in a script; "a key"
/// where one stands alone. Empty: there is none.
std::string secret_among(std::span<const documents::Node> words);

}  // namespace deployctl::readiness
