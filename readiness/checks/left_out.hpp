// SPDX-License-Identifier: Apache-2.0
// What is said of objects that were left out while their relations were looked for, for there were
// too many of them. Pure; any thread.
#pragma once

#include "readiness/check.hpp"

#include <optional>
#include <string_view>

namespace deployctl::readiness {

/// Of a pod, whether others of this kind may select it; of one of this kind, whether it may select
/// others. Nothing where all of them are known.
std::optional<Answer> ask_left_out(
    std::string_view kind, const Subject& subject, const Facts& facts
);

}  // namespace deployctl::readiness
