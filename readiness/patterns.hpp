// SPDX-License-Identifier: Apache-2.0
// Regular expressions over views. A pattern is compiled once and asked by any thread.
#pragma once

#include <re2/re2.h>
#include <string_view>

namespace deployctl::readiness {

inline bool is_found(const RE2& pattern, std::string_view text) {
    return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), pattern);
}

}  // namespace deployctl::readiness
