// SPDX-License-Identifier: Apache-2.0
#include "cli/parsing.hpp"

#include "cli/manual.hpp"
#include "cli/version.hpp"
#include "config/spelling.hpp"
#include "model/text.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <map>

namespace deployctl::cli {

namespace {

/// The words that name the command, and the others.
struct Split {
    std::string path;  ///< as far as it is known: "rollout"
    std::vector<std::string> rest;
    bool wants_help = false;
    bool wants_version = false;
};

const OptionSpec* find_option(const std::vector<OptionSpec>& options, const std::string& name) {
    for (const auto& option : options) {
        const auto names = CLI::detail::split(option.names, ',');
        if (std::ranges::find(names, name) != names.end()) {
            return &option;
        }
    }
    return nullptr;
}

bool takes_next_word(const Form& globals, const std::string& word) {
    const auto* option = find_option(globals.options(), word);
    return option != nullptr && !option->value.empty();
}

/// What can follow the path: "rollout" is followed by "status", "list", ...
std::vector<std::string> words_after(const std::string& path) {
    std::vector<std::string> words;
    const auto before = split_words(path);
    for (const auto& command : all_commands()) {
        const auto parts = split_words(command.path);
        if (parts.size() > before.size() &&
            std::equal(before.begin(), before.end(), parts.begin())) {
            if (std::ranges::find(words, parts[before.size()]) == words.end()) {
                words.push_back(parts[before.size()]);
            }
        }
    }
    return words;
}

/// "advance" is the end of "rollout advance"; nothing where no command ends so.
std::string command_ending_in(const std::string& word) {
    for (const auto& command : all_commands()) {
        const auto parts = split_words(command.path);
        if (parts.size() > 1 && parts.back() == word) {
            return command.path;
        }
    }
    return "";
}

[[noreturn]] void refuse_word(const std::string& path, const std::string& word) {
    const auto known = words_after(path);
    const auto elsewhere = command_ending_in(word);
    const auto near = config::closest(word, {known.begin(), known.end()});
    auto help = "use " + (path.empty() ? "" : path + " ") + std::string(near.value_or(""));
    if (!near) {
        std::vector<std::string> ends;
        for (const auto& command : all_commands()) {
            ends.push_back(split_words(command.path).back());
        }
        const auto end = config::closest(word, {ends.begin(), ends.end()});
        const auto wanted =
            elsewhere.empty() && end ? command_ending_in(std::string(*end)) : elsewhere;
        help = wanted.empty() ? "known here: " + join(known, ", ") : "use " + wanted;
    }
    const auto where = path.empty() ? std::string() : " after `" + path + "`";
    throw Error(ExitCode::usage, "unknown command `" + word + "`" + where, help);
}

/// One word of the command more; refuses one that leads nowhere.
void extend_path(Split& split, const std::string& word) {
    auto longer = split.path.empty() ? word : split.path + " " + word;
    if (find_command(longer) == nullptr && words_after(longer).empty()) {
        refuse_word(split.path, word);
    }
    split.path = std::move(longer);
}

/// "help" is a word of the line only as the first one.
bool asks_for_help(const std::string& word, const Split& split) {
    const bool is_first = split.path.empty() && !split.wants_help;
    return word == "-h" || word == "--help" || (word == "help" && is_first);
}

/// "explain" after "assess", which is a command of its own with an argument.
bool leads_on(const Split& split, const std::string& word) {
    const auto further = words_after(split.path);
    return split.rest.empty() && std::ranges::find(further, word) != further.end();
}

bool is_option(const std::string& word) {
    return word.size() > 1 && word.starts_with('-');
}

bool is_command_found(const Split& split, const std::string& next_word) {
    return find_command(split.path) != nullptr && !leads_on(split, next_word);
}

Split split_path(const std::vector<std::string>& words, const Form& globals) {
    Split split;
    for (auto at = words.begin(); at != words.end(); ++at) {
        const bool is_found = is_command_found(split, *at);
        if (*at == "--") {
            split.rest.insert(split.rest.end(), at, words.end());
            break;
        }
        if (asks_for_help(*at, split)) {
            split.wants_help = true;
        } else if (!is_found && !is_option(*at)) {
            extend_path(split, *at);
        } else {
            split.wants_version = split.wants_version || (!is_found && *at == "--version");
            split.rest.push_back(*at);
            if (!is_found && takes_next_word(globals, *at) && std::next(at) != words.end()) {
                split.rest.push_back(*++at);
            }
        }
    }
    return split;
}

/// Options that people know from the plans for deployctl, or from other programs, and what does the
/// same in this version.
const std::map<std::string, std::string>& not_in_this_version() {
    static const std::map<std::string, std::string> all{
        {"--confirm", "-y answers yes to what is asked"},
        {"--detach",
         "a rollout runs in its command: put that into the background, and use rollout watch"},
        {"--dora", "history always sums up"},
        {"--full", "rollout advance ends one hold; use it once for each"},
        {"--gradual", "a rollback takes the traffic back at once"},
        {"--orphaned", "use rollout list --active; rollout status says whether its runner is alive"
        },
        {"--override", "leave the gate out of the environment's `gates`"},
        {"--ref", "write the link into --reason"},
        {"--server", "deployctl works on the cluster and on its own journal: --context, --state"},
        {"--set", "write the value into the configuration"},
        {"--show", "plan always shows all"},
        {"--token-file", "there is no server to show a token to"},
    };
    return all;
}

[[noreturn]] void refuse_option(const std::string& word, const Form& form, const Form& globals) {
    std::vector<std::string> known{"--help"};
    for (const auto* list : {&form.options(), &globals.options()}) {
        for (const auto& option : *list) {
            known.push_back(option.long_name());
        }
    }
    const auto name = word.substr(0, word.find('='));
    const auto planned = not_in_this_version().find(name);
    if (planned != not_in_this_version().end()) {
        throw Error(ExitCode::usage, "`" + name + "` is not in this version", planned->second);
    }
    const bool is_known = std::ranges::find(known, name) != known.end();
    if (is_known) {
        throw Error(ExitCode::usage, "`" + name + "` takes no value", "write " + name);
    }
    const auto near = config::closest(name, {known.begin(), known.end()});
    throw Error(
        ExitCode::usage, "unknown option `" + name + "`", near ? "use " + std::string(*near) : ""
    );
}

void add_options(CLI::App& app, const Form& form) {
    for (const auto& option : form.options()) {
        const auto& set = option.reader.set;
        if (option.value.empty()) {
            app.add_flag_function(option.names, [set](std::int64_t count) {
                for (; count > 0; --count) {
                    set("true", "");
                }
            });
        } else if (option.reader.times == ValueReader::Times::repeatedly) {
            app.add_option_function<std::vector<std::string>>(
                   option.names,
                   [set, name = option.long_name()](const std::vector<std::string>& texts) {
                       for (const auto& text : texts) {
                           set(text, name);
                       }
                   }
            )
                ->allow_extra_args(false)
                ->type_name(option.value);
        } else {
            app.add_option_function<std::string>(
                   option.names,
                   [set, name = option.long_name()](const std::string& text) { set(text, name); }
            )->type_name(option.value);
        }
    }
}

const OptionSpec* find_option(const Form& form, const Form& globals, const std::string& name) {
    const auto* own = find_option(form.options(), name);
    return own == nullptr ? find_option(globals.options(), name) : own;
}

[[noreturn]] void refuse_lack(const std::string& name, const OptionSpec& option) {
    throw Error(
        ExitCode::usage,
        "`" + name + "` needs a value: " + option.summary,
        "write " + name + " " + option.value
    );
}

/// CLI11 says "--steps: 1 required 5,25,50 missing".
[[noreturn]] void refuse_lack(const std::string& complaint, const Form& form, const Form& globals) {
    const auto name = complaint.substr(0, complaint.find(':'));
    const auto* option = find_option(form, globals, name);
    if (option == nullptr) {
        throw Error(ExitCode::usage, complaint);
    }
    refuse_lack(name, *option);
}

constexpr std::size_t longest_value = 8192;

/// An empty value is a variable that was not set, and not what leaving the option out would mean.
void heed_value(const std::string& name, const OptionSpec& option, const std::string& value) {
    if (value.find_first_not_of(" \t\r\n") == std::string::npos) {
        refuse_lack(name, option);
    }
    if (value.size() > longest_value) {
        throw Error(
            ExitCode::usage,
            "the value of `" + name + "` has " + std::to_string(value.size()) + " bytes",
            "at most " + std::to_string(longest_value) + " are taken"
        );
    }
}

/// What CLI11 would take for something else: a flag with a value, an option without one before the
/// next option.
void heed_values(const Form& form, const Form& globals, const std::vector<std::string>& words) {
    const auto end = std::ranges::find(words, "--");
    for (auto word = words.begin(); word != end; ++word) {
        const auto equals = word->find('=');
        const auto name = word->substr(0, equals);
        const auto* option = find_option(form, globals, name);
        if (option == nullptr) {
            continue;
        }
        const bool has_value = equals != std::string::npos;
        if (has_value && option->value.empty()) {
            throw Error(
                ExitCode::usage,
                "`" + name + "` takes no value",
                "write " + name + ", or leave it out"
            );
        }
        if (has_value) {
            heed_value(name, *option, word->substr(equals + 1));
        } else if (!option->value.empty() && std::next(word) != end) {
            ++word;
            const bool is_option = find_option(form, globals, *word) != nullptr;
            heed_value(name, *option, is_option ? "" : *word);
        }
    }
}

/// CLI11 knows the grammar of options; what they are called and mean is the form's.
std::vector<std::string> read_options(
    const Form& form, const Form& globals, std::vector<std::string> words
) {
    CLI::App app;
    app.set_help_flag();
    app.allow_extras();
    add_options(app, form);
    add_options(app, globals);
    std::ranges::reverse(words);  // as CLI11 wants them
    try {
        app.parse(words);
    } catch (const CLI::ArgumentMismatch& error) {
        refuse_lack(error.what(), form, globals);
    } catch (const CLI::ParseError& error) {
        throw Error(ExitCode::usage, error.what());
    }
    return app.remaining();
}

void read_arguments(
    const Form& form, const std::string& path, const std::vector<std::string>& words
) {
    std::size_t next = 0;
    for (const auto& argument : form.arguments()) {
        if (next < words.size() && words[next].empty()) {
            throw Error(
                ExitCode::usage,
                argument.name + " is empty: " + argument.summary,
                "is it a variable that was not set?"
            );
        }
        if (next < words.size()) {
            argument.reader.set(words[next++], argument.name);
        } else if (argument.need == ArgumentSpec::Need::required) {
            throw Error(
                ExitCode::usage,
                "`" + path + "` needs " + argument.name + ": " + argument.summary,
                form.examples().empty() ? "" : "for example: " + form.examples().front().line
            );
        }
    }
    if (next < words.size()) {
        throw Error(
            ExitCode::usage, "unexpected `" + words[next] + "`", "deployctl " + path + " --help"
        );
    }
}

void read_words(const Form& form, const Form& globals, const Split& split) {
    heed_values(form, globals, split.rest);
    auto remaining = read_options(form, globals, split.rest);
    const auto separator = std::ranges::find(remaining, "--");
    const auto unknown = std::find_if(remaining.begin(), separator, [](const std::string& word) {
        return word.size() > 1 && word.starts_with('-');
    });
    if (unknown != separator) {
        refuse_option(*unknown, form, globals);
    }
    if (separator != remaining.end()) {
        remaining.erase(separator);
    }
    read_arguments(form, split.path, remaining);
}

/// Without a command there is nothing that they could be about; no word at all asks for the
/// overview.
void refuse_options_alone(const std::vector<std::string>& words, const Form& globals) {
    for (const auto& word : words) {
        const auto name = word.substr(0, word.find('='));
        if (word.starts_with('-') && find_option(globals.options(), name) == nullptr) {
            refuse_option(word, Form(), globals);
        }
    }
    if (!words.empty()) {
        throw Error(ExitCode::usage, "no command is named", "deployctl --help lists them");
    }
}

}  // namespace

Invocation parse(
    const std::vector<std::string>& words, const EnvironmentLookup& environment, Globals& globals
) {
    Form global_form;
    declare_globals(global_form, globals);
    if (words.size() == 2 && words.front() == "help") {
        if (const auto topic = topic_text(words.back())) {
            return {nullptr, *topic};
        }
    }
    const auto split = split_path(words, global_form);
    if (split.wants_version) {
        return {nullptr, version_text() + "\n"};
    }
    const auto* command = find_command(split.path);
    if (split.path.empty() && !split.wants_help) {
        refuse_options_alone(split.rest, global_form);
    }
    if (split.wants_help || split.path.empty()) {
        return {nullptr, command == nullptr ? overview(split.path) : help_text(*command)};
    }
    if (command == nullptr) {
        throw Error(
            ExitCode::usage,
            "`" + split.path + "` needs one of: " + join(words_after(split.path), ", "),
            "deployctl " + split.path + " --help"
        );
    }
    read_mirrors(global_form, environment);
    Form form;
    auto run = command->declare(form);
    read_words(form, global_form, split);
    return {std::move(run), ""};
}

}  // namespace deployctl::cli
