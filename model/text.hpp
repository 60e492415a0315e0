// SPDX-License-Identifier: Apache-2.0
// Small words on texts that every layer needs. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl {

/// "1 pod", "2 pods".
std::string count_of(std::int64_t count, std::string_view word);

/// Nothing where the text is anything else than one, or one too large.
std::optional<std::int64_t> whole_number(std::string_view text);

std::string join(const std::vector<std::string>& words, std::string_view between);

}  // namespace deployctl
