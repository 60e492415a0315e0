// SPDX-License-Identifier: Apache-2.0
#include "model/verdict.hpp"

#include "model/named.hpp"

#include <array>

namespace deployctl {

const char* to_text(Answer answer) {
    switch (answer) {
        case Answer::pass: return "pass";
        case Answer::fail: return "fail";
        case Answer::inconclusive: return "inconclusive";
        case Answer::error: return "error";
    }
    return "";
}

std::optional<Answer> read_answer(std::string_view text) {
    constexpr std::array all{Answer::pass, Answer::fail, Answer::inconclusive, Answer::error};
    return read_name(text, all);
}

}  // namespace deployctl
