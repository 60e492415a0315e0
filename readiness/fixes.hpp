// SPDX-License-Identifier: Apache-2.0
// Failures that a few lines mend without anybody having to think, as a patch: nothing is written.
// Lines are only added, never changed, so that what somebody has said on purpose stays; what is
// written in another way than line by line is left to people. Each patched file is read again
// before its patch is given. Pure; any thread.
#pragma once

#include "readiness/assessment.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl::readiness {

/// Lines to stand before one of a file.
struct AddedLines {
    std::uint32_t before = 1;
    std::string text;  ///< whole lines, with "\n"

    friend auto operator<=>(const AddedLines&, const AddedLines&) = default;
};

struct FilePatch {
    std::string path;
    std::string diff;                ///< unified
    std::vector<std::string> rules;  ///< whose failures it mends
};

struct Fixes {
    std::vector<FilePatch> patches;  ///< by path
    std::vector<std::string> left;   ///< what is for people, and why
};

Fixes mechanical_fixes(const Assessment& assessment);

/// The additions have to be in order.
std::string with_lines(std::string_view text, const std::vector<AddedLines>& added);
std::string unified_diff(
    const std::string& path, std::string_view text, const std::vector<AddedLines>& added
);

}  // namespace deployctl::readiness
