// SPDX-License-Identifier: Apache-2.0
#include "config/report.hpp"

namespace deployctl::config {

Diagnostic& Report::add(const char* code, std::string message, documents::YamlPlace place) {
    if (diagnostics_.size() >= most) {
        dropped_ = {};
        return dropped_;
    }
    return diagnostics_.emplace_back(source_.mistake(code, std::move(message), place));
}

}  // namespace deployctl::config
