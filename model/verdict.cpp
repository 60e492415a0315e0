// SPDX-License-Identifier: Apache-2.0
#include "model/verdict.hpp"

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

}  // namespace deployctl
