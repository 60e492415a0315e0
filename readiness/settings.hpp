// SPDX-License-Identifier: Apache-2.0
// What a team says about its assessments (docs/formats/assess-settings.md). Values.
#pragma once

#include "model/time.hpp"

#include <map>
#include <string>
#include <vector>

namespace deployctl::readiness {

/// "This is known, and accepted until then."
struct Waiver {
    std::string rule;
    std::string object;  ///< a subject's path, or a part of it that ends at a "/"; empty: every one
    std::string reason;
    std::string owner;
    std::string expires;  ///< "2026-12-31"; not to be read as a date: it has expired
};

struct Settings {
    std::string environment;              ///< of -e; empty: all
    std::string kubernetes_version;       ///< "1.32"; empty: the newest known
    std::vector<std::string> registries;  ///< images may come from; empty: from anywhere
    std::vector<std::string> exclude;     ///< folders and files that are not looked at
    std::map<std::string, int> weights;   ///< of categories; empty: those of categories.hpp
    std::vector<Waiver> waivers;
    int least_checks = 20;  ///< fewer that were asked say nothing of a service
    int minimum = 80;       ///< of the score's low end, for "ready"
};

}  // namespace deployctl::readiness
