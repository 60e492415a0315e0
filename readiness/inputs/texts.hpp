// SPDX-License-Identifier: Apache-2.0
// What is read line by line: shell scripts, Makefiles, prose, CODEOWNERS, env files, cron tables.
// Each file is one subject; its path is its identity. Prose that says what to do when it burns is
// a `runbook` as well as a `document`. One thread.
#pragma once

#include "readiness/input.hpp"

namespace deployctl::readiness {

std::span<const Language> text_languages();
/// script, makefile, document, codeowners, env-file, crontab.
std::span<const Input> text_inputs();

}  // namespace deployctl::readiness
