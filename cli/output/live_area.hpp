// SPDX-License-Identifier: Apache-2.0
// The last lines of a terminal, painted again and again; what is above them is never touched, and
// there is no alternate screen. Lines are folded to the window's width and height. Engine thread
// alone. the stream outlives it.
#pragma once

#include "cli/output/terminal.hpp"

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

namespace deployctl::cli {

class LiveArea {
public:
    LiveArea(std::ostream& stream, std::function<ScreenSize()> measure, Style style);

    /// Replaces what was painted last; lines that do not fit the window's height are left out in
    /// the middle.
    void paint(const std::vector<std::string>& lines);
    /// A line that stays, above the painted ones.
    void print_above(const std::string& line);
    /// What is painted stays; what is printed next comes below it.
    void leave();

private:
    std::string back_to_start() const;

    std::ostream& stream_;
    std::function<ScreenSize()> measure_;
    Style style_;
    std::vector<std::string> painted_;
};

}  // namespace deployctl::cli
