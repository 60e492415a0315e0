// SPDX-License-Identifier: Apache-2.0
// The word that somebody who mistyped most likely meant. Pure; any thread.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace deployctl::config {

/// The nearest of `known`, if it is near enough to be meant: a third of the letters may differ.
std::optional<std::string_view> closest(
    std::string_view word, const std::vector<std::string_view>& known
);

}  // namespace deployctl::config
