// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/subnet.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <string>

namespace deployctl::readiness {

namespace {

bool same_prefix(const Subnet& one, const Subnet& other, int bits) {
    for (int bit = 0; bit < bits; ++bit) {
        const auto byte = static_cast<std::size_t>(bit / 8);
        const auto mask = static_cast<std::uint8_t>(0x80U >> static_cast<unsigned>(bit % 8));
        if (((one.address.at(byte) ^ other.address.at(byte)) & mask) != 0) {
            return false;
        }
    }
    return true;
}

/// Nothing of the address is after its prefix.
bool is_clean(const Subnet& subnet) {
    for (int bit = subnet.bits; bit < subnet.length * 8; ++bit) {
        const auto byte = static_cast<std::size_t>(bit / 8);
        const auto mask = static_cast<std::uint8_t>(0x80U >> static_cast<unsigned>(bit % 8));
        if ((subnet.address.at(byte) & mask) != 0) {
            return false;
        }
    }
    return true;
}

}  // namespace

std::optional<Subnet> read_subnet(std::string_view text) {
    const auto slash = text.find('/');
    if (slash == text.npos) {
        return std::nullopt;
    }
    Subnet subnet;
    const std::string address(text.substr(0, slash));
    const bool is_long = address.find(':') != std::string::npos;
    subnet.length = is_long ? 16 : 4;
    const auto* const begin = text.data() + slash + 1;
    const auto* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(begin, end, subnet.bits);
    const bool fits =
        error == std::errc() && stop == end && subnet.bits >= 0 && subnet.bits <= subnet.length * 8;
    const int family = is_long ? AF_INET6 : AF_INET;
    if (!fits || inet_pton(family, address.c_str(), subnet.address.data()) != 1) {
        return std::nullopt;
    }
    return is_clean(subnet) ? std::optional(subnet) : std::nullopt;
}

bool overlap(const Subnet& one, const Subnet& other) {
    return one.length == other.length && same_prefix(one, other, std::min(one.bits, other.bits));
}

}  // namespace deployctl::readiness
