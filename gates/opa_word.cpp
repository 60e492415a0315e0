// SPDX-License-Identifier: Apache-2.0
// opa: the value of one expression, the set of denials, as a list of texts or of maps with `msg`. A
// rule that is not there has no value. A boolean is refused: nobody can tell whether true is good.
#include "documents/json.hpp"
#include "gates/rego_word.hpp"
#include "ports/printed.hpp"

#include <algorithm>

namespace deployctl::gates {

namespace {

std::string message_of(const Value& denial) {
    return denial.is_string() ? denial.text("")
                              : denial.text("/msg", documents::write_json(denial));
}

/// "line 4: " of the policy that its first error is about.
std::string place_of(const Value& told) {
    const auto row = told.number("/errors/0/location/row");
    return row > 0 ? "line " + std::to_string(row) + ": " : "";
}

RegoWord trouble(const std::string& why) {
    RegoWord word;
    word.trouble = why;
    return word;
}

}  // namespace

RegoWord read_opa(const CommandResult& result) {
    const auto told = documents::try_read_json(result.output);
    if (!told || !told->is_object()) {
        const auto last = last_words(result);
        return trouble(last.empty() ? "it said nothing" : last);
    }
    if (const auto error = told->text("/errors/0/message");
        result.exit_code != 0 || !error.empty()) {
        return trouble(error.empty() ? last_words(result) : place_of(*told) + one_line(error));
    }
    const auto& results = told->items("/result");
    if (results.size() != 1 || results.front().items("/expressions").size() != 1) {
        return trouble("the rule is not there, or has no value");
    }
    const auto& denials = results.front().at("/expressions/0/value");
    if (!denials.is_array()) {
        return trouble("the rule is no set of denials");
    }
    RegoWord word;
    for (const auto& denial : denials.items()) {
        word.denials.push_back(message_of(denial));
    }
    return word;
}

}  // namespace deployctl::gates
