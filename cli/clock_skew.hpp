// SPDX-License-Identifier: Apache-2.0
// The time that an HTTP server says it is. Pure.
#pragma once

#include "model/time.hpp"

#include <optional>
#include <string_view>

namespace deployctl::cli {

/// "Tue, 24 Nov 2026 23:33:54 GMT"; nothing where it is no such text.
std::optional<WallTime> read_http_date(std::string_view text);

}  // namespace deployctl::cli
