// SPDX-License-Identifier: Apache-2.0
// Inside of redaction: a quick look that spares most texts the long one. Every form of
// redaction_forms.cpp has one of the signs that are looked for here; a new form may need a new one.
// Pure; any thread.
#pragma once

#include <string_view>

namespace deployctl::readiness {

/// False: no form fits. True says nothing yet.
bool may_hold_secret(std::string_view text);

}  // namespace deployctl::readiness
