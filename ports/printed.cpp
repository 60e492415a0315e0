// SPDX-License-Identifier: Apache-2.0
#include "ports/printed.hpp"

#include "model/time.hpp"

#include <algorithm>

namespace deployctl {

namespace {

constexpr std::size_t most_kept = 4096;
constexpr std::size_t few = 5;

}  // namespace

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n";
    const auto begin = text.find_first_not_of(blank);
    return begin == std::string_view::npos
               ? std::string_view()
               : text.substr(begin, text.find_last_not_of(blank) - begin + 1);
}

std::string_view last_line(std::string_view text) {
    const auto whole = trimmed(text);
    const auto end = whole.rfind('\n');
    return end == std::string_view::npos ? whole : trimmed(whole.substr(end + 1));
}

std::string tail(std::string_view text) {
    return std::string(text.substr(text.size() - std::min(text.size(), most_kept)));
}

std::string first_few(const std::vector<std::string>& texts, std::string_view between) {
    std::string line;
    const auto shown = std::min(texts.size(), few);
    for (std::size_t i = 0; i < shown; ++i) {
        line += (i == 0 ? "" : std::string(between)) + one_line(texts[i]);
    }
    const auto rest = texts.size() - shown;
    return rest == 0 ? line : line + " and " + std::to_string(rest) + " more";
}

std::string how_it_ended(Duration timeout, const CommandResult& result) {
    switch (result.end) {
        case CommandResult::End::exited: return "exit code " + std::to_string(result.exit_code);
        case CommandResult::End::signalled:
            return "ended by signal " + std::to_string(result.exit_code);
        case CommandResult::End::timed_out:
            return "not done after " + to_text(timeout) + ", and ended";
        case CommandResult::End::not_started: return "not started: " + result.error_output;
    }
    return "";
}

std::string last_words(const CommandResult& result) {
    const auto error = last_line(result.error_output);
    return one_line(error.empty() ? last_line(result.output) : error);
}

}  // namespace deployctl
