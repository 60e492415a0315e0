// SPDX-License-Identifier: Apache-2.0
// How files become subjects. A language turns a text into a tree (one file, any thread); an input
// says which of those trees are its own, and finds the subjects in all of them together (one
// thread). A text that cannot be read costs its own file only: what it might have held is said by
// `lost`, so that it is counted as not assessed.
#pragma once

#include "readiness/facts.hpp"

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl::readiness {

struct ReadText {
    documents::Tree tree;
    Trouble trouble;  ///< with it, the roots before it are there
};

struct Language {
    std::string_view name;                                             ///< "yaml"
    bool (*recognises)(std::string_view path, std::string_view text);  ///< by name, or first bytes
    ReadText (*read)(std::string text);  ///< never throws; bounded in time and memory
};

/// What a file that cannot be read may have held, at least.
struct Lost {
    std::string subject_kind;
    int count = 1;
};

/// One for each kind of subject.
std::vector<Lost> lost_of(const std::map<std::string, int, std::less<>>& counts);

using FileList = std::span<const AssessedFile* const>;

struct Input {
    std::string_view kind;      ///< "dockerfile": AssessedFile::kind
    std::string_view language;  ///< whose trees it takes
    /// Also of a file with trouble, then by what its text looks like.
    bool (*takes)(const AssessedFile& file);
    /// All files of the kind that could be read.
    void (*gather)(FileList files, Facts& facts);
    std::vector<Lost> (*lost)(const AssessedFile& file);
};

/// In the order in which they are asked; both in input_table.cpp.
std::span<const Language> all_languages();
std::span<const Input> all_inputs();

}  // namespace deployctl::readiness
