// SPDX-License-Identifier: Apache-2.0
// What a gate says, and the one policy that turns its samples into a decision. Values; any thread.
#pragma once

#include "model/value.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl {

/// `error`: the question could not be asked; it is never a pass and never a fail.
enum class Answer { pass, fail, inconclusive, error };

const char* to_text(Answer answer);
std::optional<Answer> read_answer(std::string_view text);

struct Verdict {
    Answer answer = Answer::inconclusive;
    std::string reason;    ///< one line, with numbers
    std::string measured;  ///< "11 of 20 requests failed (55%)"
    std::string limit;     ///< "0%"
    Value evidence;        ///< the raw answers
};

}  // namespace deployctl
