// SPDX-License-Identifier: Apache-2.0
#include "model/diagnostics.hpp"

#include <algorithm>

namespace deployctl {

bool has_errors(const Diagnostics& diagnostics) {
    return std::ranges::any_of(diagnostics, [](const Diagnostic& one) {
        return one.severity == Severity::error;
    });
}

}  // namespace deployctl
