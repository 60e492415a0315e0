// SPDX-License-Identifier: Apache-2.0
#include "readiness/inputs/paths.hpp"

#include <algorithm>

namespace deployctl::readiness {

std::string_view base_name(std::string_view path) {
    const auto slash = path.rfind('/');
    return slash == path.npos ? path : path.substr(slash + 1);
}

std::string_view folder_of(std::string_view path) {
    const auto slash = path.rfind('/');
    return slash == path.npos ? std::string_view() : path.substr(0, slash);
}

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

std::string clean_path(std::string_view path) {
    std::vector<std::string_view> kept;
    for (const auto part : parts_of(path)) {
        if (part == ".." && kept.empty()) {
            return {};
        }
        if (part == "..") {
            kept.pop_back();
        } else if (!part.empty() && part != ".") {
            kept.push_back(part);
        }
    }
    std::string clean;
    for (const auto part : kept) {
        clean += (clean.empty() ? "" : "/") + std::string(part);
    }
    return clean;
}

}  // namespace deployctl::readiness
