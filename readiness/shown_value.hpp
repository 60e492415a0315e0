// SPDX-License-Identifier: Apache-2.0
// A value of a file as findings say it: its key and its text, short, and without secrets. Pure; any
// thread.
#pragma once

#include "documents/tree.hpp"

#include <string>
#include <string_view>

namespace deployctl::readiness {

/// "runAsUser: 0" of the node at `path`; of a list or a map its key alone.
std::string shown_value(std::string_view path, const documents::Node& node);

}  // namespace deployctl::readiness
