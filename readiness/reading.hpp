// SPDX-License-Identifier: Apache-2.0
// The files of a walk to what they are, on all cores, in two steps: their texts with a digest of
// all of them, by which an earlier result is found again; then their trees. What cannot be read is
// a file with trouble. The order is that of the walk, however many threads took part.
#pragma once

#include "ports/source_tree.hpp"
#include "readiness/facts.hpp"
#include "readiness/walk.hpp"

#include <string>
#include <vector>

namespace deployctl::readiness {

struct ReadingLimits {
    static constexpr std::uint64_t all_bytes = 512U << 20U;
};

struct LoadedFile {
    std::string path;
    std::string text;
    std::string failure;    ///< why it could not be read; empty: it was, or nobody asks about it
    bool is_asked = false;  ///< by its name, or its text, somebody may ask about it
};

struct LoadedFiles {
    std::vector<LoadedFile> files;
    /// SHA-256 of all paths and of the content of what was read. Nobody can make a second tree with
    /// the same one on purpose, as with a faster hash; times and sizes of files do not count.
    std::string digest;
    /// False where an assessment is also made of what the digest does not know: overlays and charts
    /// may take any file, also of what the walk has skipped.
    bool is_digest_whole = true;
};

/// What no language has a name for is not read, except without an ending: a script, say. Beside
/// overlays and charts it is read for the digest alone.
LoadedFiles load(const SourceTree& tree, const Walk& walk);

/// What lies in a folder, before anything is made of it.
struct ReadTree {
    Walk walk;
    LoadedFiles loaded;
};

ReadTree read_tree(const SourceTree& tree, const Settings& settings);

/// One for each loaded file.
std::vector<AssessedFile> recognise(LoadedFiles loaded);

}  // namespace deployctl::readiness
