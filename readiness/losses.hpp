// SPDX-License-Identifier: Apache-2.0
// What may have been in files that could not be read, so that no score rises where somebody cannot
// look. Of a broken text its words are counted (Input::lost). Of what gave no text at all, or where
// that counts nothing, as much is taken as the richest file of its kind holds. With it, what was
// left out because it is too much. Pure.
#pragma once

#include "readiness/input.hpp"

#include <string>
#include <vector>

namespace deployctl::readiness {

struct FileLosses {
    const AssessedFile* file = nullptr;
    std::string why;
    documents::Spot spot;
    std::vector<Lost> lost;
};

/// Of gathered facts, one for each file with trouble, and for each with more than is asked.
std::vector<FileLosses> find_losses(const Facts& facts);

}  // namespace deployctl::readiness
