// SPDX-License-Identifier: Apache-2.0
// "172.20.0.0/24" and "fd00::/64" as values. Pure; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace deployctl::readiness {

struct Subnet {
    std::array<std::uint8_t, 16> address{};
    int bits = 0;    ///< of the prefix
    int length = 4;  ///< bytes of the address: 4 or 16
};

/// Nothing where it is none: no prefix, too long a one, or a bit after it.
std::optional<Subnet> read_subnet(std::string_view text);

bool overlap(const Subnet& one, const Subnet& other);

}  // namespace deployctl::readiness
