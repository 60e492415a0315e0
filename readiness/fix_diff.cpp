// SPDX-License-Identifier: Apache-2.0
#include "readiness/fixes.hpp"

#include <algorithm>

namespace deployctl::readiness {

namespace {

constexpr std::size_t lines_around = 3;

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size() - 1);
        lines.push_back(text.substr(at, end + 1 - at));
        at = end + 1;
    }
    return lines;
}

/// A line of a diff; one that does not end is said to.
std::string marked(char mark, std::string_view line) {
    auto text = mark + std::string(line);
    return line.ends_with('\n') ? text : text + "\n\\ No newline at end of file\n";
}

/// Additions that are so near that their surroundings touch.
class Hunk {
public:
    Hunk(const std::vector<std::string_view>& lines, const AddedLines& first)
        : lines_(lines),
          begin_(first.before - 1 - std::min<std::size_t>(lines_around, first.before - 1)),
          next_(begin_) {
        add(first);
    }

    bool reaches(const AddedLines& other) const {
        return other.before - 1 <= next_ + 2 * lines_around;
    }

    void add(const AddedLines& added) {
        copy_to(added.before - 1);
        for (const auto line : lines_of(added.text)) {
            body_ += marked('+', line);
            ++added_;
        }
    }

    /// `before` is how many lines the hunks above have added.
    std::string close(std::size_t before) {
        copy_to(std::min(next_ + lines_around, lines_.size()));
        const auto old_count = next_ - begin_;
        return "@@ -" + range(begin_, old_count) + " +" +
               range(begin_ + before, old_count + added_) + " @@\n" + body_;
    }

    std::size_t added() const { return added_; }

private:
    static std::string range(std::size_t begin, std::size_t count) {
        return std::to_string(count == 0 ? begin : begin + 1) + "," + std::to_string(count);
    }

    void copy_to(std::size_t end) {
        for (; next_ < end; ++next_) {
            body_ += marked(' ', lines_[next_]);
        }
    }

    const std::vector<std::string_view>& lines_;
    std::size_t begin_;
    std::size_t next_;
    std::size_t added_ = 0;
    std::string body_;
};

}  // namespace

std::string with_lines(std::string_view text, const std::vector<AddedLines>& added) {
    const auto lines = lines_of(text);
    std::string patched;
    std::size_t next = 0;
    for (const auto& one : added) {
        for (; next < std::min<std::size_t>(one.before - 1, lines.size()); ++next) {
            patched += lines[next];
        }
        patched += one.text;
    }
    for (; next < lines.size(); ++next) {
        patched += lines[next];
    }
    return patched;
}

std::string unified_diff(
    const std::string& path, std::string_view text, const std::vector<AddedLines>& added
) {
    const auto lines = lines_of(text);
    std::string diff = "--- a/" + path + "\n+++ b/" + path + "\n";
    std::size_t above = 0;
    for (std::size_t at = 0; at < added.size();) {
        Hunk hunk(lines, added[at++]);
        while (at < added.size() && hunk.reaches(added[at])) {
            hunk.add(added[at++]);
        }
        diff += hunk.close(above);
        above += hunk.added();
    }
    return diff;
}

}  // namespace deployctl::readiness
