// SPDX-License-Identifier: Apache-2.0
// Asks the person at the terminal; never where nobody can answer.
#pragma once

#include "cli/session.hpp"

#include <string>

namespace deployctl::cli {

/// True for yes, for -y, and where nobody can be asked; the default answer is no.
bool is_confirmed(Session& session, const std::string& question);
/// The same where silence is no yes: throws Error{blocked} for no, and where nobody can be asked
/// and -y does not say yes.
void need_yes(Session& session, const std::string& question);

}  // namespace deployctl::cli
