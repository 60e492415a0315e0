// SPDX-License-Identifier: Apache-2.0
#include "documents/lines.hpp"

#include "documents/yaml_source.hpp"

#include <algorithm>

namespace deployctl::documents {

namespace {

constexpr std::string_view blanks = " \t\r\f\v";
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

}  // namespace

std::string_view why_unreadable(std::string_view text) {
    if (text.size() > TextLimits::bytes) {
        return "is larger than 4 MiB";
    }
    if (text.find('\0') != text.npos || text.starts_with("\xFF\xFE") ||
        text.starts_with("\xFE\xFF")) {
        return "is not text in UTF-8";
    }
    const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    return lines > TextLimits::lines ? "has more than 100000 lines" : "";
}

std::vector<std::string_view> split_lines(std::string_view text) {
    if (text.starts_with(byte_order_mark)) {
        text.remove_prefix(byte_order_mark.size());
    }
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        auto line = text.substr(0, end);
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        }
        lines.push_back(line);
        text.remove_prefix(end == text.npos ? text.size() : end + 1);
    }
    return lines;
}

Spot spot_in(std::string_view line, std::size_t number, std::size_t byte) {
    const auto before = line.substr(0, std::min(byte, line.size()));
    return {
        static_cast<std::uint32_t>(number + 1),
        static_cast<std::uint32_t>(count_characters(before) + 1)
    };
}

std::string_view trim(std::string_view text) {
    const auto begin = text.find_first_not_of(blanks);
    if (begin == text.npos) {
        return {};
    }
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::vector<std::string_view> split_words(std::string_view text) {
    std::vector<std::string_view> words;
    for (text = trim(text); !text.empty(); text = trim(text)) {
        const auto end = text.find_first_of(blanks);
        words.push_back(text.substr(0, end));
        text.remove_prefix(words.back().size());
    }
    return words;
}

bool is_name_character(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_';
}

Tree read_lines(std::string text) {
    Tree tree(std::move(text));
    const auto texts = split_lines(tree.source());
    std::vector<Node> lines;
    lines.reserve(texts.size());
    for (std::size_t number = 0; number < texts.size(); ++number) {
        lines.push_back(tree.scalar(
            {static_cast<std::uint32_t>(number + 1), 1}, texts[number], NodeKind::quoted
        ));
    }
    const Spot top = {1, 1};
    tree.add_root(tree.map(top, {{"lines", top, tree.list(top, lines)}}));
    return tree;
}

}  // namespace deployctl::documents
