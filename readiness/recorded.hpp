// SPDX-License-Identifier: Apache-2.0
// An assessment as it is kept: what is needed of it to be compared with another one, from the
// program or from a file that `assess -o json` has written. A value; reading is of strangers' text
// and never throws.
#pragma once

#include "readiness/assessment.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace deployctl::readiness {

struct RecordedFinding {
    std::string object;
    std::string observed;
    std::string where;  ///< "k8s/web.yaml:14:5", or empty
    Outcome outcome = Outcome::not_assessed;
    Confidence confidence = Confidence::certain;
    int count = 1;
    bool is_subject = true;  ///< false: it stands for what could not be read, or is gone
};

struct RecordedRule {
    std::string id;
    std::string title;
    std::string category;
    FindingSeverity severity = FindingSeverity::medium;
    std::vector<RecordedFinding> findings;
};

/// The rule, the object, and which of several of that name it is.
struct FindingKey {
    std::string rule;
    std::string object;
    int number = 0;

    friend auto operator<=>(const FindingKey&, const FindingKey&) = default;
};

struct Recorded {
    std::string trouble;  ///< why it could not be read; with it all else is empty
    std::string rules_digest;
    std::string weights_digest;
    std::map<std::string, int> weights;                          ///< of categories
    std::optional<std::pair<std::int64_t, std::int64_t>> score;  ///< hundredths, low and high
    std::vector<RecordedRule> rules;
    std::set<std::string, std::less<>> objects;  ///< all that were there, asked about or not
    std::set<std::pair<std::string, std::string>> blockers;  ///< rule and object
};

Recorded recorded_of(const Assessment& assessment);
/// Of the text of a file.
Recorded read_recorded(std::string_view json);
/// The findings of all rules by their keys, in the order of the record.
std::map<FindingKey, const RecordedFinding*> by_key(const Recorded& recorded);

}  // namespace deployctl::readiness
