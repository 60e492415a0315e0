// SPDX-License-Identifier: Apache-2.0
#include "gates/command_gate.hpp"

#include "documents/json.hpp"
#include "model/named.hpp"
#include "model/text.hpp"
#include "ports/printed.hpp"
#include "ports/scripts.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace deployctl::gates {

namespace {

constexpr int proven_nothing = 75;  // EX_TEMPFAIL of sysexits.h

std::optional<Value> verdict_in(std::string_view text) {
    if (!text.starts_with("{")) {
        return std::nullopt;
    }
    auto value = documents::try_read_json(text);
    return value && value->has("/verdict") ? value : std::nullopt;
}

std::optional<Value> own_word(const CommandResult& result) {
    auto whole = verdict_in(trimmed(result.output));
    return whole ? whole : verdict_in(last_line(result.output));
}

/// What it printed was to decide, and nobody can read it: its exit code is not what it meant.
bool means_a_word(const CommandResult& result) {
    return lower(result.output).find("\"verdict\"") != std::string::npos;
}

Answer answer_of(int exit_code) {
    if (exit_code == 0) {
        return Answer::pass;
    }
    return exit_code == proven_nothing ? Answer::inconclusive : Answer::fail;
}

/// Programs write numbers as numbers: `"measured": 7` says as much as `"measured": "7"`.
std::string text_in(const Value& word, const std::string& pointer, const std::string& missing) {
    const auto& member = word.at(pointer);
    const bool is_plain = !member.is_null() && !member.is_object() && !member.is_array();
    if (!is_plain) {
        return missing;
    }
    return one_line(member.is_string() ? member.text("") : documents::write_json(member));
}

Verdict by_its_word(const Value& word, Verdict verdict) {
    const auto answer = read_answer(word.text("/verdict"));
    if (!answer) {
        verdict.answer = Answer::error;
        verdict.reason = "its `verdict` is none of pass, fail, inconclusive and error: " +
                         one_line(documents::write_json(word.at("/verdict")));
        return verdict;
    }
    verdict.answer = *answer;
    verdict.measured = text_in(word, "/measured", verdict.measured);
    verdict.limit = text_in(word, "/limit", "");
    verdict.reason = text_in(word, "/reason", "");
    return verdict;
}

}  // namespace

Command command_of(const CommandQuestion& question, const Subjects& subjects) {
    Command command;
    auto names = subjects.names;
    names["pods"] = join(subjects.candidate, " ");
    for (const auto& word : question.run) {
        command.argv.push_back(fill_in(word, names));
    }
    for (const auto& [name, text] : names) {
        command.environment["DEPLOYCTL_" + upper(name)] = text;
    }
    command.timeout = question.timeout;
    return command;
}

Verdict judge(const CommandQuestion& question, const CommandResult& result) {
    const auto ended = how_it_ended(question.timeout, result);
    Verdict verdict{Answer::error, last_words(result), ended, "exit code 0", {}};
    verdict.evidence = Value::map({
        {"ended", ended},
        {"output", tail(result.output)},
        {"error_output", tail(result.error_output)},
    });
    if (result.end != CommandResult::End::exited) {
        return verdict;
    }
    if (const auto word = own_word(result)) {
        return by_its_word(*word, verdict);
    }
    if (result.exit_code == 0 && means_a_word(result)) {
        verdict.reason =
            "it prints a `verdict`, and not as one JSON object that is all or the "
            "last line of its output: " +
            verdict.reason;
        return verdict;
    }
    verdict.answer = answer_of(result.exit_code);
    return verdict;
}

Task<Verdict> CommandGate::sample(Subjects subjects) {
    const FrozenScript script{question_.run.front(), question_.script_hash};
    if (const auto why = trouble_with(script, files_, documents::sha256_hex); !why.empty()) {
        co_return no_answer("not run", why);
    }
    const auto command = command_of(question_, subjects);
    const auto result = co_await process_.run(command);
    co_return judge(question_, result);
}

}  // namespace deployctl::gates
