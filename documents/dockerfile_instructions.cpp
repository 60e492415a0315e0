// SPDX-License-Identifier: Apache-2.0
#include "documents/dockerfile_instructions.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <span>

namespace deployctl::documents {

namespace {

enum class Form {
    shell,    ///< a command, or a list
    check,    ///< HEALTHCHECK: CMD and a command
    words,    ///< words with variables, or a list
    pairs,    ///< NAME=value
    trigger,  ///< another instruction
    free      ///< nobody knows
};

struct OpForm {
    std::string_view op;
    Form form;
};

constexpr std::array<OpForm, 18> forms = {{
    {"RUN", Form::shell},
    {"CMD", Form::shell},
    {"ENTRYPOINT", Form::shell},
    {"SHELL", Form::shell},
    {"FROM", Form::words},
    {"COPY", Form::words},
    {"ADD", Form::words},
    {"EXPOSE", Form::words},
    {"USER", Form::words},
    {"WORKDIR", Form::words},
    {"VOLUME", Form::words},
    {"STOPSIGNAL", Form::words},
    {"HEALTHCHECK", Form::check},
    {"ENV", Form::pairs},
    {"LABEL", Form::pairs},
    {"ARG", Form::pairs},
    {"ONBUILD", Form::trigger},
    {"MAINTAINER", Form::free},
}};

/// What stands before the command of a HEALTHCHECK.
constexpr std::string_view check_word = "CMD";

Form form_of(std::string_view op) {
    const auto* const found = std::ranges::find(forms, op, &OpForm::op);
    return found == forms.end() ? Form::free : found->form;
}

std::string upper(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](unsigned char c) {
        return static_cast<char>(std::toupper(c));
    });
    return result;
}

bool is_shell_name(std::string_view program) {
    return program == "sh" || program == "bash" || program == "ash";
}

/// A list as a shell would have to be told it.
std::string as_script(std::span<const Node> items) {
    std::string script;
    for (const auto& item : items) {
        script += '\'';
        for (const char c : item.text) {
            script += c == '\'' ? std::string("'\\''") : std::string(1, c);
        }
        script += "' ";
    }
    return script;
}

std::string_view unquoted(std::string_view text) {
    const bool quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
                        text.back() == text.front();
    return quoted ? text.substr(1, text.size() - 2) : text;
}

}  // namespace

struct DockerInstructions::Reading {
    const DockerLine& line;
    DockerVariables& variables;
    std::vector<DockerWord> words;
    DockerSpots spots;
    std::string_view op;
    std::size_t next = 1;  ///< the first word that is no flag
    std::vector<NodeEntry> entries;

    bool is_over() const { return next >= words.size(); }

    std::size_t begin() const { return is_over() ? line.text.size() : words[next].offset; }

    std::string_view args() const {
        const auto text = line.text.substr(begin());
        return text.substr(0, text.find_last_not_of(" \t") + 1);
    }
};

Node DockerInstructions::read(const DockerLine& line, DockerVariables& variables) {
    Reading reading{
        line, variables, docker_words(line.text, expansion_.escape), DockerSpots(line), {}, 1, {}
    };
    const auto& first = reading.words.front();
    const auto spot = line.pieces.front().spot;
    reading.op = tree_.keep(upper(first.text));
    reading.entries.push_back({"op", spot, tree_.scalar(spot, reading.op)});
    read_flags(reading);
    const auto begin = DockerSpots(line).at(reading.begin());
    reading.entries.push_back({"args", begin, tree_.scalar(begin, reading.args(), NodeKind::quoted)}
    );
    read_form(reading);
    read_heredocs(reading);
    read_lines(reading);
    read_commands(reading);
    return tree_.map(spot, reading.entries);
}

Node DockerInstructions::value(
    Spot spot, std::string_view written, const DockerVariables::Value& value
) {
    const bool same = value && *value == written;
    Node node = tree_.scalar(
        spot,
        !value || same ? written : tree_.keep(*value),
        value ? NodeKind::plain : NodeKind::unknown
    );
    return node;
}

Node DockerInstructions::expanded(Reading& reading, DockerWord word) {
    const auto spot = reading.spots.at(word.offset);
    return value(spot, word.text, expand_docker_word(word.text, reading.variables, expansion_));
}

void DockerInstructions::read_flags(Reading& reading) {
    std::vector<NodeEntry> flags;
    for (; !reading.is_over(); ++reading.next) {
        const auto word = reading.words[reading.next];
        if (!word.text.starts_with("--") || word.text.size() == 2) {
            break;
        }
        const auto equals = std::min(word.text.find('='), word.text.size());
        const auto spot = reading.spots.at(word.offset);
        const auto after = std::min(equals + 1, word.text.size());
        const DockerWord given{word.offset + after, word.text.substr(after)};
        flags.push_back(
            {word.text.substr(2, equals - 2),
             spot,
             equals == word.text.size() ? tree_.scalar(spot, "true") : expanded(reading, given)}
        );
    }
    if (!flags.empty()) {
        const auto spot = flags.front().spot;
        reading.entries.push_back({"flags", spot, tree_.map(spot, flags)});
    }
}

void DockerInstructions::read_form(Reading& reading) {
    switch (form_of(reading.op)) {
        case Form::shell: read_list(reading, reading.args()); break;
        case Form::check:
            if (has_check_word(reading)) {
                const auto command = reading.args().substr(check_word.size());
                const auto begin = std::min(command.find_first_not_of(" \t"), command.size());
                read_list(reading, command.substr(begin));
            }
            break;
        case Form::words: read_words(reading); break;
        case Form::pairs: read_pairs(reading); break;
        case Form::trigger: read_trigger(reading); break;
        case Form::free: break;
    }
}

bool DockerInstructions::has_check_word(const Reading& reading) {
    return !reading.is_over() && upper(reading.words[reading.next].text) == check_word;
}

void DockerInstructions::read_heredocs(Reading& reading) {
    std::vector<Node> heredocs;
    for (const auto& heredoc : reading.line.heredocs) {
        const auto spot = heredoc.spot;
        heredocs.push_back(tree_.map(
            spot,
            {{"name", spot, tree_.scalar(spot, heredoc.name, NodeKind::quoted)},
             {"text", spot, tree_.scalar(spot, heredoc.text, NodeKind::quoted)},
             {"expands", spot, tree_.scalar(spot, heredoc.expands ? "true" : "false")}}
        ));
    }
    if (!heredocs.empty()) {
        const auto spot = heredocs.front().spot;
        reading.entries.push_back({"heredocs", spot, tree_.list(spot, heredocs)});
    }
}

void DockerInstructions::read_list(Reading& reading, std::string_view text) {
    const auto items = docker_list(text);
    if (!items) {
        return;
    }
    const auto offset = static_cast<std::size_t>(text.data() - reading.line.text.data());
    const auto spot = reading.spots.at(offset);
    std::vector<Node> nodes;
    for (const auto& item : *items) {
        nodes.push_back(tree_.scalar(spot, tree_.keep(item), NodeKind::quoted));
    }
    reading.entries.push_back({"json", spot, tree_.list(spot, nodes)});
}

void DockerInstructions::read_words(Reading& reading) {
    read_list(reading, reading.args());
    std::vector<Node> words;
    if (reading.entries.back().key == "json") {
        for (const auto& item : reading.entries.back().value.items) {
            const bool plain = item.text.find('$') == item.text.npos;
            words.push_back(plain ? item : tree_.scalar(item.spot, item.text, NodeKind::unknown));
        }
    } else {
        for (auto at = reading.next; at < reading.words.size(); ++at) {
            words.push_back(expanded(reading, reading.words[at]));
        }
    }
    const auto spot = words.empty() ? reading.line.pieces.front().spot : words.front().spot;
    reading.entries.push_back({"words", spot, tree_.list(spot, words)});
}

void DockerInstructions::read_pairs(Reading& reading) {
    std::vector<NodeEntry> pairs;
    std::vector<DockerVariables::Value> values;
    const bool old = !reading.is_over() && reading.op != "ARG" &&
                     reading.words[reading.next].text.find('=') == std::string_view::npos;
    if (old) {
        read_old_pair(reading);
        return;
    }
    for (auto at = reading.next; at < reading.words.size(); ++at) {
        const auto word = reading.words[at];
        const auto equals = std::min(word.text.find('='), word.text.size());
        const auto after = std::min(equals + 1, word.text.size());
        const auto spot = reading.spots.at(word.offset);
        const auto name = unquoted(word.text.substr(0, equals));
        if (equals == word.text.size()) {
            pairs.push_back({name, spot, tree_.scalar(spot, {}, NodeKind::null)});
            values.emplace_back();
            continue;
        }
        const auto written = word.text.substr(after);
        values.push_back(expand_docker_word(written, reading.variables, expansion_));
        auto node = value(reading.spots.at(word.offset + after), written, values.back());
        node.kind = node.kind == NodeKind::plain && unquoted(written).size() != written.size()
                        ? NodeKind::quoted
                        : node.kind;
        pairs.push_back({name, spot, node});
    }
    // All of a line's values are made with what was known before it.
    for (std::size_t at = 0; at < pairs.size() && reading.op == "ENV"; ++at) {
        reading.variables.set_environment(pairs[at].key, values[at]);
    }
    const auto spot = pairs.empty() ? reading.line.pieces.front().spot : pairs.front().spot;
    reading.entries.push_back({"pairs", spot, tree_.map(spot, pairs)});
}

/// `ENV NAME all the rest`, of before there was `=`.
void DockerInstructions::read_old_pair(Reading& reading) {
    const auto name = reading.words[reading.next];
    const auto spot = reading.spots.at(name.offset);
    const auto rest = reading.args().substr(name.text.size());
    const auto begin = std::min(rest.find_first_not_of(" \t"), rest.size());
    const auto written = rest.substr(begin);
    const auto known = expand_docker_word(written, reading.variables, expansion_);
    const auto offset = name.offset + name.text.size() + begin;
    const auto node = value(reading.spots.at(offset), written, known);
    if (reading.op == "ENV") {
        reading.variables.set_environment(name.text, known);
    }
    reading.entries.push_back({"pairs", spot, tree_.map(spot, {{name.text, spot, node}})});
    reading.entries.push_back({"old_form", spot, tree_.scalar(spot, "true")});
}

void DockerInstructions::read_lines(Reading& reading) {
    const auto& pieces = reading.line.pieces;
    if (pieces.size() == 1) {
        return;
    }
    const auto begin = reading.begin();
    DockerSpots spots(reading.line);
    std::vector<Node> lines;
    for (const auto& piece : pieces) {
        const auto cut = begin > piece.offset ? begin - piece.offset : 0;
        if (cut < piece.text.size()) {
            const auto spot = spots.at(piece.offset + cut);
            lines.push_back(tree_.scalar(spot, piece.text.substr(cut), NodeKind::quoted));
        }
    }
    const auto spot = pieces.front().spot;
    reading.entries.push_back({"lines", spot, tree_.list(spot, lines)});
}

void DockerInstructions::read_trigger(Reading& reading) {
    if (reading.is_over()) {
        return;
    }
    const auto op = reading.words[reading.next];
    const auto spot = reading.spots.at(op.offset);
    const auto rest = reading.args().substr(op.text.size());
    const auto begin = std::min(rest.find_first_not_of(" \t"), rest.size());
    const auto args = reading.spots.at(op.offset + op.text.size() + begin);
    reading.entries.push_back(
        {"trigger",
         spot,
         tree_.map(
             spot,
             {{"op", spot, tree_.scalar(spot, tree_.keep(upper(op.text)))},
              {"args", args, tree_.scalar(args, rest.substr(begin), NodeKind::quoted)}}
         )}
    );
}

Node DockerInstructions::command(Spot spot, const ShellCommand& command) {
    std::vector<NodeEntry> entries = {
        {"program", spot, tree_.scalar(spot, tree_.keep(command.program), NodeKind::quoted)},
        {"args", spot, tree_.scalar(spot, tree_.keep(command.arguments), NodeKind::quoted)}
    };
    if (!command.settings.empty()) {
        const auto settings = tree_.keep(command.settings);
        entries.push_back({"settings", spot, tree_.scalar(spot, settings, NodeKind::quoted)});
    }
    if (command.piped) {
        entries.push_back({"piped", spot, tree_.scalar(spot, "true")});
    }
    return tree_.map(spot, entries);
}

void DockerInstructions::read_commands(Reading& reading) {
    const auto form = form_of(reading.op);
    if (form != Form::shell && !(form == Form::check && has_check_word(reading))) {
        return;
    }
    std::vector<Node> commands;
    const auto list = std::ranges::find(reading.entries, "json", &NodeEntry::key);
    if (list != reading.entries.end()) {
        for (const auto& found : read_shell_commands(as_script(list->value.items))) {
            commands.push_back(command(list->spot, found));
        }
    } else {
        add_commands(reading, commands);
    }
    if (!commands.empty()) {
        const auto spot = commands.front().spot;
        reading.entries.push_back({"commands", spot, tree_.list(spot, commands)});
    }
}

void DockerInstructions::add_commands(Reading& reading, std::vector<Node>& commands) {
    const auto cut = form_of(reading.op) == Form::check ? check_word.size() : 0;
    const auto args = reading.args();
    const auto script = args.substr(std::min(cut, args.size()));
    DockerSpots spots(reading.line);
    for (const auto& found : read_shell_commands(script)) {
        commands.push_back(command(spots.at(reading.begin() + cut + found.offset), found));
    }
    const bool fed = commands.empty() || is_shell_name(commands.front().text_at("program"));
    if (!fed || reading.line.heredocs.empty()) {
        return;
    }
    const auto& heredoc = reading.line.heredocs.front();
    auto line = heredoc.spot.line;
    std::size_t seen = 0;
    for (const auto& found : read_shell_commands(heredoc.text)) {
        for (; seen < std::min(found.offset, heredoc.text.size()); ++seen) {
            line += heredoc.text[seen] == '\n' ? 1U : 0U;
        }
        commands.push_back(command({line, 1}, found));
    }
}

}  // namespace deployctl::documents
