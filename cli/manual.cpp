// SPDX-License-Identifier: Apache-2.0
#include "cli/manual.hpp"

#include "cli/exit_codes.hpp"
#include "cli/output/style.hpp"
#include "cli/version.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <map>
#include <sstream>

namespace deployctl::cli {

namespace {

using Rows = std::vector<std::vector<std::string>>;

Form form_of(const Command& command) {
    Form form;
    command.declare(form);  // what it would run is not wanted here
    return form;
}

Form global_form() {
    static Globals globals;
    Form form;
    declare_globals(form, globals);
    return form;
}

std::string with_value(const OptionSpec& option) {
    std::string names = option.names;
    if (const auto comma = names.find(','); comma != std::string::npos) {
        names.insert(comma + 1, " ");
    } else {
        names = "    " + names;
    }
    return option.value.empty() ? names : names + " " + option.value;
}

std::string summary_of(const OptionSpec& option) {
    if (option.reader.choices.empty()) {
        return option.summary;
    }
    return option.summary + "; one of " + join(option.reader.choices, ", ");
}

Rows option_rows(const Form& form) {
    Rows rows;
    for (const auto& option : form.options()) {
        rows.push_back({"  " + with_value(option), summary_of(option)});
    }
    return rows;
}

Rows argument_rows(const Form& form) {
    Rows rows;
    for (const auto& argument : form.arguments()) {
        rows.push_back({"  " + argument.name, argument.summary});
    }
    return rows;
}

std::string section(const std::string& head, const Rows& rows) {
    return rows.empty() ? "" : "\n" + head + "\n" + table(Style{}, rows, Folding::none);
}

std::string sentence(std::string text) {
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') {
        text[0] = static_cast<char>(text[0] - 'a' + 'A');
    }
    return text + ".";
}

/// "-" as roff wants it in an option, and no line that begins with a request.
std::string roff(const std::string& text) {
    std::string safe;
    for (const char letter : text) {
        if (letter == '\\') {
            safe += "\\e";
        } else if (letter == '-') {
            safe += "\\-";
        } else {
            safe += letter;
        }
    }
    return safe.starts_with('.') || safe.starts_with('\'') ? "\\&" + safe : safe;
}

std::string roff_entries(const Rows& rows) {
    std::string text;
    for (const auto& row : rows) {
        const auto first = row[0].find_first_not_of(' ');
        text += ".TP\n.B " + roff(row[0].substr(first)) + "\n" + roff(row[1]) + "\n";
    }
    return text;
}

std::string roff_command(const Command& command) {
    const auto form = form_of(command);
    auto text = ".SS deployctl " + std::string(command.path) + " " + roff(usage_of(form)) + "\n";
    text += roff(sentence(command.summary)) + "\n";
    text += form.description().empty() ? "" : ".PP\n" + roff(form.description()) + "\n";
    text += roff_entries(argument_rows(form)) + roff_entries(option_rows(form));
    for (const auto& example : form.examples()) {
        text += ".PP\n" + roff(example.meaning) + ":\n.PP\n.RS\n.nf\n" + roff(example.line) +
                "\n.fi\n.RE\n";
    }
    return text;
}

std::string markdown_rows(const Rows& rows, const char* head) {
    if (rows.empty()) {
        return "";
    }
    std::string text = std::string("\n| ") + head + " | |\n|---|---|\n";
    for (const auto& row : rows) {
        auto what = row[1];
        for (auto at = what.find('|'); at != std::string::npos; at = what.find('|', at + 2)) {
            what.replace(at, 1, "\\|");
        }
        text += "| `" + row[0].substr(row[0].find_first_not_of(' ')) + "` | " + what + " |\n";
    }
    return text;
}

std::string markdown_command(const Command& command) {
    const auto form = form_of(command);
    const auto usage = usage_of(form);
    auto text = "\n## " + std::string(command.path) + "\n\n`deployctl " + command.path +
                (usage.empty() ? "" : " " + usage) + "`: " + command.summary + ".\n";
    text += form.description().empty() ? "" : "\n" + form.description() + "\n";
    text +=
        markdown_rows(argument_rows(form), "argument") + markdown_rows(option_rows(form), "option");
    text += form.examples().empty() ? "" : "\n```\n";
    for (const auto& example : form.examples()) {
        text += "# " + example.meaning + "\n" + example.line + "\n";
    }
    return text + (form.examples().empty() ? "" : "```\n");
}

Rows rows_of(const std::string& word) {
    Rows rows;
    for (const auto& command : all_commands()) {
        if (split_words(command.path).front() == word) {
            rows.push_back({std::string("  ") + command.path, command.summary});
        }
    }
    return rows;
}

/// All commands, in columns that are as wide in each chapter.
std::string chapters() {
    Rows rows;
    std::map<std::size_t, std::string> heads;  // by the row that they stand before
    for (const auto& chapter : all_chapters()) {
        heads[rows.size()] = chapter.title;
        for (const auto& word : chapter.words) {
            const auto more = rows_of(word);
            rows.insert(rows.end(), more.begin(), more.end());
        }
    }
    std::istringstream lines(table(Style{}, rows, Folding::none));
    std::string text;
    std::string line;
    for (std::size_t row = 0; std::getline(lines, line); ++row) {
        text += heads.contains(row) ? "\n" + heads[row] + "\n" : "";
        text += line + "\n";
    }
    return text;
}

Rows exit_rows() {
    Rows rows;
    for (const auto& row : exit_meanings()) {
        rows.push_back({"  " + std::to_string(static_cast<int>(row.code)), row.meaning});
    }
    return rows;
}

}  // namespace

std::string usage_of(const Form& form) {
    std::vector<std::string> parts;
    for (const auto& argument : form.arguments()) {
        const bool is_required = argument.need == ArgumentSpec::Need::required;
        parts.push_back(is_required ? argument.name : "[" + argument.name + "]");
    }
    if (!form.options().empty()) {
        parts.emplace_back("[options]");
    }
    return join(parts, " ");
}

std::string help_text(const Command& command) {
    const auto form = form_of(command);
    const auto usage = usage_of(form);
    auto text = sentence(command.summary) + "\n\nUsage: deployctl " + command.path +
                (usage.empty() ? "" : " " + usage) + "\n";
    text += form.description().empty() ? "" : "\n" + form.description() + "\n";
    text += section("Arguments", argument_rows(form)) + section("Options", option_rows(form));
    text += section("Options of every command", option_rows(global_form()));
    text += form.examples().empty() ? "" : "\nExamples\n";
    for (const auto& example : form.examples()) {
        text += "  # " + example.meaning + "\n  " + example.line + "\n";
    }
    return text;
}

std::string overview(const std::string& group) {
    std::string text =
        "deployctl brings a new version of a service onto Kubernetes in small steps, watches it, "
        "and goes\n"
        "back by itself when it is bad.\n";
    for (const auto& known : all_groups()) {
        if (known.word == group) {
            text = sentence(known.summary) + "\n";
        }
    }
    text += "\nUsage: deployctl " + (group.empty() ? "COMMAND" : group + " VERB") + " [options]\n";
    text += group.empty() ? chapters() : section("Commands", rows_of(group));
    text += section("Options of every command", option_rows(global_form()));
    return text +
           "\n`deployctl COMMAND --help`, or `deployctl help COMMAND`, tells more and has "
           "examples; "
           "`deployctl help exit-codes` lists those; `deployctl man` is the manual.\n";
}

std::optional<std::string> topic_text(const std::string& word) {
    if (word != "exit-codes") {
        return std::nullopt;
    }
    return "The exit code says how it ended, for scripts.\n" + section("Exit codes", exit_rows());
}

std::string manual_page() {
    auto text =
        std::string(".TH DEPLOYCTL 1 \"\" \"") + version_text() + "\" \"deployctl manual\"\n";
    text += ".SH NAME\ndeployctl \\- bring new versions onto Kubernetes in small steps, and back\n";
    text += ".SH SYNOPSIS\n.B deployctl\n.I COMMAND\n[options]\n";
    text +=
        ".SH DESCRIPTION\nResults go to the standard output, progress and errors to the error "
        "output.\n";
    text += ".SH OPTIONS OF EVERY COMMAND\n" + roff_entries(option_rows(global_form()));
    text += ".SH COMMANDS\n";
    for (const auto& command : all_commands()) {
        text += roff_command(command);
    }
    text += ".SH EXIT STATUS\n" + roff_entries(exit_rows());
    text +=
        ".SH ENVIRONMENT\nEach option of every command has a variable: \\-\\-no\\-input is "
        "DEPLOYCTL_NO_INPUT.\n";
    return text + "The option wins, then the variable, then deploy.yaml.\n";
}

std::string reference() {
    std::string text =
        "# Commands\n\nMade from the program itself; a test holds it against `deployctl man`.\n";
    text += markdown_rows(option_rows(global_form()), "option of every command");
    text +=
        "\nEach of them is also a variable: `--no-input` is `DEPLOYCTL_NO_INPUT`. The option wins, "
        "then the variable, then `deploy.yaml`.\n";
    text += markdown_rows(exit_rows(), "exit code");
    for (const auto& command : all_commands()) {
        text += markdown_command(command);
    }
    return text;
}

}  // namespace deployctl::cli
