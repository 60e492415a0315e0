// SPDX-License-Identifier: Apache-2.0
// The exit codes, with a word for messages and a meaning for the manual. Pure.
#pragma once

#include "model/error.hpp"

#include <vector>

namespace deployctl::cli {

struct ExitMeaning {
    ExitCode code;
    const char* word;  ///< "locked": stands in `error[locked]`
    const char* meaning;
};

const std::vector<ExitMeaning>& exit_meanings();
const char* word_of(ExitCode code);

}  // namespace deployctl::cli
