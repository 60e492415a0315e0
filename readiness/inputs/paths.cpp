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

std::optional<std::string> joined_path(std::string_view folder, std::string_view path) {
    // Stands for the top, so that what leads there is told from what leads out of it.
    constexpr std::string_view top = "\n";
    if (path.starts_with('/')) {
        return std::nullopt;
    }
    const auto clean =
        clean_path(std::string(top) + "/" + std::string(folder) + "/" + std::string(path));
    const bool is_inside = clean.starts_with(top);
    return is_inside ? std::optional(clean.substr(std::min(clean.size(), top.size() + 1)))
                     : std::nullopt;
}

}  // namespace deployctl::readiness
