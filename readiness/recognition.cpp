// SPDX-License-Identifier: Apache-2.0
#include "readiness/recognition.hpp"

#include "readiness/input.hpp"
#include "readiness/template_outline.hpp"

#include <algorithm>
#include <utility>

namespace deployctl::readiness {

namespace {

bool has_inputs(const Language& language) {
    const auto inputs = all_inputs();
    return std::any_of(inputs.begin(), inputs.end(), [&](const Input& input) {
        return input.language == language.name;
    });
}

/// Names its kind; false where no input of the language takes it.
bool is_taken(const Language& language, AssessedFile& file) {
    for (const auto& input : all_inputs()) {
        if (input.language == language.name && input.takes(file)) {
            file.kind = input.kind;
            return true;
        }
    }
    return false;
}

AssessedFile recognised(std::string path, std::string text) {
    AssessedFile file;
    file.path = std::move(path);
    file.kind = unrecognised;
    for (const auto& language : all_languages()) {
        if (!has_inputs(language) || !language.recognises(file.path, text)) {
            continue;
        }
        auto read = language.read(std::move(text));
        file.tree = std::move(read.tree);
        file.trouble = std::move(read.trouble);
        if (!is_taken(language, file)) {
            const auto source = file.tree.source();
            // Nobody asks about a template: what is rendered of it is told at its lines.
            file.tree = is_template(file.path, source) ? outline_of_template(std::string(source))
                                                       : documents::Tree();
            file.trouble = {};
        }
        return file;
    }
    return file;
}

}  // namespace

AssessedFile read_file(std::string path, std::string text) {
    // An empty file tells nothing, good or bad: a Makefile without a target keeps no rule of one.
    if (text.find_first_not_of(" \t\r\n") == text.npos) {
        AssessedFile empty;
        empty.path = std::move(path);
        empty.kind = unrecognised;
        return empty;
    }
    return recognised(std::move(path), std::move(text));
}

AssessedFile unread_file(std::string path, std::string why) {
    auto file = recognised(std::move(path), "");
    file.trouble = {std::move(why), {}};
    file.kind = file.kind == unrecognised ? unreadable : file.kind;
    return file;
}

}  // namespace deployctl::readiness
