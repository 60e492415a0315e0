// SPDX-License-Identifier: Apache-2.0
// Mistakes in a file that a person wrote for assessments, collected with their places. A value.
#pragma once

#include "documents/tree.hpp"
#include "model/diagnostics.hpp"

#include <string>
#include <utility>

namespace deployctl::readiness {

class Mistakes {
public:
    explicit Mistakes(std::string file) : file_(std::move(file)) {}

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
    Diagnostics found_;
};

}  // namespace deployctl::readiness
