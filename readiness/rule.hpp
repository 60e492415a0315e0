// SPDX-License-Identifier: Apache-2.0
// A rule as data (docs/formats/readiness-rules.md), and the pack of all that are asked. Read once,
// then asked by any number of threads. What is wrong with a file of rules is said by diagnostics,
// with file and line.
#pragma once

#include "model/diagnostics.hpp"
#include "model/record_questions.hpp"
#include "readiness/condition.hpp"
#include "readiness/mistakes.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace deployctl::readiness {

enum class Blocks { never, always, production };

/// What a rule weighs in its category.
int weight_of(FindingSeverity severity);

struct RuleText {
    std::string title;    ///< what is so when it passes
    std::string message;  ///< of a failure, with ${name}, ${path}, ${observed}, ${expected}
    std::string why;
    std::string mend;
    std::vector<std::string> references;
};

struct Rule {
    std::string id;
    std::string category;  ///< of categories.hpp
    FindingSeverity severity = FindingSeverity::medium;
    Blocks blocks = Blocks::never;
    std::vector<std::string> subjects;  ///< kinds
    Condition when;                     ///< empty: always
    Condition pass;
    Confidence confidence = Confidence::certain;
    RuleText text;
};

struct RulePack {
    std::vector<Rule> rules;               ///< by id
    std::vector<documents::Tree> sources;  ///< their conditions point into these
    std::string digest;                    ///< of the texts it was read from
    Diagnostics diagnostics;

    const Rule* find(std::string_view id) const;
};

struct RuleFile {
    std::string name;
    std::string text;
    Patterns patterns = Patterns::to_be_tried;
};

/// What is compiled in.
std::vector<RuleFile> own_rule_files();
/// A rule with a mistake is left out, and the mistake is said.
RulePack read_rules(const std::vector<RuleFile>& files);

}  // namespace deployctl::readiness
