// SPDX-License-Identifier: Apache-2.0
// Until when versions of what a cloud runs are mended, in one place. Checks have no clock, so that
// the same files are always judged alike: they hold versions against the day for which this table
// was looked up. Whoever looks it up again moves `looked_up` on. Constants.
#pragma once

#include <array>
#include <span>
#include <string_view>

namespace deployctl::readiness {

struct EndOfVersion {
    std::string_view version;
    std::string_view ends;  ///< the last day, "2026-03-23"
};

/// Versions that ended before it are of the past. Dates compare as texts.
inline constexpr std::string_view looked_up = "2026-11-30";

/// Standard support of EKS: what comes after it costs more. In order; the last one is the newest.
inline constexpr std::array<EndOfVersion, 8> eks_versions = {{
    {"1.28", "2024-11-26"},
    {"1.29", "2025-03-23"},
    {"1.30", "2025-07-23"},
    {"1.31", "2025-11-26"},
    {"1.32", "2026-03-23"},
    {"1.33", "2026-07-29"},
    {"1.34", "2026-12-02"},
    {"1.35", "2027-03-27"},
}};

/// When runtimes of Lambda are deprecated.
inline constexpr std::array<EndOfVersion, 33> lambda_runtimes = {{
    {"dotnet10", "2028-11-14"},      {"dotnet5.0", "2022-05-10"},
    {"dotnet6", "2024-12-20"},       {"dotnet7", "2024-05-14"},
    {"dotnet8", "2026-11-10"},       {"dotnetcore1.0", "2019-06-27"},
    {"dotnetcore2.0", "2019-05-30"}, {"dotnetcore2.1", "2022-01-05"},
    {"dotnetcore3.1", "2023-04-03"}, {"go1.x", "2024-01-08"},
    {"java8", "2024-01-08"},         {"nodejs", "2016-10-31"},
    {"nodejs10.x", "2021-07-30"},    {"nodejs12.x", "2023-03-31"},
    {"nodejs14.x", "2023-12-04"},    {"nodejs16.x", "2024-06-12"},
    {"nodejs18.x", "2025-09-01"},    {"nodejs20.x", "2026-04-30"},
    {"nodejs22.x", "2027-04-30"},    {"nodejs24.x", "2028-04-30"},
    {"nodejs4.3", "2020-03-05"},     {"nodejs6.10", "2019-08-12"},
    {"nodejs8.10", "2020-03-06"},    {"provided", "2024-01-08"},
    {"python2.7", "2021-07-15"},     {"python3.6", "2022-07-18"},
    {"python3.7", "2023-12-04"},     {"python3.8", "2024-10-14"},
    {"python3.9", "2025-12-15"},     {"ruby2.5", "2021-07-30"},
    {"ruby2.7", "2023-12-07"},       {"ruby3.2", "2026-03-31"},
    {"ruby3.3", "2027-03-31"},
}};

/// Null: the table does not know it.
constexpr const EndOfVersion* find_end(
    std::span<const EndOfVersion> table, std::string_view version
) {
    for (const auto& one : table) {
        if (one.version == version) {
            return &one;
        }
    }
    return nullptr;
}

}  // namespace deployctl::readiness
