// SPDX-License-Identifier: Apache-2.0
#include "model/placeholders.hpp"

#include <algorithm>

namespace deployctl {

namespace {

struct Piece {
    std::string_view before;
    std::string_view whole;  ///< with its braces; empty at the end
    std::string_view name;
    std::string_view after;
};

Piece split(std::string_view text) {
    const auto start = text.find("${");
    if (start == std::string_view::npos) {
        return {text, {}, {}, {}};
    }
    const auto end = std::min(text.find('}', start), text.size() - 1) + 1;
    const auto whole = text.substr(start, end - start);
    const auto closing = whole.ends_with('}') ? 1U : 0U;
    return {
        text.substr(0, start), whole, whole.substr(2, whole.size() - 2 - closing), text.substr(end)
    };
}

}  // namespace

std::string fill_in(std::string_view text, const Placeholders& values) {
    std::string filled;
    while (!text.empty()) {
        const auto piece = split(text);
        filled += piece.before;
        const auto value = values.find(piece.name);
        filled += value == values.end() ? piece.whole : std::string_view(value->second);
        text = piece.after;
    }
    return filled;
}

std::string value_of(const Placeholders& values, std::string_view name) {
    const auto found = values.find(name);
    return found == values.end() ? "" : found->second;
}

std::vector<std::string> placeholders_in(std::string_view text) {
    std::vector<std::string> names;
    while (!text.empty()) {
        const auto piece = split(text);
        if (!piece.whole.empty()) {
            names.emplace_back(piece.whole);
        }
        text = piece.after;
    }
    return names;
}

}  // namespace deployctl
