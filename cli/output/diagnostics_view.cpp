// SPDX-License-Identifier: Apache-2.0
#include "cli/output/diagnostics_view.hpp"

#include <algorithm>

namespace deployctl::cli {

namespace {

constexpr int lead = 40;  ///< columns of a long line that stay in front of what is underlined

/// The line, moved to the left where the place would be out of sight.
struct Excerpt {
    std::string text;
    int column = 1;
};

Excerpt excerpt_of(const Diagnostic& diagnostic, const Style& style) {
    auto text = printable(diagnostic.excerpt);
    int column = std::max(1, diagnostic.place.column);
    const int room = std::max(40, style.width - 8);
    if (column > room - 10 && column > lead) {
        const auto cut = static_cast<std::size_t>(column - lead);
        text = cut < text.size() ? (style.ascii ? "..." : "…") + text.substr(cut) : text;
        column = lead + (style.ascii ? 3 : 1);
    }
    return {fit(style, text, room), column};
}

std::string one(const Diagnostic& diagnostic, const Style& style) {
    const bool is_error = diagnostic.severity == Severity::error;
    const auto code = diagnostic.code.empty() ? "" : "[" + diagnostic.code + "]";
    const auto head = (is_error ? "error" : "warning") + code + ":";
    auto text = paint(style, is_error ? Tone::bad : Tone::warning, head) + " " +
                printable(diagnostic.message) + "\n";
    const auto& place = diagnostic.place;
    if (place.line > 0) {
        text += "  --> " + printable(place.file) + ":" + std::to_string(place.line) + ":" +
                std::to_string(place.column) + "\n";
        const auto number = std::to_string(place.line);
        const auto excerpt = excerpt_of(diagnostic, style);
        text += number + " | " + excerpt.text + "\n";
        const auto blank = std::string(number.size(), ' ') + " | " +
                           std::string(static_cast<std::size_t>(excerpt.column - 1), ' ');
        const auto marks =
            std::string(static_cast<std::size_t>(std::max(1, diagnostic.width)), '^');
        const auto note = diagnostic.note.empty() ? "" : " " + printable(diagnostic.note);
        text += blank + paint(style, is_error ? Tone::bad : Tone::warning, marks) + note + "\n";
    } else if (!place.file.empty()) {
        text += "  --> " + printable(place.file) + "\n";
    }
    text += diagnostic.help.empty() ? "" : "  = help: " + printable(diagnostic.help) + "\n";
    return text + (diagnostic.docs.empty()
                       ? ""
                       : "  = docs: deployctl config explain " + diagnostic.docs + "\n");
}

}  // namespace

std::string draw(const Diagnostics& diagnostics, const Style& style) {
    std::string text;
    for (const auto& diagnostic : diagnostics) {
        text += one(diagnostic, style);
    }
    const auto count = std::ranges::count_if(diagnostics, [](const Diagnostic& diagnostic) {
        return diagnostic.severity == Severity::error;
    });
    return count > 1 ? text + std::to_string(count) + " mistakes\n" : text;
}

}  // namespace deployctl::cli
