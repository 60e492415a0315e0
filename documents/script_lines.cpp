// SPDX-License-Identifier: Apache-2.0
#include "documents/script_lines.hpp"

#include "documents/lines.hpp"

#include <algorithm>

namespace deployctl::documents {

namespace {

/// A heredoc that has begun: the line that ends it.
struct Heredoc {
    std::string_view end;
    bool indented = false;
};

/// What one pass over a script keeps in mind.
struct Scan {
    bool quotes_span_lines = true;
    char quote = 0;      ///< that is open
    std::string joined;  ///< the line so far
    Spot began;
    std::vector<Heredoc> heredocs;
    ScriptText out;
};

bool begins_word(std::string_view line, std::size_t at) {
    return at == 0 || std::string_view(" \t;&|()").find(line[at - 1]) != std::string_view::npos;
}

bool is_word_byte(char byte) {
    return is_name_character(byte) || byte == '-';
}

/// A number is a shift of arithmetic.
bool is_shift(std::string_view word) {
    return word.empty() || (word.front() >= '0' && word.front() <= '9');
}

/// `<<EOF`, `<<-'EOF'` at this byte; how many bytes it has, 0 for shifts.
std::size_t take_heredoc(std::string_view line, std::size_t at, std::vector<Heredoc>& heredocs) {
    static constexpr std::string_view quotes = "'\"\\";
    const auto rest = line.substr(at);
    if (!rest.starts_with("<<")) {
        return 0;
    }
    Heredoc heredoc;
    heredoc.indented = rest.substr(2).starts_with('-');
    auto used = std::min(rest.find_first_not_of(" \t", heredoc.indented ? 3 : 2), rest.size());
    const bool quoted = quotes.find(rest.substr(used, 1)) != quotes.npos && used < rest.size();
    used += quoted ? 1 : 0;
    const auto begin = used;
    while (used < rest.size() && is_word_byte(rest[used])) {
        ++used;
    }
    heredoc.end = rest.substr(begin, used - begin);
    if (is_shift(heredoc.end)) {
        return 0;
    }
    heredocs.push_back(heredoc);
    const bool closes = quoted && used < rest.size() && quotes.find(rest[used]) != quotes.npos;
    return used + (closes ? 1 : 0);
}

/// Takes what belongs to the quote that is open; true where the byte was of it.
bool in_quote(Scan& scan, std::string_view line, std::size_t& at) {
    if (scan.quote == 0) {
        return false;
    }
    if (line[at] == scan.quote) {
        scan.quote = 0;
    } else if (line[at] == '\\' && scan.quote == '"' && at + 1 < line.size()) {
        scan.joined += line[at++];
    }
    scan.joined += line[at];
    return true;
}

/// One byte outside quotes, or what begins there; false where the rest is a comment.
bool take_byte(Scan& scan, std::string_view line, std::size_t& at) {
    const char byte = line[at];
    if (byte == '#' && begins_word(line, at)) {
        return false;
    }
    if (byte == '\\' && at + 1 < line.size()) {
        scan.joined += byte;
        scan.joined += line[++at];
        return true;
    }
    if (byte == '<') {
        if (line.substr(at).starts_with("<<<")) {
            scan.joined += "<<<";
            at += 2;
            return true;
        }
        const auto used = take_heredoc(line, at, scan.heredocs);
        if (used > 0) {
            scan.joined += line.substr(at, used);
            at += used - 1;
            return true;
        }
    }
    if (byte == '\'' || byte == '"') {
        scan.quote = byte;
    }
    scan.joined += byte;
    return true;
}

void finish(Scan& scan) {
    const auto text = trim(scan.joined);
    if (!text.empty()) {
        scan.out.lines.push_back({std::string(text), scan.began});
    }
    scan.joined.clear();
    scan.began = {};
}

/// True where this line belongs to a heredoc.
bool take_heredoc_line(Scan& scan, std::string_view line) {
    if (scan.heredocs.empty()) {
        return false;
    }
    const auto& heredoc = scan.heredocs.front();
    auto bare = line;
    while (heredoc.indented && bare.starts_with('\t')) {
        bare.remove_prefix(1);
    }
    if (bare == heredoc.end) {
        scan.heredocs.erase(scan.heredocs.begin());
    }
    return true;
}

/// What of a line is to be read, without the sign that it goes on.
std::string_view begin_line(Scan& scan, std::string_view line, std::uint32_t number) {
    if (scan.joined.empty()) {
        const auto begin = std::min(line.find_first_not_of(" \t"), line.size());
        scan.began = spot_in(line, number - 1, begin);
    }
    const bool continued = line.ends_with('\\') && scan.quote != '\'';
    const auto body = continued ? line.substr(0, line.size() - 1) : line;
    if (scan.quote != 0 || scan.joined.empty()) {
        return body;
    }
    scan.joined = std::string(trim(scan.joined)) + ' ';
    return trim(body);
}

void take_line(Scan& scan, std::string_view line, std::uint32_t number) {
    const auto body = begin_line(scan, line, number);
    const bool continued = line.ends_with('\\') && scan.quote != '\'';
    for (std::size_t at = 0; at < body.size(); ++at) {
        if (!in_quote(scan, body, at) && !take_byte(scan, body, at)) {
            scan.out.comments.push_back(
                {std::string(trim(body.substr(at + 1))), spot_in(line, number - 1, at)}
            );
            finish(scan);
            return;  // a comment is not continued
        }
    }
    scan.quote = scan.quotes_span_lines ? scan.quote : '\0';
    if (continued || scan.quote != 0) {
        scan.joined += continued ? "" : "\n";
    } else {
        finish(scan);
    }
}

Scan scanned(std::string_view text, std::uint32_t first, bool quotes_span_lines) {
    Scan scan;
    scan.quotes_span_lines = quotes_span_lines;
    auto number = first;
    for (const auto line : split_lines(text)) {
        if (scan.quote != 0 || !scan.joined.empty() || !take_heredoc_line(scan, line)) {
            take_line(scan, line, number);
        }
        ++number;
    }
    finish(scan);
    return scan;
}

}  // namespace

ScriptText read_script_text(std::string_view text, std::uint32_t first) {
    auto scan = scanned(text, first, true);
    // A quote that nothing closes would make one command of all that follows.
    return scan.quote == 0 ? std::move(scan.out) : scanned(text, first, false).out;
}

std::vector<ScriptLine> script_lines(std::string_view text, std::uint32_t first) {
    return read_script_text(text, first).lines;
}

}  // namespace deployctl::documents
