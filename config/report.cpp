// SPDX-License-Identifier: Apache-2.0
#include "config/report.hpp"

#include <algorithm>

namespace deployctl::config {

Diagnostic& Report::add(const char* code, std::string message, documents::YamlPlace place) {
    if (is_full()) {
        dropped_ = {};
        return dropped_;
    }
    return diagnostics_.emplace_back(source_.mistake(code, std::move(message), place));
}

Diagnostics Report::take() {
    std::ranges::stable_sort(diagnostics_, {}, [](const Diagnostic& one) {
        return std::pair(one.place.line, one.place.column);
    });
    return std::move(diagnostics_);
}

}  // namespace deployctl::config
