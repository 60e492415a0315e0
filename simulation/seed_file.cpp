// SPDX-License-Identifier: Apache-2.0
#include "simulation/seed_file.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string_view>

namespace deployctl::simulation {

namespace {

bool is_comment(std::string_view line) {
    return line.empty() || line.front() == '#';
}

/// Up to the first space; nothing where that is no number.
std::optional<std::uint64_t> seed_of(std::string_view line) {
    const auto word = line.substr(0, line.find(' '));
    std::uint64_t seed = 0;
    const auto [rest, error] = std::from_chars(word.data(), word.data() + word.size(), seed);
    const bool is_whole = error == std::errc() && rest == word.data() + word.size();
    return is_whole ? std::optional(seed) : std::nullopt;
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
        const auto seed = is_comment(line) ? std::nullopt : seed_of(line);
        if (seed) {
            read.seeds.push_back(*seed);
        } else if (!is_comment(line)) {
            read.mistake = path + ":" + std::to_string(number) + ": \"" + line +
                           "\" begins with no seed; a comment begins with #";
            return read;
        }
    }
    if (read.seeds.empty()) {
        read.mistake = path + " names no seed: one a line, its number first";
    }
    return read;
}

std::string keep_seed(const std::string& path, std::uint64_t seed, const std::string& broken) {
    const auto known = read_seed_file(path).seeds;
    if (std::ranges::count(known, seed) > 0) {
        return "";
    }
    std::ofstream file(path, std::ios::app);
    file << seed << " " << broken << "\n" << std::flush;
    return file ? "" : path + " cannot be written: seed " + std::to_string(seed) + " is not kept";
}

}  // namespace deployctl::simulation
