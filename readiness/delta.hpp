// SPDX-License-Identifier: Apache-2.0
// What has changed from one assessment to another, finding by finding: by rule and object, so that
// lines and files may move. What is no longer seen is never taken for mended: it counts as not
// assessed until somebody accepts that it is gone. Pure; any thread.
#pragma once

#include "readiness/recorded.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl::readiness {

enum class Change {
    appeared,            ///< fails, and did not before
    waiver_expired,      ///< fails, and was waived
    no_longer_assessed,  ///< had a verdict
    removed,             ///< the object is gone
    no_longer_asked,     ///< the object is there, and the rule no longer its own
    still,               ///< fails as before
    waived,              ///< has failed, and is waived now
    fixed,               ///< has failed, and passes
};

inline constexpr std::array<std::string_view, 8> change_names = {
    "new",
    "waiver-expired",
    "no-longer-assessed",
    "removed",
    "no-longer-asked",
    "still",
    "waived",
    "fixed",
};

struct DeltaRow {
    Change change{};
    std::string rule;
    std::string title;
    std::string object;
    std::string where;   ///< in the later one; of what is gone, in the earlier one
    std::string before;  ///< what was observed
    std::string now;
    bool blocks = false;  ///< now, and did not before
};

/// Why the low end has moved, in hundredths; the parts add up to the whole. First the rules and
/// weights of the later one are laid over the findings of the earlier one, then what can no longer
/// be seen, or can be now, is put in; the rest is the repository. Waivers move nothing.
struct Movement {
    std::int64_t before = 0;
    std::int64_t now = 0;
    std::int64_t by_rules = 0;
    std::int64_t by_coverage = 0;
    std::int64_t by_repository = 0;
};

struct Delta {
    std::vector<DeltaRow> rows;        ///< by kind of change, then by rule and object
    std::optional<Movement> movement;  ///< nothing where one of both has no score
    bool rules_differ = false;
    bool weights_differ = false;
};

Delta compare(const Recorded& before, const Recorded& now);

std::int64_t how_many(const Delta& delta, Change change);
std::int64_t new_blockers(const Delta& delta);

/// Puts what the baseline had and is gone into the assessment, as not assessed, and counts its
/// points again. Its texts are views into the baseline, which has to last as long.
void count_removed(Assessment& assessment, const Recorded& baseline);

}  // namespace deployctl::readiness
