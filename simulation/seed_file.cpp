// SPDX-License-Identifier: Apache-2.0
#include "simulation/seed_file.hpp"

#include "model/text.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <string_view>

namespace deployctl::simulation {

namespace {

bool is_comment(std::string_view line) {
    return line.empty() || line.front() == '#';
}

/// Whether there is such a thing to draw.
bool add_extra(Extras& extras, const std::string& word) {
    const std::map<std::string, bool*> known{
        {"+edits", &extras.edits},
        {"+stale", &extras.stale_looks},
        {"+behind", &extras.behind},
        {"+if-silent", &extras.if_silent},
        {"+measured", &extras.measured},
        {"+fresh", &extras.fresh},
        {"+tasks", &extras.tasks},
    };
    const auto found = known.find(word);
    if (found != known.end()) {
        *found->second = true;
    }
    return found != known.end();
}

/// Nothing where the line begins with no number, or draws what there is not.
std::optional<KeptSeed> read_line(const std::string& line) {
    std::istringstream words(line);
    std::string word;
    std::getline(words, word, ' ');
    const auto seed = whole_number<std::uint64_t>(word);
    if (!seed) {
        return std::nullopt;
    }
    KeptSeed kept{*seed, {}};
    while (words >> word && word.starts_with('+')) {
        if (!add_extra(kept.extras, word)) {
            return std::nullopt;
        }
    }
    return kept;
}

}  // namespace

SeedFile read_seed_file(const std::string& path) {
    SeedFile read;
    std::ifstream file(path);
    if (!file || std::filesystem::is_directory(path)) {
        read.mistake = path + " cannot be read: is it there?";
        return read;
    }
    int number = 0;
    for (std::string line; std::getline(file, line);) {
        ++number;
        const auto seed = is_comment(line) ? std::nullopt : read_line(line);
        if (seed) {
            read.seeds.push_back(*seed);
        } else if (!is_comment(line)) {
            read.mistake =
                path + ":" + std::to_string(number) + ": \"" + line +
                "\" begins with no seed, or draws what there is not; a comment begins with #";
            return read;
        }
    }
    if (read.seeds.empty()) {
        read.mistake = path + " names no seed: one a line, its number first";
    }
    return read;
}

std::string keep_seed(const std::string& path, const KeptSeed& kept, const std::string& broken) {
    const auto known = read_seed_file(path).seeds;
    if (std::ranges::count(known, kept) > 0) {
        return "";
    }
    std::ofstream file(path, std::ios::app);
    file << kept.seed << to_text(kept.extras) << " " << broken << "\n" << std::flush;
    return file ? ""
                : path + " cannot be written: seed " + std::to_string(kept.seed) + " is not kept";
}

}  // namespace deployctl::simulation
