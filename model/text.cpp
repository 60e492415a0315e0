// SPDX-License-Identifier: Apache-2.0
#include "model/text.hpp"

namespace deployctl {

std::string count_of(std::int64_t count, std::string_view word) {
    return std::to_string(count) + " " + std::string(word) + (count == 1 ? "" : "s");
}

std::string join(const std::vector<std::string>& words, std::string_view between) {
    std::string text;
    for (const auto& word : words) {
        text += text.empty() ? "" : between;
        text += word;
    }
    return text;
}

}  // namespace deployctl
