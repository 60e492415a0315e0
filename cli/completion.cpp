// SPDX-License-Identifier: Apache-2.0
#include "cli/completion.hpp"

#include "cli/command.hpp"
#include "cli/globals.hpp"
#include "cli/output/style.hpp"

#include <algorithm>

namespace deployctl::cli {

namespace {

Form whole_form(const Command& command) {
    static Globals globals;
    Form form;
    command.declare(form);
    declare_globals(form, globals);
    return form;
}

/// "-e,--env" as "-e" and "--env".
std::vector<std::string> names_of(const OptionSpec& option) {
    std::vector<std::string> names;
    const auto comma = option.names.find(',');
    if (comma != std::string::npos) {
        names.push_back(option.names.substr(0, comma));
    }
    names.push_back(option.long_name());
    return names;
}

/// What a value is completed with: words, or a command that prints them one a line.
struct Values {
    std::string words;
    std::string command;
    enum class Paths { none, files, folders } paths = Paths::none;
};

Values values_of(const std::string& placeholder, const std::vector<std::string>& choices) {
    if (!choices.empty()) {
        return {join(choices, " "), ""};
    }
    if (placeholder == "FILE") {
        return {"", "", Values::Paths::files};
    }
    if (placeholder == "DIR") {
        return {"", "", Values::Paths::folders};
    }
    if (placeholder == "ENV") {
        return {"", "deployctl env list -o name"};
    }
    if (placeholder == "GATE") {
        return {"", "deployctl gate list -o name"};
    }
    return {"", placeholder == "ID" ? "deployctl rollout list -o name" : ""};
}

std::string bash_reply(const Values& values) {
    if (values.paths != Values::Paths::none) {
        return values.paths == Values::Paths::files ? "COMPREPLY=($(compgen -f -- \"$word\"))"
                                                    : "COMPREPLY=($(compgen -d -- \"$word\"))";
    }
    const auto words =
        values.command.empty() ? values.words : "$(" + values.command + " 2>/dev/null)";
    return "COMPREPLY=($(compgen -W \"" + words + "\" -- \"$word\"))";
}

std::string bash_case(const Command& command) {
    const auto form = whole_form(command);
    std::vector<std::string> flags{"--help"};
    std::string values;
    for (const auto& option : form.options()) {
        const auto names = names_of(option);
        flags.insert(flags.end(), names.begin(), names.end());
        if (!option.value.empty()) {
            const auto reply = bash_reply(values_of(option.value, option.reader.choices));
            values += "                " + join(names, "|") + ") " + reply + "; return ;;\n";
        }
    }
    std::string text = "        \"" + std::string(command.path) +
                       "\")\n            case \"$before\" in\n" + values + "            esac\n";
    text +=
        "            if [[ \"$word\" == -* ]]; then\n                COMPREPLY=($(compgen -W \"" +
        join(flags, " ") + "\" -- \"$word\"))\n";
    if (!form.arguments().empty()) {
        const auto& first = form.arguments().front();
        text += "            else\n                " +
                bash_reply(values_of(first.name, first.reader.choices)) + "\n";
    }
    return text + "            fi\n            ;;\n";
}

/// Each word that can stand first, or after a group's word.
std::string next_words(const std::string& group) {
    std::vector<std::string> words;
    for (const auto& command : all_commands()) {
        const auto parts = split_words(command.path);
        const bool is_group = parts.size() > 1;
        if (group.empty() ? true : is_group && parts.front() == group) {
            const auto& word = group.empty() ? parts.front() : parts.back();
            if (std::ranges::find(words, word) == words.end()) {
                words.push_back(word);
            }
        }
    }
    return join(words, " ");
}

std::string valued_options() {
    static Globals globals;
    Form form;
    declare_globals(form, globals);
    std::vector<std::string> names;
    for (const auto& option : form.options()) {
        if (!option.value.empty()) {
            const auto all = names_of(option);
            names.insert(names.end(), all.begin(), all.end());
        }
    }
    return join(names, "|");
}

std::string quoted(std::string text) {
    for (auto at = text.find('\''); at != std::string::npos; at = text.find('\'', at + 4)) {
        text.replace(at, 1, "'\\''");
    }
    return "'" + text + "'";
}

std::string fish_values(const Values& values) {
    if (values.paths != Values::Paths::none) {
        return " -r -F";
    }
    if (!values.command.empty()) {
        return " -x -a '(" + values.command + " 2>/dev/null)'";
    }
    return values.words.empty() ? " -x" : " -x -a " + quoted(values.words);
}

std::string fish_command(const Command& command) {
    const auto parts = split_words(command.path);
    std::string text;
    std::string seen;
    if (parts.size() > 1) {
        text += "complete -c deployctl -n '__fish_seen_subcommand_from " + parts[0] + "' -a " +
                parts[1] + " -d " + quoted(command.summary) + "\n";
    } else {
        text += "complete -c deployctl -n __fish_use_subcommand -a " + parts[0] + " -d " +
                quoted(command.summary) + "\n";
    }
    for (const auto& part : parts) {
        seen += (seen.empty() ? "" : "; and ") + ("__fish_seen_subcommand_from " + part);
    }
    Form form;
    command.declare(form);
    for (const auto& option : form.options()) {
        text += "complete -c deployctl -n '" + seen + "' -l " + option.long_name().substr(2) +
                " -d " + quoted(option.summary);
        text +=
            (option.value.empty() ? "" : fish_values(values_of(option.value, option.reader.choices))
            ) +
            "\n";
    }
    return text;
}

}  // namespace

std::string bash_completion() {
    std::string text =
        "# bash completion of deployctl; `source <(deployctl completion bash)`\n_deployctl() {\n";
    text +=
        "    local word=\"${COMP_WORDS[COMP_CWORD]}\" before=\"${COMP_WORDS[COMP_CWORD-1]}\" "
        "path=\"\" at\n";
    text +=
        "    COMPREPLY=()\n    for ((at = 1; at < COMP_CWORD; at++)); do\n        case "
        "\"${COMP_WORDS[at]}\" in\n";
    text += "            " + valued_options() + ") ((at++)) ;;\n            -*) ;;\n";
    text +=
        "            *) case \"$path\" in\n                \"\") path=\"${COMP_WORDS[at]}\" ;;\n";
    std::vector<std::string> groups;
    for (const auto& group : all_groups()) {
        groups.emplace_back(group.word);
    }
    text += "                " + join(groups, "|") +
            ") path=\"$path ${COMP_WORDS[at]}\" ;;\n                esac ;;\n";
    text += "        esac\n    done\n    case \"$path\" in\n";
    text += "        \"\") COMPREPLY=($(compgen -W \"" + next_words("") + "\" -- \"$word\")) ;;\n";
    for (const auto& group : groups) {
        text += "        " + group + ") COMPREPLY=($(compgen -W \"" + next_words(group) +
                "\" -- \"$word\")) ;;\n";
    }
    for (const auto& command : all_commands()) {
        text += bash_case(command);
    }
    return text + "    esac\n}\ncomplete -F _deployctl deployctl\n";
}

std::string zsh_completion() {
    return "#compdef deployctl\n# zsh completion of deployctl; `source <(deployctl completion "
           "zsh)`\n"
           "autoload -U +X bashcompinit && bashcompinit\n" +
           bash_completion();
}

std::string fish_completion() {
    std::string text =
        "# fish completion of deployctl; `deployctl completion fish | source`\ncomplete -c "
        "deployctl -f\n";
    for (const auto& group : all_groups()) {
        text += std::string("complete -c deployctl -n __fish_use_subcommand -a ") + group.word +
                " -d " + quoted(group.summary) + "\n";
    }
    for (const auto& command : all_commands()) {
        text += fish_command(command);
    }
    static Globals globals;
    Form form;
    declare_globals(form, globals);
    for (const auto& option : form.options()) {
        text += "complete -c deployctl -l " + option.long_name().substr(2) + " -d " +
                quoted(option.summary);
        text +=
            (option.value.empty() ? "" : fish_values(values_of(option.value, option.reader.choices))
            ) +
            "\n";
    }
    return text;
}

}  // namespace deployctl::cli
