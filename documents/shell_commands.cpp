// SPDX-License-Identifier: Apache-2.0
#include "documents/shell_commands.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <span>
#include <utility>

namespace deployctl::documents {

namespace {

constexpr int most_nesting = 4;
constexpr std::size_t longest_substitution = 4096;

struct Word {
    std::size_t offset = 0;
    std::string text;
    bool is_bare = true;  ///< nothing of it was quoted
};

/// Of the command that is being read.
struct Written {
    std::vector<Word> words;
    std::string targets;
};

bool is_one_of(std::span<const std::string_view> words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

/// Words that stand before a command and are none.
bool is_before_a_command(std::string_view word) {
    static constexpr std::array<std::string_view, 17> words = {
        "if",
        "then",
        "else",
        "elif",
        "do",
        "while",
        "until",
        "!",
        "{",
        "exec",
        "command",
        "env",
        "time",
        "nohup",
        "fi",
        "done",
        "esac"
    };
    return is_one_of(words, word);
}

bool is_shell(std::string_view program) {
    static constexpr std::array<std::string_view, 5> shells = {"sh", "bash", "ash", "dash", "zsh"};
    return is_one_of(shells, program);
}

bool is_setting(const Word& word) {
    const auto equals = word.text.find('=');
    return equals != std::string::npos && equals > 0 &&
           std::isdigit(static_cast<unsigned char>(word.text[0])) == 0 &&
           std::all_of(
               word.text.begin(),
               word.text.begin() + static_cast<long>(equals),
               [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }
           );
}

std::string base_name(const std::string& program) {
    const auto slash = program.rfind('/');
    return slash == std::string::npos || slash + 1 == program.size() ? program
                                                                     : program.substr(slash + 1);
}

/// A script's way through its characters; what is between two separators is one command.
class Splitter {
public:
    Splitter(std::string_view script, int nesting) : script_(script), nesting_(nesting) {}

    std::vector<ShellCommand> run() {
        while (at_ < script_.size()) {
            take(script_[at_]);
        }
        end_command();
        return std::move(commands_);
    }

private:
    void take(char c) {
        switch (c) {
            case '\'': take_single_quoted(); break;
            case '"': take_double_quoted(); break;
            case '\\': take_escaped(); break;
            case ' ':
            case '\t':
            case '\r': end_word(); break;
            case '#':
                if (in_word_) {
                    add(c);
                } else {
                    at_ = std::min(script_.find('\n', at_), script_.size());
                    return;
                }
                break;
            case '<':
            case '>': take_redirection(); return;
            case '$': take_dollar(); return;
            case '|': end_command(peek(1) != '|'); break;
            case ';':
            case '&':
            case '\n':
            case '(':
            case ')':
            case '`': end_command(); break;
            default: add(c); break;
        }
        ++at_;
    }

    char peek(std::size_t ahead) const {
        return at_ + ahead < script_.size() ? script_[at_ + ahead] : '\0';
    }

    void add(char c) {
        begin_word();
        word_.text += c;
    }

    void begin_word() {
        if (!in_word_) {
            in_word_ = true;
            word_ = {at_, {}, true};
        }
    }

    void take_single_quoted() {
        begin_word();
        word_.is_bare = false;
        const auto end = std::min(script_.find('\'', at_ + 1), script_.size());
        word_.text += script_.substr(at_ + 1, end - at_ - 1);
        at_ = end;
    }

    void take_double_quoted() {
        begin_word();
        word_.is_bare = false;
        for (++at_; at_ < script_.size() && script_[at_] != '"'; ++at_) {
            if (script_[at_] == '\\' && (peek(1) == '"' || peek(1) == '\\' || peek(1) == '$')) {
                ++at_;
            } else if (script_[at_] == '$' && peek(1) == '(') {
                take_substitution();
            }
            word_.text += script_[at_];
        }
    }

    /// The commands of `$(...)` in quotes, which stays in its word as well.
    void take_substitution() {
        const auto inside = script_.substr(at_ + 2, longest_substitution);
        int depth = 1;
        std::size_t end = 0;
        for (; end < inside.size() && depth > 0; ++end) {
            depth += inside[end] == '(' ? 1 : inside[end] == ')' ? -1 : 0;
        }
        if (depth > 0 || nesting_ == most_nesting) {
            return;
        }
        for (auto& inner : Splitter(inside.substr(0, end - 1), nesting_ + 1).run()) {
            inner.offset += at_ + 2;
            commands_.push_back(std::move(inner));
        }
    }

    /// `\` before the end of a line is nothing at all.
    void take_escaped() {
        if (peek(1) == '\n') {
            ++at_;
        } else if (at_ + 1 < script_.size()) {
            begin_word();
            word_.is_bare = false;
            word_.text += script_[++at_];
        }
    }

    /// `$(` begins a command of its own; `${...}` and `$X` stay in the word.
    void take_dollar() {
        if (peek(1) == '(') {
            end_command();
            at_ += 2;
            return;
        }
        if (peek(1) != '{') {
            add('$');
            ++at_;
            return;
        }
        const auto end = std::min(script_.find('}', at_), script_.size() - 1);
        while (at_ <= end) {
            add(script_[at_]);
            ++at_;
        }
    }

    /// `2>&1`, `>>file`, `< file`: with the word that it leads to.
    void take_redirection() {
        if (in_word_ && word_.is_bare &&
            word_.text.find_first_not_of("0123456789&") == std::string::npos) {
            in_word_ = false;
        }
        end_word();
        while (at_ < script_.size() &&
               std::string_view("<>&|").find(script_[at_]) != std::string_view::npos) {
            ++at_;
        }
        drops_next_ = true;
    }

    void end_word() {
        if (in_word_ && drops_next_) {
            written_.targets += (written_.targets.empty() ? "" : " ") + word_.text;
        } else if (in_word_) {
            written_.words.push_back(std::move(word_));
        }
        drops_next_ = drops_next_ && !in_word_;
        in_word_ = false;
    }

    void end_command(bool piped = false) {
        end_word();
        drops_next_ = false;
        auto first = written_.words.begin();
        ShellCommand command;
        while (first != written_.words.end() &&
               ((first->is_bare && is_before_a_command(first->text)) || is_setting(*first))) {
            if (is_setting(*first)) {
                command.settings += (command.settings.empty() ? "" : " ") + first->text;
            }
            ++first;
        }
        command.piped = piped;
        command.targets = std::exchange(written_.targets, {});
        if (!written_.words.empty()) {
            command.offset = written_.words.front().offset;
            add_command(std::move(command), {first, written_.words.end()});
        }
        written_.words.clear();
    }

    void add_command(ShellCommand command, std::span<const Word> words) {
        if (words.empty()) {
            if (!command.settings.empty()) {
                commands_.push_back(std::move(command));
            }
            return;
        }
        command.program = base_name(words.front().text);
        for (const auto& word : words.subspan(1)) {
            command.arguments += (command.arguments.empty() ? "" : " ") + word.text;
        }
        commands_.push_back(command);
        if (command.program == "sudo") {
            after_sudo(command.piped, words.subspan(1));
        } else if (is_shell(command.program)) {
            inside_shell(words);
        }
    }

    void after_sudo(bool piped, std::span<const Word> words) {
        while (!words.empty() && (words.front().text.starts_with('-') || is_setting(words.front()))
        ) {
            words = words.subspan(1);
        }
        if (!words.empty() && words.front().text != "sudo") {
            add_command({words.front().offset, {}, {}, {}, {}, piped}, words);
        }
    }

    void inside_shell(std::span<const Word> words) {
        for (std::size_t at = 1; at + 1 < words.size(); ++at) {
            const auto& option = words[at].text;
            if (!option.starts_with('-')) {
                return;
            }
            if (option.ends_with('o')) {
                ++at;  // `-o pipefail`
                continue;
            }
            const bool is_script = !option.starts_with("--") && option.ends_with('c');
            if (is_script && nesting_ < most_nesting) {
                const auto& script = words[at + 1];
                for (auto& inner : Splitter(script.text, nesting_ + 1).run()) {
                    inner.offset = std::min(script.offset + inner.offset, script_.size());
                    commands_.push_back(std::move(inner));
                }
                return;
            }
        }
    }

    std::string_view script_;
    int nesting_;
    std::size_t at_ = 0;
    bool in_word_ = false;
    bool drops_next_ = false;  ///< it is where a redirection leads
    Word word_;
    Written written_;
    std::vector<ShellCommand> commands_;
};

}  // namespace

std::vector<ShellCommand> read_shell_commands(std::string_view script) {
    return Splitter(script, 0).run();
}

}  // namespace deployctl::documents
