// SPDX-License-Identifier: Apache-2.0
// Compose files: subjects `compose-file` and `compose-service`, after `extends` (also of other
// files of the tree), `include`, the short forms and `${X:-y}` (docs/formats/compose-tree.md). A
// file that only adds to the services of the one beside it is read on top of that one. One thread.
#pragma once

#include "readiness/input.hpp"

namespace deployctl::readiness {

Input compose_input();

}  // namespace deployctl::readiness
