// SPDX-License-Identifier: Apache-2.0
// Scripts that complete commands, options and values in a shell, made from the forms. Pure.
#pragma once

#include <string>

namespace deployctl::cli {

std::string bash_completion();
std::string zsh_completion();
std::string fish_completion();

}  // namespace deployctl::cli
