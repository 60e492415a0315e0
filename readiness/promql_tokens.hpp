// SPDX-License-Identifier: Apache-2.0
// A text of PromQL cut into tokens, with the byte where each begins. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl::readiness {

enum class PromqlTokenKind { number, duration, text, name, sign, end, broken };

struct PromqlToken {
    PromqlTokenKind kind = PromqlTokenKind::end;
    std::string_view text;  ///< as written; of a text with its quotes; of what is broken, why
    std::size_t offset = 0;
    double value = 0;  ///< of a number; of a duration, seconds
};

/// Ends with a token `end`, or with one that is broken. Linear in the text.
std::vector<PromqlToken> promql_tokens(std::string_view expression);
/// Of a duration like "1h30m"; negative where it is none.
double promql_seconds(std::string_view duration);
/// Of a text's token, without quotes and escapes.
std::string promql_unquoted(std::string_view token);

}  // namespace deployctl::readiness
