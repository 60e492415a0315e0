// SPDX-License-Identifier: Apache-2.0
// conftest: a list with one entry for each document and namespace. Exit code 0 is no denial, 1 is
// denials, and everything else that goes wrong.
#include "documents/json.hpp"
#include "gates/rego_word.hpp"
#include "model/text.hpp"
#include "ports/printed.hpp"

#include <algorithm>

namespace deployctl::gates {

namespace {

std::vector<std::string> messages_in(const Value& list) {
    std::vector<std::string> messages;
    for (const auto& one : list.items()) {
        messages.push_back(one.text("/msg", "a denial without a message"));
    }
    return messages;
}

/// A list may be left out, but is nothing else.
bool is_entry(const Value& entry) {
    const auto may_be = [&](const Pointer& place) {
        return entry.at(place).is_array() || entry.at(place).is_null();
    };
    return entry.is_object() && may_be("/failures") && may_be("/warnings") && may_be("/exceptions");
}

/// All of its words: the last line may be a mark below a place in a policy.
RegoWord not_told(const CommandResult& result) {
    RegoWord word;
    const auto said = one_line(trimmed(result.error_output));
    word.trouble = said.empty() ? "it said nothing that can be read" : said;
    return word;
}

}  // namespace

RegoWord read_conftest(const CommandResult& result) {
    const auto told = documents::try_read_json(result.output);
    constexpr int denied = 1;
    if (result.exit_code > denied || !told || !told->is_array() ||
        !std::ranges::all_of(told->items(), is_entry)) {
        return not_told(result);
    }
    RegoWord word;
    std::int64_t looked_at = 0;
    for (const auto& entry : told->items()) {
        append(word.denials, messages_in(entry.at("/failures")));
        append(word.warnings, messages_in(entry.at("/warnings")));
        word.exceptions += std::ssize(entry.items("/exceptions"));
        looked_at += std::max<std::int64_t>(0, entry.number("/successes"));
    }
    looked_at += std::ssize(word.denials) + std::ssize(word.warnings) + word.exceptions;
    if (looked_at == 0) {
        word.trouble = "no rule of its namespace looked at the manifest";
    } else if (result.exit_code == denied && word.denials.empty()) {
        return not_told(result);
    }
    return word;
}

}  // namespace deployctl::gates
