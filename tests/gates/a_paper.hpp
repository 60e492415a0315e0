// SPDX-License-Identifier: Apache-2.0
// When gates that judge a report are asked in tests, and about which rollout.
#pragma once

#include "model/placeholders.hpp"
#include "model/time.hpp"

#include <string>

namespace deployctl::tests::paper {

inline const WallTime now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 30);
inline const std::string digest = "sha256:" + std::string(64, '2');
inline const Placeholders names{
    {"app", "web"},
    {"env", "production"},
    {"version", "v2"},
    {"previous_version", "v1"},
    {"image", "registry/shop/web:v2@" + digest},
};

}  // namespace deployctl::tests::paper
