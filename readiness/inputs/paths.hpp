// SPDX-License-Identifier: Apache-2.0
// Names of files, as inputs ask for them. Pure; any thread; views into the path.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl::readiness {

std::string_view base_name(std::string_view path);
/// "" of a file at the top.
std::string_view folder_of(std::string_view path);
std::vector<std::string_view> parts_of(std::string_view path);
/// "a/./b/../c" as "a/c"; empty where it leads out of the top.
std::string clean_path(std::string_view path);
/// "a/b" and "../c" to "a/c"; nothing where it leads out of the top.
std::optional<std::string> joined_path(std::string_view folder, std::string_view path);

}  // namespace deployctl::readiness
