// SPDX-License-Identifier: Apache-2.0
#include "readiness/audit_document.hpp"

#include "model/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <utility>

namespace deployctl::readiness {

namespace {

constexpr std::size_t most_cells = 32;
constexpr std::size_t most_rows = 400;
constexpr std::size_t most_text = 2'000;  // of one line of prose that is looked at
constexpr std::size_t most_headings = 5'000;
constexpr std::size_t most_title = 240;
constexpr std::size_t indent_of_code = 4;

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t\r");
    return begin == std::string_view::npos
               ? std::string_view()
               : text.substr(begin, text.find_last_not_of(" \t\r") + 1 - begin);
}

/// A comment may begin on one line and end on another.
class Comments {
public:
    bool are_open() const { return is_open_; }

    std::string_view outside(std::string_view line) {
        if (is_open_) {
            const auto end = line.find("-->");
            if (end == std::string_view::npos) {
                return {};
            }
            is_open_ = false;
            line.remove_prefix(end + 3);
        }
        const auto begin = line.find("<!--");
        if (begin == std::string_view::npos) {
            return line;
        }
        if (line.find("-->", begin) == std::string_view::npos) {
            is_open_ = true;
        }
        return line.substr(0, begin);
    }

private:
    bool is_open_ = false;
};

class Fences {
public:
    /// True for a line that opens, fills or closes a block of code.
    bool hold(std::string_view line) {
        const auto text = trimmed(line);
        const auto length = mark_length(text);
        if (open_ == 0) {
            const bool opens = length > 0 && text.find('`', length) == std::string_view::npos;
            open_ = opens ? length : 0;
            mark_ = opens ? text[0] : mark_;
            return opens;
        }
        if (length >= open_ && length == text.size() && text[0] == mark_) {
            open_ = 0;
        }
        return true;
    }

private:
    /// Of three or more of one mark; else 0.
    static std::size_t mark_length(std::string_view text) {
        const bool is_mark = text.starts_with("```") || text.starts_with("~~~");
        return is_mark ? std::min(text.find_first_not_of(text[0]), text.size()) : 0;
    }

    std::size_t open_ = 0;  ///< how long the mark was
    char mark_ = '`';
};

/// Without the marks of a quotation.
std::string_view unquoted(std::string_view line) {
    auto rest = line;
    while (rest.starts_with('>') || rest.starts_with(" >")) {
        rest.remove_prefix(rest.find('>') + 1);
    }
    return rest;
}

int heading_level(std::string_view line) {
    const auto level = std::min(line.find_first_not_of('#'), line.size());
    return level >= 1 && level <= 6 && level < line.size() && line[level] == ' '
               ? static_cast<int>(level)
               : 0;
}

/// At "|" that is neither escaped nor in a span of code.
std::vector<std::string_view> cells_of(std::string_view line) {
    auto text = trimmed(line);
    if (text.starts_with('|')) {
        text.remove_prefix(1);
    }
    std::vector<std::string_view> cells;
    std::size_t begin = 0;
    for (std::size_t at = 0; at < text.size() && cells.size() < most_cells; ++at) {
        if (text[at] == '\\') {
            ++at;
        } else if (text[at] == '|') {
            cells.push_back(trimmed(text.substr(begin, at - begin)));
            begin = at + 1;
        }
    }
    if (begin < text.size() && cells.size() < most_cells) {
        cells.push_back(trimmed(text.substr(begin)));
    }
    return cells;
}

bool is_rule_cell(std::string_view cell) {
    cell.remove_prefix(cell.starts_with(':') ? 1 : 0);
    cell.remove_suffix(cell.ends_with(':') ? 1 : 0);
    return !cell.empty() && cell.find_first_not_of('-') == std::string_view::npos;
}

bool is_in_table(std::string_view line) {
    return line.find('|') != std::string_view::npos &&
           std::min(line.find_first_not_of(' '), line.size()) < indent_of_code;
}

/// What stands under the names of the columns: "|---|:--:|".
bool is_rule_line(std::string_view line, std::size_t columns) {
    const auto cells = is_in_table(line) ? cells_of(line) : std::vector<std::string_view>();
    return cells.size() == columns && std::ranges::all_of(cells, is_rule_cell);
}

TableRow row_of(std::string_view line, int number) {
    TableRow row{number, {}};
    for (const auto cell : cells_of(line)) {
        row.cells.push_back(plain_text(cell));
    }
    return row;
}

struct NumberedLine {
    int number = 0;
    std::string_view text;
};

/// Those outside of code and comments; empty ones stay, since they end tables.
std::vector<NumberedLine> readable_lines(std::string_view markdown) {
    std::vector<NumberedLine> lines;
    Fences fences;
    Comments comments;
    int number = 0;
    for (std::size_t at = 0; at < markdown.size();) {
        const auto end = std::min(markdown.find('\n', at), markdown.size());
        const auto line = unquoted(markdown.substr(at, end - at));
        const bool is_code = !comments.are_open() && fences.hold(line);
        lines.push_back({++number, is_code ? std::string_view() : comments.outside(line)});
        at = end + 1;
    }
    return lines;
}

class DocumentReader {
public:
    explicit DocumentReader(std::string_view markdown) : lines_(readable_lines(markdown)) {}

    ReportDocument read() {
        while (at_ < lines_.size()) {
            if (!read_table()) {
                read_line(lines_[at_]);
                ++at_;
            }
        }
        return std::move(document_);
    }

private:
    bool read_table() {
        if (at_ + 1 >= lines_.size() || !is_in_table(lines_[at_].text) ||
            !is_rule_line(lines_[at_ + 1].text, cells_of(lines_[at_].text).size())) {
            return false;
        }
        ReportTable table;
        table.header = row_of(lines_[at_].text, lines_[at_].number);
        for (at_ += 2; at_ < lines_.size() && is_in_table(lines_[at_].text); ++at_) {
            if (table.rows.size() < most_rows) {
                table.rows.push_back(row_of(lines_[at_].text, lines_[at_].number));
            } else {
                table.is_cut = true;
            }
        }
        document_.tables.push_back(std::move(table));
        return true;
    }

    void read_line(const NumberedLine& line) {
        const auto text = trimmed(line.text);
        if (const auto level = heading_level(text); level > 0) {
            const auto title = text.substr(static_cast<std::size_t>(level), most_title);
            if (document_.headings.size() < most_headings) {
                document_.headings.push_back({line.number, level, plain_text(title)});
            }
        } else if (!text.empty()) {
            const auto kept = text.substr(0, most_text);
            document_.lines.push_back({line.number, kept, plain_text(kept).text});
        }
    }

    std::vector<NumberedLine> lines_;
    std::size_t at_ = 0;
    ReportDocument document_;
};

struct Mark {
    std::string_view text;
    std::string_view plain;
    int stars;
};

constexpr std::array<Mark, 8> marks = {{
    {"\xE2\xAD\x90", " ", 1},      // a star as a picture
    {"\xE2\x98\x85", " ", 1},      // a black star
    {"\xF0\x9F\x8C\x9F", " ", 1},  // a glowing star
    {":star:", " ", 1},
    {"&amp;", "&", 0},
    {"&nbsp;", " ", 0},
    {"\xC2\xA0", " ", 0},
    {"**", "", 0},
}};

const Mark* mark_at(std::string_view text) {
    const auto found =
        std::ranges::find_if(marks, [&](const Mark& mark) { return text.starts_with(mark.text); });
    return found == marks.end() ? nullptr : &*found;
}

/// How many bytes a picture or a sign has that is neither letter nor digit: U+2000 to U+2BFF,
/// U+FE00 to U+FE0F and beyond U+1F000; 0 for all else.
std::size_t picture_length(std::string_view text) {
    if (text.starts_with("\xF0\x9F")) {
        return std::min<std::size_t>(4, text.size());
    }
    const bool is_sign =
        text.size() >= 3 && text[0] == '\xE2' && static_cast<unsigned char>(text[1]) <= 0xAF;
    return is_sign || text.starts_with("\xEF\xB8") ? std::min<std::size_t>(3, text.size()) : 0;
}

/// Of "[words](address)" the length of all, and the words; nothing where it is no link.
std::optional<std::pair<std::size_t, std::string_view>> link_at(std::string_view text) {
    constexpr std::size_t longest = 300;
    const auto near = text.substr(0, longest);
    const auto middle = near.find("](");
    const auto end = middle == std::string_view::npos ? middle : near.find(')', middle);
    if (!text.starts_with('[') || end == std::string_view::npos) {
        return std::nullopt;
    }
    return std::pair(end + 1, near.substr(1, middle - 1));
}

/// The length of a tag of HTML, or 0.
std::size_t tag_length(std::string_view text) {
    constexpr std::size_t longest = 200;
    const bool begins = text.size() > 2 && text[0] == '<' &&
                        (text[1] == '/' || std::isalpha(static_cast<unsigned char>(text[1])) != 0);
    const auto end = begins ? text.substr(0, longest).find('>') : std::string_view::npos;
    return end == std::string_view::npos ? 0 : end + 1;
}

void append_blank(std::string& text) {
    if (!text.empty() && text.back() != ' ') {
        text += ' ';
    }
}

/// Takes one letter, or one mark, from the front.
std::size_t take_plain(std::string_view rest, PlainText& plain) {
    if (const auto* mark = mark_at(rest)) {
        plain.stars += mark->stars;
        mark->plain.starts_with(' ') ? append_blank(plain.text) : void(plain.text += mark->plain);
        return mark->text.size();
    }
    if (const auto length = picture_length(rest) + tag_length(rest); length > 0) {
        append_blank(plain.text);
        return length;
    }
    if (const auto link = link_at(rest)) {
        plain.text += link->second;
        return link->first;
    }
    if (rest[0] == '\\' && rest.size() > 1) {
        plain.text += rest[1];
        return 2;
    }
    if (rest[0] == ' ' || rest[0] == '\t') {
        append_blank(plain.text);
    } else if (rest[0] != '*' && rest[0] != '`') {
        plain.text += rest[0];
    }
    return 1;
}

}  // namespace

PlainText plain_text(std::string_view markdown) {
    PlainText plain;
    for (auto rest = markdown.substr(0, most_text); !rest.empty();) {
        rest.remove_prefix(std::min(rest.size(), take_plain(rest, plain)));
    }
    plain.text = trimmed(plain.text);
    return plain;
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    for (const char c : text) {
        const bool is_letter = std::isalnum(static_cast<unsigned char>(c)) != 0 || (c & 0x80) != 0;
        if (is_letter) {
            word += c;
        } else if (!word.empty()) {
            words.push_back(lower(std::exchange(word, {})));
        }
    }
    if (!word.empty()) {
        words.push_back(lower(word));
    }
    return words;
}

ReportDocument read_report_document(std::string_view markdown) {
    return DocumentReader(markdown).read();
}

}  // namespace deployctl::readiness
