// SPDX-License-Identifier: Apache-2.0
#include "config/configuration.hpp"
#include "documents/yaml_source.hpp"
#include "model/text.hpp"

#include <algorithm>

namespace deployctl::config {

namespace {

using documents::count_characters;

constexpr int widest_excerpt = 79;
constexpr int room_before_spot = 30;

/// A name that was written with escapes may hold what a terminal obeys.
std::string harmless(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
        if (byte == 0xC2 && next >= 0x80 && next < 0xA0) {
            out += '?';
            ++i;
        } else {
            out += byte < 0x20 || byte == 0x7F ? '?' : text[i];
        }
    }
    return out;
}

enum class Paint { red, yellow, blue, bold };

class Painter {
public:
    explicit Painter(ColorMode mode) : mode_(mode) {}

    std::string operator()(Paint paint, const std::string& text) const {
        constexpr const char* codes[] = {"\x1b[1;31m", "\x1b[1;33m", "\x1b[1;34m", "\x1b[1m"};
        return mode_ == ColorMode::plain ? text : codes[static_cast<int>(paint)] + text + "\x1b[0m";
    }

private:
    ColorMode mode_;
};

/// The part of a line that is shown, and where the spot is in it.
struct Window {
    std::string text;
    std::string indent;
    int width = 1;
};

std::string_view drop_characters(std::string_view text, int count) {
    return text.substr(take_characters(text, count).size());
}

Window cut(const Diagnostic& one) {
    std::string_view line = one.excerpt;
    int column = one.place.column - 1;
    Window window;
    if (column > widest_excerpt - 10) {
        const int skipped = column - room_before_spot;
        line = drop_characters(line, skipped);
        column = room_before_spot + 1;
        window.text = "…";
    }
    const int room = widest_excerpt - count_characters(window.text);
    const bool too_long = count_characters(line) > room;
    window.text += take_characters(line, too_long ? room - 1 : room);
    for (const char c : take_characters(window.text, column)) {
        // A tab under a tab keeps the spot where the terminal shows it.
        if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) {
            window.indent += c == '\t' ? '\t' : ' ';
        }
    }
    window.indent.append(
        static_cast<std::size_t>(std::max(0, column - count_characters(window.text))), ' '
    );
    window.width = std::clamp(one.width, 1, std::max(1, count_characters(window.text) - column));
    window.text += too_long ? "…" : "";
    return window;
}

void add_excerpt(std::string& out, const Diagnostic& one, const Painter& paint) {
    const auto number = std::to_string(one.place.line);
    const auto bar = std::string(number.size(), ' ') + " |";
    const auto color = one.severity == Severity::error ? Paint::red : Paint::yellow;
    const auto window = cut(one);
    out += paint(Paint::blue, number + " |") + " " + window.text + "\n";
    auto spot = std::string(static_cast<std::size_t>(window.width), '^');
    spot += one.note.empty() ? "" : " " + harmless(one.note);
    out += paint(Paint::blue, bar) + " " + window.indent + paint(color, spot) + "\n";
}

void add_way_out(std::string& out, const Diagnostic& one, const Painter& paint) {
    const auto docs =
        one.docs.empty() ? "" : "= docs: deployctl config explain " + harmless(one.docs);
    const auto help = one.help.empty() ? "" : "= help: " + harmless(one.help);
    if (docs.empty() && help.empty()) {
        return;
    }
    const std::string indent(std::to_string(one.place.line).size() + 1, ' ');
    const auto* gap = help.empty() || docs.empty() ? "" : "          ";
    out += indent + paint(Paint::bold, help) + gap + paint(Paint::bold, docs) + "\n";
}

void add_one(std::string& out, const Diagnostic& one, const Painter& paint) {
    const bool is_error = one.severity == Severity::error;
    const auto head = std::string(is_error ? "error" : "warning") + "[" + one.code + "]";
    out += paint(is_error ? Paint::red : Paint::yellow, head) +
           paint(Paint::bold, ": " + harmless(one.message)) + "\n";
    const auto& place = one.place;
    if (!place.file.empty() && place.line > 0) {
        const auto at =
            place.file + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
        out += std::string(std::to_string(place.line).size(), ' ') + paint(Paint::blue, "-->") +
               " " + at + "\n";
    } else if (!place.file.empty()) {
        out += "  " + paint(Paint::blue, "-->") + " " + place.file + "\n";
    }
    if (place.line > 0 && !one.excerpt.empty()) {
        add_excerpt(out, one, paint);
    } else if (!one.note.empty()) {
        out += "  = note: " + harmless(one.note) + "\n";
    }
    add_way_out(out, one, paint);
}

}  // namespace

std::string render(const Diagnostics& diagnostics, ColorMode mode) {
    const Painter paint(mode);
    std::string out;
    for (const auto& one : diagnostics) {
        out += out.empty() ? "" : "\n";
        add_one(out, one, paint);
    }
    return out;
}

}  // namespace deployctl::config
