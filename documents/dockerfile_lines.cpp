// SPDX-License-Identifier: Apache-2.0
#include "documents/dockerfile_lines.hpp"

#include "documents/dockerfile_words.hpp"
#include "documents/yaml_source.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace deployctl::documents {

namespace {

constexpr std::size_t most_bytes = 1UL << 20U;
constexpr std::size_t most_lines = 10'000;
/// BuildKit takes no longer one.
constexpr std::size_t longest_line = 65'535;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view spaces = " \t\v\f\r";

std::string_view trim_front(std::string_view text) {
    return text.substr(std::min(text.find_first_not_of(spaces), text.size()));
}

std::string_view trim(std::string_view text) {
    text = trim_front(text);
    return text.substr(0, text.find_last_not_of(spaces) + 1);
}

bool same_word(std::string_view one, std::string_view other) {
    return std::ranges::equal(one, other, [](unsigned char a, unsigned char b) {
        return std::tolower(a) == std::tolower(b);
    });
}

bool takes_heredocs(std::string_view line) {
    static constexpr std::array<std::string_view, 3> names = {"RUN", "COPY", "ADD"};
    auto words = docker_words(line.substr(0, 256), '\\');
    const std::size_t first = !words.empty() && same_word(words[0].text, "ONBUILD") ? 1 : 0;
    return words.size() > first && std::ranges::any_of(names, [&](std::string_view name) {
               return same_word(words[first].text, name);
           });
}

struct HeredocStart {
    std::string name;
    bool strips_tabs = false;
    bool expands = true;
};

/// Of `<<EOF`, `<<-"EOF"`, `3<<EOF`; of any other word nothing.
std::optional<HeredocStart> heredoc_start(std::string_view word) {
    word.remove_prefix(std::min(word.find_first_not_of("0123456789"), word.size()));
    if (!word.starts_with("<<")) {
        return std::nullopt;
    }
    word.remove_prefix(2);
    HeredocStart start;
    if (word.starts_with('-')) {
        start.strips_tabs = true;
        word.remove_prefix(1);
    }
    for (const char c : word) {
        if (c == '<') {
            return std::nullopt;
        }
        if (c == '"' || c == '\'') {
            start.expands = false;
        } else {
            start.name += c;
        }
    }
    return start.name.empty() ? std::nullopt : std::optional(std::move(start));
}

class LineReader {
public:
    explicit LineReader(Tree& tree) : tree_(tree), rest_(tree.source()) {}

    DockerLines run() {
        if (!is_readable()) {
            return std::move(result_);
        }
        if (rest_.starts_with(byte_order_mark)) {
            rest_.remove_prefix(byte_order_mark.size());
        }
        read_directives();
        while (!rest_.empty() && result_.trouble.empty()) {
            read_line();
        }
        return std::move(result_);
    }

private:
    bool is_readable() {
        if (rest_.size() > most_bytes) {
            fail("more than 1 MiB", {1, 1});
        } else if (const auto bad = find_bad_character(rest_)) {
            const auto before = rest_.substr(0, *bad);
            const auto line = 1 + std::ranges::count(before, '\n');
            fail("no UTF-8 text", {static_cast<std::uint32_t>(line), 1});
        }
        return result_.trouble.empty();
    }

    void fail(std::string what, Spot spot) {
        result_.trouble = std::move(what);
        result_.spot = spot;
    }

    std::string_view peek() const {
        auto line = rest_.substr(0, rest_.find('\n'));
        return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
    }

    std::string_view next() {
        const auto line = peek();
        const auto end = rest_.find('\n');
        rest_.remove_prefix(end == rest_.npos ? rest_.size() : end + 1);
        ++number_;
        if (line.size() > longest_line) {
            fail("a line of more than 65535 bytes", {number_, 1});
        }
        return line;
    }

    /// `# escape=` counts only above everything else, also above other comments.
    void read_directives() {
        while (!rest_.empty()) {
            const auto line = trim(peek());
            const auto equals = line.find('=');
            if (!line.starts_with('#') || equals == line.npos) {
                return;
            }
            const auto name = trim(line.substr(1, equals - 1));
            const auto value = trim(line.substr(equals + 1));
            const bool known =
                same_word(name, "escape") || same_word(name, "syntax") || same_word(name, "check");
            if (!known) {
                return;
            }
            next();
            if (same_word(name, "escape")) {
                set_escape(value);
            }
        }
    }

    void set_escape(std::string_view value) {
        if (value == "`" || value == "\\") {
            result_.escape = value.front();
        } else {
            fail("an escape character that is neither \\ nor `", {number_, 1});
        }
    }

    void read_line() {
        auto physical = next();
        const auto begin = trim_front(physical);
        if (begin.empty() || begin.front() == '#') {
            return;
        }
        if (result_.lines.size() == most_lines) {
            fail("more than 10000 instructions", {number_, 1});
            return;
        }
        DockerLine line;
        std::string joined;
        bool more = add_piece(line, joined, {physical, physical.size() - begin.size()});
        while (more && !rest_.empty()) {
            physical = next();
            const auto text = trim_front(physical);
            if (!text.empty() && text.front() != '#') {
                more = add_piece(line, joined, {physical, 0});
            }
        }
        line.text = line.pieces.size() == 1 ? line.pieces.front().text : tree_.keep(joined);
        if (trim(line.text).empty()) {
            return;  // nothing but escape characters, up to the end of the file
        }
        result_.lines.push_back(std::move(line));
        read_heredocs(result_.lines.back());
    }

    struct Physical {
        std::string_view line;
        std::size_t begin = 0;
    };

    /// True where the instruction goes on in the next line.
    bool add_piece(DockerLine& line, std::string& joined, Physical physical) const {
        auto text = physical.line.substr(physical.begin);
        const auto last = text.find_last_not_of(" \t");
        const char escape = result_.escape;
        const bool goes_on =
            last != text.npos && text[last] == escape && (last == 0 || text[last - 1] != escape);
        text = text.substr(0, goes_on ? last : text.size());
        const auto column = count_characters(physical.line.substr(0, physical.begin)) + 1;
        line.pieces.push_back({joined.size(), text, {number_, static_cast<std::uint32_t>(column)}});
        joined += text;
        return goes_on;
    }

    void read_heredocs(DockerLine& line) {
        if (line.text.find("<<") == line.text.npos || !takes_heredocs(line.text)) {
            return;
        }
        for (const auto& word : docker_words(line.text, result_.escape)) {
            const auto start = heredoc_start(word.text);
            if (start && result_.trouble.empty()) {
                read_heredoc(line, *start);
            }
        }
    }

    void read_heredoc(DockerLine& line, const HeredocStart& start) {
        const auto body = rest_;
        const Spot spot{number_ + 1, 1};
        while (!rest_.empty()) {
            const auto length = body.size() - rest_.size();
            auto text = next();
            if (start.strips_tabs) {
                text.remove_prefix(std::min(text.find_first_not_of('\t'), text.size()));
            }
            if (text == start.name) {
                line.heredocs.push_back(
                    {tree_.keep(start.name), body.substr(0, length), spot, start.expands}
                );
                return;
            }
        }
        fail("a heredoc without its end " + start.name.substr(0, 60), line.pieces.front().spot);
    }

    Tree& tree_;
    std::string_view rest_;
    std::uint32_t number_ = 0;
    DockerLines result_;
};

}  // namespace

Spot DockerSpots::at(std::size_t offset) {
    while (piece_ + 1 < line_.pieces.size() && line_.pieces[piece_ + 1].offset <= offset) {
        ++piece_;
        counted_ = 0;
        characters_ = 0;
    }
    const auto& piece = line_.pieces[piece_];
    const auto wanted = std::min(offset - std::min(offset, piece.offset), piece.text.size());
    if (wanted > counted_) {
        const auto part = piece.text.substr(counted_, wanted - counted_);
        characters_ += static_cast<std::uint32_t>(count_characters(part));
        counted_ = wanted;
    }
    return {piece.spot.line, piece.spot.column + characters_};
}

DockerLines read_docker_lines(Tree& tree) {
    return LineReader(tree).run();
}

}  // namespace deployctl::documents
