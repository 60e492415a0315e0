// SPDX-License-Identifier: Apache-2.0
#include "cli/complaint.hpp"

#include "cli/exit_codes.hpp"
#include "cli/version.hpp"
#include "config/configuration.hpp"

#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace deployctl::cli {

std::string draw(const Diagnostics& diagnostics, const Style& style) {
    auto safe = diagnostics;
    for (auto& one : safe) {
        for (auto* text :
             {&one.message, &one.place.file, &one.excerpt, &one.note, &one.help, &one.docs}) {
            *text = printable(*text);
        }
    }
    return config::render(safe, style.colour ? config::ColorMode::color : config::ColorMode::plain);
}

std::string complaint(const Error& error, const Style& style) {
    if (const auto* config = dynamic_cast<const ConfigError*>(&error)) {
        return draw(config->diagnostics(), style);
    }
    const auto head = std::string("error[") + word_of(error.exit()) + "]:";
    auto text = paint(style, Tone::bad, head) + " " + printable(error.what()) + "\n";
    for (const auto& where : error.context()) {
        text += "  = where: " + printable(where) + "\n";
    }
    if (!error.help().empty()) {
        text += "  = help: " + printable(error.help()) + "\n";
    }
    return text;
}

std::string crash_complaint(
    const char* what, const std::vector<std::string>& words, const std::string& state
) {
    const auto folder = std::filesystem::path(state).parent_path();
    const auto path = folder / ("crash-" + std::to_string(getpid()) + ".txt");
    std::error_code
        ignored;  // without the folder the report cannot be written, and that is said below
    std::filesystem::create_directories(folder, ignored);
    std::ofstream file(path);
    file << version_text() << "\n" << what << "\n";
    for (const auto& word : words) {
        file << "  " << word << "\n";
    }
    file.close();
    auto text = "error[internal]: " + printable(what) + "\n  = note: this is a bug in deployctl";
    return text + (file ? ", its report is in " + path.string() : "") + "\n";
}

}  // namespace deployctl::cli
