// SPDX-License-Identifier: Apache-2.0
// What may have been in files that could not be read, so that no score rises where somebody cannot
// look. Of a broken text its words are counted (Input::lost). Of what gave no text at all, or where
// that counts nothing, as much is taken as the richest file of its kind holds. Pure.
#pragma once

#include "readiness/input.hpp"

#include <vector>

namespace deployctl::readiness {

struct FileLosses {
    const AssessedFile* file = nullptr;
    std::vector<Lost> lost;
};

/// Of gathered facts, one for each file with trouble.
std::vector<FileLosses> find_losses(const Facts& facts);

}  // namespace deployctl::readiness
