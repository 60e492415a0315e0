// SPDX-License-Identifier: Apache-2.0
// The settings of a database, with what they leave to others and to names filled in. Pure; any
// thread.
#pragma once

#include "model/backup.hpp"
#include "model/placeholders.hpp"

#include <string>

namespace deployctl {

/// `dir` is where artefacts are that have no folder of their own.
DatabaseSettings filled_in(
    DatabaseSettings settings, const std::string& dir, const Placeholders& names
);

}  // namespace deployctl
