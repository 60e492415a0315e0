// SPDX-License-Identifier: Apache-2.0
#include "readiness/inputs/paths.hpp"

#include <algorithm>

namespace deployctl::readiness {

std::vector<std::string_view> parts_of(std::string_view path) {
    std::vector<std::string_view> parts;
    while (!path.empty()) {
        const auto slash = path.find('/');
        parts.push_back(path.substr(0, slash));
        path = slash == path.npos ? std::string_view() : path.substr(slash + 1);
    }
    return parts;
}

std::string in_lower_case(std::string_view text) {
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), [](char byte) {
        return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
    });
    return lower;
}

}  // namespace deployctl::readiness
