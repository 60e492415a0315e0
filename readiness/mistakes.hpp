// SPDX-License-Identifier: Apache-2.0
// Mistakes in a file that a person wrote for assessments, collected with their places. A value.
#pragma once

#include "documents/tree.hpp"
#include "model/diagnostics.hpp"

#include <string>
#include <utility>

namespace deployctl::readiness {

/// Of the program's own files a test has compiled them; anybody's have to be tried.
enum class Patterns { to_be_tried, known };

class Mistakes {
public:
    explicit Mistakes(std::string file, Patterns patterns = Patterns::to_be_tried)
        : file_(std::move(file)), patterns_(patterns) {}

    bool are_patterns_known() const { return patterns_ == Patterns::known; }

    void add(documents::Spot spot, std::string message, std::string help = {}) {
        Diagnostic mistake;
        mistake.message = std::move(message);
        mistake.help = std::move(help);
        mistake.place = {file_, static_cast<int>(spot.line), static_cast<int>(spot.column)};
        found_.push_back(std::move(mistake));
    }

    const Diagnostics& found() const { return found_; }

private:
    std::string file_;
    Patterns patterns_;
    Diagnostics found_;
};

}  // namespace deployctl::readiness
