// SPDX-License-Identifier: Apache-2.0
#include "readiness/check.hpp"

#include <utility>

namespace deployctl::readiness {

Answer holds(std::string observed) {
    Answer answer;
    answer.holds = Truth::yes;
    answer.observed = std::move(observed);
    return answer;
}

Answer fails(std::string observed, std::string expected) {
    Answer answer;
    answer.holds = Truth::no;
    answer.observed = std::move(observed);
    answer.expected = std::move(expected);
    return answer;
}

Answer fails_at(const documents::Node& where, std::string observed, std::string expected) {
    auto answer = fails(std::move(observed), std::move(expected));
    answer.where = &where;
    return answer;
}

Answer not_known(std::string why) {
    Answer answer;
    answer.observed = std::move(why);
    return answer;
}

Answer guessed(Answer answer) {
    answer.confidence = Confidence::heuristic;
    return answer;
}

}  // namespace deployctl::readiness
