// SPDX-License-Identifier: Apache-2.0
// `${name}` in texts that people write: a closed list of names for each kind of text, no language.
// Pure; any thread.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl {

using Placeholders = std::map<std::string, std::string, std::less<>>;

/// The text with the names filled in; a name that is not there stays as it stands.
std::string fill_in(std::string_view text, const Placeholders& values);
/// Empty where there is none of that name.
std::string value_of(const Placeholders& values, std::string_view name);
/// Those in it, in order, as they stand: "${app}", or "${ap" where it is never closed.
std::vector<std::string> placeholders_in(std::string_view text);

}  // namespace deployctl
