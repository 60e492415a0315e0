// SPDX-License-Identifier: Apache-2.0
// What an assessment has found: a value that reports, waivers and comparisons work on. Texts of
// findings are views into the facts and rules that it shares with its copies. Any thread.
#pragma once

#include "readiness/facts.hpp"
#include "readiness/rule.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl::readiness {

/// What is not applicable is not listed; RuleResult counts it.
enum class Outcome { pass, fail, waived, not_assessed };

inline constexpr std::array<std::string_view, 4> outcome_names = {
    "pass", "fail", "waived", "not-assessed"
};
inline constexpr std::array<std::string_view, 4> confidence_names = {
    "certain", "derived", "heuristic", "declared"
};

/// One rule, asked of one subject.
struct Finding {
    const Subject* subject = nullptr;  ///< null: a part of what could not be read
    Outcome outcome = Outcome::not_assessed;
    Confidence confidence = Confidence::certain;
    Place place;
    std::string observed;  ///< empty for most that pass
    std::string expected;
    int count = 1;  ///< how many subjects it stands for, where a file could not be read
    const Waiver* waiver = nullptr;

    /// The subject's path; of what could not be read, its file.
    std::string_view object() const { return subject == nullptr ? place.file : subject->path; }
};

/// A number that is known exactly, and as people read it.
struct Score {
    std::string exact;            ///< "1171/13", in lowest terms
    std::int64_t hundredths = 0;  ///< rounded once, half up: 9008 is 90.08
};

/// From what is certain to what it could be: at the low end all that is not assessed fails, at the
/// high end it passes.
struct Interval {
    Score low;
    Score high;
};

struct RuleResult {
    const Rule* rule = nullptr;
    std::vector<Finding> findings;  ///< in the order of the subjects
    int not_applicable = 0;         ///< subjects
    /// What it brings to the total, of 100, and would bring at most. Nothing where it was asked of
    /// no subject: then it is not in the score.
    std::optional<Interval> points;
    std::optional<Score> worth;  ///< the points of a full pass
};

struct CategoryResult {
    std::string_view id;
    std::string_view title;
    int weight = 0;                  ///< as configured
    std::optional<Interval> score;   ///< of 100; nothing: n/a, no rule was asked
    std::optional<Interval> points;  ///< of the total
    std::vector<const RuleResult*> rules;
};

struct UnreadFile {
    std::string path;  ///< or the name of what was not rendered
    std::string why;
    documents::Spot spot;
};

/// `share` is what could be read of what was recognised; below 95 % the assessment is not whole.
struct Coverage {
    int seen = 0;
    int recognised = 0;
    int read = 0;
    int rendered = 0;
    std::int64_t lines = 0;  ///< of what was read
    std::vector<std::pair<std::string, int>> by_kind;
    std::vector<UnreadFile> unread;
    std::vector<std::string> skipped;  ///< folders and links that nobody looked into
};

struct Assessment {
    std::shared_ptr<const Facts> facts;
    std::shared_ptr<const RulePack> pack;
    std::vector<RuleResult> results;         ///< by rule id
    std::vector<CategoryResult> categories;  ///< in the order of categories.hpp
    std::optional<Interval> score;           ///< nothing: n/a, nothing was asked
    Coverage coverage;
    std::vector<std::string> warnings;  ///< waivers that nobody needs, rules left out
};

/// Findings of failed rules that stop whatever the score is, in order.
std::vector<std::pair<const RuleResult*, const Finding*>> blockers(const Assessment& assessment);

/// True where `blocks` of the rule counts for this finding.
bool is_blocker(const Rule& rule, const Finding& finding, const Settings& settings);

/// At least 95 % of what was recognised could be read, and something was recognised.
bool is_whole(const Coverage& coverage);

/// One check that passes is no readiness: fewer than Settings::least_checks were asked.
bool asks_too_little(const Assessment& assessment);

enum class Recommendation { approved, not_approved, incomplete };

/// Approved: low end at least the minimum, no blocker, coverage of 95 % or more, and
/// enough checks were asked.
Recommendation recommendation(const Assessment& assessment);
/// "EXCELLENT", of a low end in hundredths.
std::string_view level(std::int64_t hundredths);

}  // namespace deployctl::readiness
