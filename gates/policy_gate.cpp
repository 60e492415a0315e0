// SPDX-License-Identifier: Apache-2.0
#include "gates/policy_gate.hpp"

#include "documents/json.hpp"
#include "model/text.hpp"
#include "ports/printed.hpp"

#include <algorithm>
#include <utility>

namespace deployctl::gates {

namespace {

RegoWord without(const HiddenTexts& hidden, RegoWord word) {
    for (auto* list : {&word.denials, &word.warnings}) {
        for (auto& text : *list) {
            text = hidden.without(text);
        }
    }
    word.trouble = hidden.without(word.trouble);
    return word;
}

Verdict error(const std::string& measured, const std::string& why) {
    return {Answer::error, why, measured, "0 denials", {}};
}

Verdict not_ended(const PolicyQuestion& question, const CommandResult& result) {
    const std::string tool = to_text(question.tool);
    const auto next = result.end == CommandResult::End::not_started
                          ? tool + " must be installed where deployctl runs, and in its $PATH"
                          : "policies are asked again; a longer `timeout` may help";
    return error(how_it_ended(question.timeout, result), tool + " did not answer: " + next);
}

RegoWord read_word(const PolicyQuestion& question, const CommandResult& result) {
    switch (question.tool) {
        case PolicyTool::conftest: return read_conftest(result);
        case PolicyTool::opa: return read_opa(result);
    }
    return {};
}

std::string reason_of(const RegoWord& word) {
    auto text = first_few(word.denials, "; ");
    const auto add = [&](const std::string& more) { text += (text.empty() ? "" : "; ") + more; };
    if (!word.warnings.empty()) {
        const auto count = std::ssize(word.warnings);
        add(count_of(count, "warning") + ": " + first_few(word.warnings, "; "));
    }
    if (word.exceptions > 0) {
        add(count_of(word.exceptions, "exception") + " by the policy itself");
    }
    return text;
}

Value shown(const std::vector<std::string>& texts) {
    constexpr std::size_t most_kept = 20;
    Value::Array lines;
    for (std::size_t i = 0; i < std::min(texts.size(), most_kept); ++i) {
        lines.emplace_back(one_line(texts[i]));
    }
    return lines;
}

}  // namespace

Command command_of(const PolicyQuestion& question, std::string input) {
    Command command;
    switch (question.tool) {
        case PolicyTool::conftest:
            command.argv = {
                "conftest",
                "test",
                "--output",
                "json",
                "--parser",
                "json",
                "--show-builtin-errors",
                "--namespace",
                question.rego_package,
                "--policy",
                question.policy,
                "-",
            };
            break;
        case PolicyTool::opa:
            command.argv = {
                "opa",
                "eval",
                "--format",
                "json",
                "--strict-builtin-errors",
                "--stdin-input",
                "--data",
                question.policy,
                "data." + question.rego_package + ".deny",
            };
            break;
    }
    command.input = std::move(input);
    command.timeout = question.timeout;
    return command;
}

Verdict judge(
    const PolicyQuestion& question, const HiddenTexts& hidden, const CommandResult& result
) {
    if (result.end != CommandResult::End::exited) {
        return not_ended(question, result);
    }
    const auto word = without(hidden, read_word(question, result));
    if (!word.trouble.empty()) {
        const auto where = std::string(to_text(question.tool)) + " of " + question.policy + ": ";
        return error("nothing", where + one_line(word.trouble));
    }
    Verdict verdict;
    verdict.answer = word.denials.empty() ? Answer::pass : Answer::fail;
    verdict.measured = count_of(std::ssize(word.denials), "denial");
    verdict.limit = "0 denials";
    verdict.reason = reason_of(word);
    verdict.evidence = Value::map({
        {"tool", to_text(question.tool)},
        {"policy", question.policy},
        {"denials", shown(word.denials)},
        {"warnings", shown(word.warnings)},
        {"exceptions", word.exceptions},
    });
    return verdict;
}

/// "Conftest: 0.56.0": the first line of what it says of itself.
Task<std::string> PolicyGate::version() {
    Command command;
    command.argv = {to_text(question_.tool)};
    command.argv.emplace_back(question_.tool == PolicyTool::opa ? "version" : "--version");
    command.timeout = longest_gate_sample;
    const auto result = co_await process_.run(command);
    const auto whole = std::string(trimmed(result.output));
    const bool is_told = result.end == CommandResult::End::exited && result.exit_code == 0;
    co_return is_told ? one_line(whole.substr(0, whole.find('\n'))) : std::string();
}

Task<Verdict> PolicyGate::sample(Subjects subjects) {
    auto question = question_;
    question.policy = fill_in(question.policy, subjects.names);
    if (!subjects.workload.is_object()) {
        co_return error("nothing", "the manifest of the workload is not known");
    }
    const auto command = command_of(question, documents::write_json(subjects.workload));
    const auto result = co_await process_.run(command);
    auto verdict = judge(question, HiddenTexts(subjects.workload), result);
    if (version_.empty() && verdict.evidence.is_object()) {
        version_ = co_await version();
    }
    if (verdict.evidence.is_object()) {
        verdict.evidence.set("/version", version_);
    }
    co_return verdict;
}

}  // namespace deployctl::gates
