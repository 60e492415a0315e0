// SPDX-License-Identifier: Apache-2.0
#include "model/text.hpp"

#include <algorithm>

namespace deployctl {

std::string count_of(std::int64_t count, std::string_view word) {
    return std::to_string(count) + " " + std::string(word) + (count == 1 ? "" : "s");
}

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return text;
}

std::string upper(std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return text;
}

void append(std::vector<std::string>& list, const std::vector<std::string>& more) {
    list.insert(list.end(), more.begin(), more.end());
}

std::string join(const std::vector<std::string>& words, std::string_view between) {
    std::string text;
    for (const auto& word : words) {
        text += text.empty() ? "" : between;
        text += word;
    }
    return text;
}

std::string_view take_characters(std::string_view text, int count) {
    constexpr auto continues = [](char byte) {
        return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
    };
    std::size_t end = 0;
    for (int seen = 0; end < text.size(); ++end) {
        if (!continues(text[end]) && seen++ == count) {
            break;
        }
    }
    return text.substr(0, end);
}

}  // namespace deployctl
