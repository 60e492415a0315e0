// SPDX-License-Identifier: Apache-2.0
// What a freeze means for an order that is prepared: a refusal, or, overridden, a warning and a
// note for the record.
#pragma once

#include "cli/preparation.hpp"

#include <string>

namespace deployctl::cli {

/// Who has to agree before anything is changed, where a freeze is overridden; empty: nobody.
std::string emergency_approval(
    Parts& parts, const Configuration& configuration, const Order& order, const Target& target
);
void heed_freeze(
    Parts& parts, const FreezeRule& rule, const Configuration& configuration, Prepared& prepared
);

}  // namespace deployctl::cli
