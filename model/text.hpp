// SPDX-License-Identifier: Apache-2.0
// Small words on texts that every layer needs. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace deployctl {

std::string join(const std::vector<std::string>& words, std::string_view between);

}  // namespace deployctl
