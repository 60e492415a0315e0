// SPDX-License-Identifier: Apache-2.0
#include "cli/complaint.hpp"

#include "cli/exit_codes.hpp"
#include "cli/version.hpp"
#include "config/configuration.hpp"

#include <filesystem>
#include <fstream>
#include <stdlib.h>
#include <unistd.h>

namespace deployctl::cli {

namespace {

/// What somebody wrote for the record may not be for those who read a report.
std::vector<std::string> without_reason(std::vector<std::string> words) {
    for (std::size_t at = 0; at < words.size(); ++at) {
        if (words[at].starts_with("--reason=")) {
            words[at] = "--reason=(hidden)";
        } else if (words[at] == "--reason" && at + 1 < words.size()) {
            words[++at] = "(hidden)";
        }
    }
    return words;
}

}  // namespace

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
    const char* what, const std::vector<std::string>& words, const std::string& folder
) {
    std::error_code
        ignored;  // without the folder the report cannot be written, and that is said below
    std::filesystem::create_directories(folder, ignored);
    auto path = folder + "/crash-XXXXXX.txt";
    const int descriptor = ::mkstemps(path.data(), 4);  // a new file, 0600
    std::ofstream file;
    if (descriptor >= 0) {
        file.open(path);
        ::close(descriptor);
    } else {
        file.setstate(std::ios::failbit);
    }
    file << version_text() << "\n" << what << "\n";
    for (const auto& word : without_reason(words)) {
        file << "  " << word << "\n";
    }
    file.close();
    auto text = "error[internal]: " + printable(what) + "\n  = note: this is a bug in deployctl";
    return text + (file ? ", its report is in " + path : "") + "\n";
}

}  // namespace deployctl::cli
