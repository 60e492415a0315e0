// SPDX-License-Identifier: Apache-2.0
#include "cli/output/live_area.hpp"

#include <algorithm>
#include <ostream>

namespace deployctl::cli {

namespace {

constexpr const char* clear_below = "\033[J";
constexpr const char* clear_line = "\033[K";

std::vector<std::string> fold_height(const std::vector<std::string>& lines, int rows) {
    const auto room = static_cast<std::size_t>(std::max(2, rows - 1));
    if (lines.size() <= room) {
        return lines;
    }
    std::vector<std::string> kept{lines.front()};
    kept.insert(kept.end(), lines.end() - static_cast<std::ptrdiff_t>(room - 1), lines.end());
    return kept;
}

}  // namespace

LiveArea::LiveArea(std::ostream& stream, std::function<ScreenSize()> measure, Style style)
    : stream_(stream), measure_(std::move(measure)), style_(style) {}

void LiveArea::paint(const std::vector<std::string>& lines) {
    const auto size = measure_();
    auto shown = fold_height(lines, size.rows);
    for (auto& line : shown) {
        line = fit(style_, line, size.columns - 1);
    }
    std::string text = back_to_start();
    for (const auto& line : shown) {
        text += line + clear_line + "\n";
    }
    stream_ << text << clear_below << std::flush;
    painted_ = std::move(shown);
}

void LiveArea::print_above(const std::string& line) {
    const auto size = measure_();
    std::string text = back_to_start() + fit(style_, line, size.columns - 1) + clear_line + "\n";
    for (const auto& below : painted_) {
        text += below + clear_line + "\n";
    }
    stream_ << text << clear_below << std::flush;
}

void LiveArea::leave() {
    painted_.clear();
    stream_.flush();
}

/// A window that was made narrower has wrapped the painted lines: count the rows that they take
/// now.
std::string LiveArea::back_to_start() const {
    const auto columns = std::max(1, measure_().columns);
    int rows = 0;
    for (const auto& line : painted_) {
        rows += std::max(1, (columns_of(line) + columns - 1) / columns);
    }
    return rows == 0 ? "" : "\033[" + std::to_string(rows) + "F";
}

}  // namespace deployctl::cli
