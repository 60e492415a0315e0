// SPDX-License-Identifier: Apache-2.0
#include "config/placeholders.hpp"

#include <algorithm>

namespace deployctl::config {

namespace {

struct Piece {
    std::string_view before;
    std::string_view name;  ///< with its braces; empty at the end
    std::string_view after;
};

Piece split(std::string_view text) {
    const auto start = text.find("${");
    if (start == std::string_view::npos) {
        return {text, {}, {}};
    }
    const auto end = std::min(text.find('}', start), text.size() - 1) + 1;
    return {text.substr(0, start), text.substr(start, end - start), text.substr(end)};
}

}  // namespace

std::string fill_in(std::string_view text, const AppSettings& app, const Environment& environment) {
    std::string filled;
    while (!text.empty()) {
        const auto piece = split(text);
        filled += piece.before;
        filled += piece.name == "${app}"   ? std::string_view(app.name)
                  : piece.name == "${env}" ? std::string_view(environment.name)
                                           : piece.name;
        text = piece.after;
    }
    return filled;
}

std::string unknown_name_in(std::string_view text) {
    while (!text.empty()) {
        const auto piece = split(text);
        if (!piece.name.empty() && piece.name != "${app}" && piece.name != "${env}") {
            return std::string(piece.name);
        }
        text = piece.after;
    }
    return "";
}

}  // namespace deployctl::config
