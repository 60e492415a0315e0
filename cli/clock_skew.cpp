// SPDX-License-Identifier: Apache-2.0
#include "cli/clock_skew.hpp"

#include <string>

namespace deployctl::cli {

std::optional<WallTime> read_http_date(std::string_view text) {
    constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    if (text.size() != 29 || text.substr(3, 2) != ", " || !text.ends_with(" GMT")) {
        return std::nullopt;
    }
    const auto at = months.find(text.substr(8, 3));
    if (at == std::string_view::npos || at % 3 != 0) {
        return std::nullopt;
    }
    const auto month = at / 3 + 1;
    auto rfc3339 =
        std::string(text.substr(12, 4)) + (month < 10 ? "-0" : "-") + std::to_string(month);
    rfc3339 += "-" + std::string(text.substr(5, 2)) + "T" + std::string(text.substr(17, 8)) + "Z";
    return read_rfc3339(rfc3339);
}

}  // namespace deployctl::cli
