// SPDX-License-Identifier: Apache-2.0
// What an assessment of exactly the same has said before: same files by their content, same rules,
// settings, options, day and program. Only where nothing else could have changed it, as a cluster
// or a chart can. The time that a report names is that of now. One thread.
#pragma once

#include "cli/assessing.hpp"
#include "readiness/earlier_result.hpp"

#include <optional>
#include <string>

namespace deployctl::cli {

/// "" where an answer may not be kept, or nobody says where.
std::string key_of(Session& session, const AssessedFolder& folder);
std::optional<readiness::EarlierResult> find_earlier(Session& session, const std::string& key);
/// Nothing for the key "".
void keep_for_later(
    Session& session, const std::string& key, const readiness::EarlierResult& result
);

}  // namespace deployctl::cli
