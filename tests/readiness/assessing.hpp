// SPDX-License-Identifier: Apache-2.0
// For tests: files in a map, assessed.
#pragma once

#include "readiness/evaluation.hpp"
#include "readiness/recognition.hpp"

#include <map>
#include <memory>
#include <string>
#include <utility>

namespace deployctl::readiness {

using Texts = std::map<std::string, std::string>;

inline std::shared_ptr<const RulePack> own_rules() {
    static const auto pack = std::make_shared<const RulePack>(read_rules(own_rule_files()));
    return pack;
}

inline std::shared_ptr<const RulePack> rules_of(const std::string& text) {
    return std::make_shared<const RulePack>(read_rules({{"rules.yaml", text}}));
}

inline std::shared_ptr<const Facts> facts_of(const Texts& texts, Settings settings = {}) {
    auto facts = std::make_shared<Facts>(std::move(settings));
    for (const auto& [path, text] : texts) {
        facts->add(read_file(path, text));
    }
    gather_subjects(*facts);
    return facts;
}

inline Assessment assess(
    const Texts& texts, std::shared_ptr<const RulePack> pack, Settings settings = {}
) {
    auto assessment = ask_rules(facts_of(texts, std::move(settings)), std::move(pack));
    count_points(assessment);
    return assessment;
}

}  // namespace deployctl::readiness
