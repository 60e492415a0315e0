// SPDX-License-Identifier: Apache-2.0
#include "model/address.hpp"

#include "model/text.hpp"

#include <algorithm>

namespace deployctl {

namespace {

constexpr std::size_t longest_host = 253;
constexpr int highest_port = 65535;

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_name(std::string_view host) {
    return !host.empty() && host.size() <= longest_host && is_letter(host.front()) &&
           std::ranges::all_of(host, [](char c) {
               return is_letter(c) || c == '.' || c == '-' || c == '_';
           });
}

bool is_in_brackets(std::string_view host) {
    if (host.size() < 4 || host.front() != '[' || host.back() != ']') {
        return false;
    }
    const auto inner = host.substr(1, host.size() - 2);
    return inner.find(':') != inner.npos && std::ranges::all_of(inner, [](char c) {
               return (is_letter(c) && (c <= '9' || (c | 0x20) <= 'f')) || c == ':' || c == '.';
           });
}

}  // namespace

bool is_address(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) {
        return false;
    }
    const auto host = text.substr(0, colon);
    const auto port = whole_number<int>(text.substr(colon + 1));
    return (is_name(host) || is_in_brackets(host)) && port && *port >= 1 && *port <= highest_port;
}

}  // namespace deployctl
