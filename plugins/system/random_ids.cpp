// SPDX-License-Identifier: Apache-2.0
#include "plugins/system/random_ids.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <sys/random.h>

namespace deployctl::plugins {

std::string RandomIds::next() {
    std::array<std::uint8_t, 16> bytes{};
    if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
        throw std::runtime_error("the kernel gave no random bytes");
    }
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    auto millis = static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count()
    );
    for (std::size_t index = 6; index-- > 0; millis >>= 8) {
        bytes[index] = static_cast<std::uint8_t>(millis & 0xff);
    }
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x70);
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);
    std::string text;
    for (std::size_t index = 0; index < bytes.size(); ++index) {
        constexpr std::string_view digits = "0123456789abcdef";
        if (index == 4 || index == 6 || index == 8 || index == 10) {
            text += '-';
        }
        text += digits[bytes[index] >> 4];
        text += digits[bytes[index] & 15];
    }
    return text;
}

}  // namespace deployctl::plugins
