// SPDX-License-Identifier: Apache-2.0
// Small words on texts that every layer needs. Pure; any thread.
#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace deployctl {

/// "1 pod", "2 pods".
std::string count_of(std::int64_t count, std::string_view word);

/// Nothing where the text is anything else than one, or one that does not fit.
template <std::integral Number = std::int64_t>
std::optional<Number> whole_number(std::string_view text) {
    Number number = 0;
    const auto* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, number);
    return error == std::errc{} && stopped == end ? std::optional(number) : std::nullopt;
}

/// Letters of ASCII only.
std::string lower(std::string text);
std::string upper(std::string text);

/// At most so many characters of a UTF-8 text from its front, never half of one.
std::string_view take_characters(std::string_view text, int count);

void append(std::vector<std::string>& list, const std::vector<std::string>& more);
std::string join(const std::vector<std::string>& words, std::string_view between);

}  // namespace deployctl
