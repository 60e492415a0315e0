// SPDX-License-Identifier: Apache-2.0
// What a report says of itself beside all others, or promises, without saying how it is known; and
// how many of its ticked points name where they can be seen. Pure; any thread.
#pragma once

#include "readiness/audit.hpp"
#include "readiness/audit_document.hpp"

#include <string>
#include <vector>

namespace deployctl::readiness {

struct BareClaim {
    std::string words;  ///< "TOP 5%"
    int line = 0;
};

struct Claims {
    std::vector<BareClaim> bare;
    TickedPoints ticked;
};

Claims find_claims(const ReportDocument& document);

}  // namespace deployctl::readiness
