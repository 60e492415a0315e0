// SPDX-License-Identifier: Apache-2.0
// One line of a Dockerfile as a node: {op, args, flags, words, pairs, json, heredocs, lines,
// commands, trigger}. The tree owns what the node shows. Any thread; never throws.
#pragma once

#include "documents/dockerfile_lines.hpp"
#include "documents/dockerfile_words.hpp"
#include "documents/shell_commands.hpp"

namespace deployctl::documents {

class DockerInstructions {
public:
    /// Both outlive it.
    DockerInstructions(Tree& tree, const DockerLines& lines) : tree_(tree) {
        expansion_.escape = lines.escape;
    }

    /// Where it is ENV, the variables know more after it; ARG is whoever's who knows the globals.
    Node read(const DockerLine& line, DockerVariables& variables);

    /// A value as it is, or unknown as it is written.
    Node value(Spot spot, std::string_view written, const DockerVariables::Value& value);

private:
    struct Reading;

    void read_flags(Reading& reading);
    void read_form(Reading& reading);
    void read_list(Reading& reading, std::string_view text);
    void read_words(Reading& reading);
    void read_pairs(Reading& reading);
    void read_old_pair(Reading& reading);
    void read_lines(Reading& reading);
    void read_trigger(Reading& reading);
    void read_heredocs(Reading& reading);
    void read_commands(Reading& reading);
    void add_commands(Reading& reading, std::vector<Node>& commands);
    Node command(Spot spot, const ShellCommand& command);
    static bool has_check_word(const Reading& reading);
    Node expanded(Reading& reading, DockerWord word);

    Tree& tree_;
    DockerExpansion expansion_;
};

}  // namespace deployctl::documents
