// SPDX-License-Identifier: Apache-2.0
// The file of seeds that once failed, which every later run plays first: one a line, its number
// first, then what it draws besides ("+edits"), then what it broke; `#` begins a comment. Pure but
// for the file; any thread.
#pragma once

#include "simulation/scenario.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace deployctl::simulation {

struct KeptSeed {
    std::uint64_t seed = 0;
    Extras extras;

    friend bool operator==(const KeptSeed&, const KeptSeed&) = default;
};

struct SeedFile {
    std::vector<KeptSeed> seeds;
    std::string mistake;  ///< why it cannot be played; empty: it can
};

/// A file that is not there, names no seed, or has a line that is none, is a mistake.
SeedFile read_seed_file(const std::string& path);
/// Appends the seed, unless the file has it; what could not be done, or nothing.
std::string keep_seed(const std::string& path, const KeptSeed& kept, const std::string& broken);

}  // namespace deployctl::simulation
