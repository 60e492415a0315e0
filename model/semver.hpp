// SPDX-License-Identifier: Apache-2.0
// Semantic versions (semver.org 2.0), as tags of images: "2.3.0", "v2.3.0-rc.1". Numbers of any
// length. Pure; any thread.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl {

struct Semver {
    std::vector<std::string> numbers;     ///< major, minor, patch: digits without leading zeros
    std::vector<std::string> prerelease;  ///< empty: a release

    friend bool operator==(const Semver&, const Semver&) = default;
};

/// Nothing where it is no version; a leading `v` and what stands after `+` say nothing.
std::optional<Semver> read_semver(std::string_view text);
/// Their precedence, by section 11: a pre-release is before its release.
std::strong_ordering operator<=>(const Semver& one, const Semver& other);

}  // namespace deployctl
