// SPDX-License-Identifier: Apache-2.0
#include "readiness/inputs/texts.hpp"

#include "documents/lines.hpp"
#include "documents/makefile.hpp"
#include "documents/script.hpp"
#include "model/text.hpp"
#include "readiness/inputs/paths.hpp"

#include <algorithm>
#include <array>
#include <re2/re2.h>
#include <utility>

namespace deployctl::readiness {

namespace {

ReadText read_as(documents::Tree (*read)(std::string), std::string text) {
    const auto why = documents::why_unreadable(text);
    if (!why.empty()) {
        return {documents::Tree(), {std::string(why), {1, 1}}};
    }
    return {read(std::move(text)), {}};
}

ReadText read_script(std::string text) {
    return read_as(documents::read_script, std::move(text));
}

ReadText read_makefile(std::string text) {
    return read_as(documents::read_makefile, std::move(text));
}

ReadText read_lines(std::string text) {
    return read_as(documents::read_lines, std::move(text));
}

bool is_script(std::string_view path, std::string_view text) {
    const auto name = base_name(path);
    if (name.ends_with(".sh") || name.ends_with(".bash")) {
        return true;
    }
    const auto first = text.substr(0, std::min<std::size_t>(text.find('\n'), 100));
    static const RE2 shell("^#!.*[/ ](ba|da|k|z)?sh\\b");
    return name.find('.') == name.npos &&
           RE2::PartialMatch(re2::StringPiece(first.data(), first.size()), shell);
}

bool is_makefile(std::string_view path, std::string_view /*text*/) {
    const auto name = base_name(path);
    return name == "Makefile" || name == "makefile" || name == "GNUmakefile" ||
           name.ends_with(".mk");
}

bool is_env_name(std::string_view path) {
    const auto name = base_name(path);
    return name == ".env" || name.starts_with(".env.") || name.ends_with(".env");
}

bool is_codeowners_name(std::string_view path) {
    return path == "CODEOWNERS" || path == ".github/CODEOWNERS" || path == ".gitlab/CODEOWNERS" ||
           path == "docs/CODEOWNERS";
}

bool is_crontab_name(std::string_view path) {
    const auto name = base_name(path);
    return name == "crontab" || name.ends_with(".cron") || name.ends_with(".crontab") ||
           path.find("cron.d/") != path.npos;
}

/// Histories and licences promise nothing about this version.
bool is_document_name(std::string_view path) {
    const auto name = lower(std::string(base_name(path)));
    const bool is_prose = name.ends_with(".md") || name.ends_with(".markdown") ||
                          name.ends_with(".adoc") || name.ends_with(".rst");
    static constexpr std::array<std::string_view, 4> others = {
        "changelog", "license", "code_of_conduct", "news"
    };
    return is_prose && std::ranges::none_of(others, [&](std::string_view other) {
               return name.starts_with(other);
           });
}

bool is_lines(std::string_view path, std::string_view /*text*/) {
    return is_document_name(path) || is_codeowners_name(path) || is_env_name(path) ||
           is_crontab_name(path);
}

bool is_runbook_name(std::string_view path) {
    static const RE2 words(
        "(?i)run-?_?book|play-?_?book|disaster|recovery|incident|on-?call|failover|restore"
    );
    return RE2::PartialMatch(re2::StringPiece(path.data(), path.size()), words);
}

const Subject& add_file(const AssessedFile& file, std::string kind, Facts& facts) {
    Subject subject;
    subject.kind = std::move(kind);
    subject.name = base_name(file.path);
    subject.path = file.path;
    subject.node = &file.tree.roots().front();
    subject.file = &file;
    subject.scope = &facts.repository();
    return facts.add(std::move(subject));
}

void add_files(FileList files, const char* kind, Facts& facts) {
    for (const auto* file : files) {
        add_file(*file, kind, facts);
    }
}

std::vector<Lost> one_of(const AssessedFile& file) {
    return {{file.kind, 1}};
}

bool any_file(const AssessedFile& /*file*/) {
    return true;
}

void gather_scripts(FileList files, Facts& facts) {
    add_files(files, "script", facts);
}

void gather_makefiles(FileList files, Facts& facts) {
    add_files(files, "makefile", facts);
}

void gather_documents(FileList files, Facts& facts) {
    for (const auto* file : files) {
        add_file(*file, "document", facts);
        if (is_runbook_name(file->path)) {
            add_file(*file, "runbook", facts);
        }
    }
}

void gather_codeowners(FileList files, Facts& facts) {
    add_files(files, "codeowners", facts);
}

void gather_env_files(FileList files, Facts& facts) {
    add_files(files, "env-file", facts);
}

void gather_crontabs(FileList files, Facts& facts) {
    add_files(files, "crontab", facts);
}

const std::array<Language, 3> languages = {{
    {"makefile", is_makefile, read_makefile},
    {"lines", is_lines, read_lines},
    {"script", is_script, read_script},
}};

const std::array<Input, 6> inputs = {{
    {"script", "script", any_file, gather_scripts, one_of},
    {"makefile", "makefile", any_file, gather_makefiles, one_of},
    {"codeowners",
     "lines",
     [](const AssessedFile& file) { return is_codeowners_name(file.path); },
     gather_codeowners,
     one_of},
    {"env-file",
     "lines",
     [](const AssessedFile& file) { return is_env_name(file.path); },
     gather_env_files,
     one_of},
    {"crontab",
     "lines",
     [](const AssessedFile& file) { return is_crontab_name(file.path); },
     gather_crontabs,
     one_of},
    {"document", "lines", any_file, gather_documents, one_of},
}};

}  // namespace

std::span<const Language> text_languages() {
    return languages;
}

std::span<const Input> text_inputs() {
    return inputs;
}

}  // namespace deployctl::readiness
