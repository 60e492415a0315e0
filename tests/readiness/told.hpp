// SPDX-License-Identifier: Apache-2.0
// For tests: beside files, what a cluster or the journal has told.
#pragma once

#include "readiness/inputs/yaml_language.hpp"
#include "readiness/journal_facts.hpp"
#include "readiness/live_events.hpp"
#include "tests/readiness/assessing.hpp"

#include <memory>
#include <string>
#include <utility>

namespace deployctl::readiness {

/// "live/events", "live/journal", "live/deployments"; all else is a file of the repository.
inline AssessedFile file_of(const std::string& path, const std::string& text) {
    if (!path.starts_with("live/") || path.find_first_of("./", 5) != path.npos) {
        return read_file(path, text);
    }
    AssessedFile file;
    file.tree = yaml_language().read(text).tree;
    file.path = path;
    file.kind = path == events_path    ? events_kind
                : path == journal_path ? journal_kind
                                       : "kubernetes";
    file.rendering = live_rendering;
    return file;
}

inline Assessment assess_told(
    const Texts& texts, std::shared_ptr<const RulePack> pack, Settings settings
) {
    auto facts = std::make_shared<Facts>(std::move(settings));
    for (const auto& [path, text] : texts) {
        facts->add(file_of(path, text));
    }
    gather_subjects(*facts);
    auto assessment = ask_rules(facts, std::move(pack));
    count_points(assessment);
    return assessment;
}

}  // namespace deployctl::readiness
