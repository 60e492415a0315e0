// SPDX-License-Identifier: Apache-2.0
#include "cli/suggestion.hpp"

#include "config/spelling.hpp"

namespace deployctl::cli {

std::string closest(std::string_view word, const std::vector<std::string>& known) {
    const std::vector<std::string_view> words(known.begin(), known.end());
    return std::string(config::closest(word, words).value_or(""));
}

}  // namespace deployctl::cli
