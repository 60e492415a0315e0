// SPDX-License-Identifier: Apache-2.0
// The words of an earlier assessment, for a second run on the same: found by a digest of all that
// they were made of, and checked before they are believed. What is kept is the whole answer, since
// walking, reading and hashing of the files is most of what is left then. One thread.
#pragma once

#include "ports/kept_results.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl::readiness {

struct EarlierResult {
    int exit_code = 0;
    std::string out;  ///< for stdout
    std::string err;  ///< for stderr
};

/// Of everything that decides what is said: the program's version, the rules' digest, settings,
/// arguments, the day (waivers expire), and the files' digest. ["a", "bc"] is not ["ab", "c"].
std::string key_of(const std::vector<std::string>& parts);

/// Nothing where there is none, or it is not whole, or another program's.
std::optional<EarlierResult> find_earlier(KeptResults& kept, const std::string& key);
void keep_for_later(KeptResults& kept, const std::string& key, const EarlierResult& result);

}  // namespace deployctl::readiness
