// SPDX-License-Identifier: Apache-2.0
#include "config/report.hpp"

#include <algorithm>
#include <tuple>

namespace deployctl::config {

Diagnostic& Report::add(const char* code, std::string message, documents::YamlPlace place) {
    if (is_full()) {
        dropped_ = {};
        return dropped_;
    }
    return diagnostics_.emplace_back(source_.mistake(code, std::move(message), place));
}

Diagnostics Report::take() {
    std::ranges::sort(diagnostics_, {}, [](const Diagnostic& one) {
        return std::tie(one.place.line, one.place.column, one.code, one.message);
    });
    return std::move(diagnostics_);
}

}  // namespace deployctl::config
