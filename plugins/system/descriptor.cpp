// SPDX-License-Identifier: Apache-2.0
#include "plugins/system/descriptor.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <unistd.h>

namespace deployctl::plugins {

Descriptor::~Descriptor() {
    if (number_ >= 0) {
        close(number_);
    }
}

std::string words_for(int error) {
    return std::error_code(error, std::generic_category()).message();
}

bool write_whole(int file, std::string_view text) {
    while (!text.empty()) {
        const auto written = ::write(file, text.data(), text.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return false;
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

SourceText read_to_end(int file, std::size_t most_bytes, std::size_t expected_bytes) {
    SourceText answer;
    auto& text = answer.text;
    // One byte more than is wanted tells that it goes on: a file may grow while it is read.
    constexpr std::size_t unknown_size = 4095;
    text.resize(std::min(expected_bytes == 0 ? unknown_size : expected_bytes, most_bytes) + 1);
    std::size_t filled = 0;
    for (;;) {
        const auto size = ::read(file, text.data() + filled, text.size() - filled);
        if (size < 0 && errno == EINTR) {
            continue;
        }
        if (size < 0) {
            return {SourceText::Kind::failed, "", words_for(errno)};
        }
        filled += static_cast<std::size_t>(size);
        if (filled > most_bytes) {
            const auto limit = std::to_string(most_bytes);
            return {SourceText::Kind::too_large, "", "larger than " + limit + " bytes"};
        }
        // There was room for more than was expected, and that much was all.
        if (size == 0 || (expected_bytes > 0 && filled == expected_bytes)) {
            text.resize(filled);
            return answer;
        }
        if (filled == text.size()) {
            text.resize(std::min(2 * text.size(), most_bytes + 1));
        }
    }
}

}  // namespace deployctl::plugins
