// SPDX-License-Identifier: Apache-2.0
// Where something stands in a deploy.yaml, and whether names in it are those of something that it
// defines. Pure; the file must outlive what is found in it.
#pragma once

#include "config/report.hpp"
#include "documents/yaml.hpp"

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl::config {

/// The entry at the end of the path, or nothing.
const documents::YamlEntry* entry_at(
    const documents::YamlNode& root, std::initializer_list<std::string_view> path
);
/// Those of the map there; none where there is none.
const std::vector<documents::YamlEntry>& entries_at(
    const documents::YamlNode& root, std::initializer_list<std::string_view> path
);
/// Those of the list there; none where there is none.
const std::vector<documents::YamlNode>& items_at(
    const documents::YamlNode& root, std::initializer_list<std::string_view> path
);

template <class Named>
std::vector<std::string_view> names_of(const std::map<std::string, Named>& all) {
    std::vector<std::string_view> names;
    for (const auto& [name, one] : all) {
        names.push_back(name);
    }
    return names;
}

/// What a name has to be one of.
struct Known {
    const char* code;                     ///< of the mistake that it is not
    std::string what;                     ///< "environment"
    std::string where;                    ///< that defines them: "environments"
    std::vector<std::string_view> names;  ///< sorted: there may be very many
};

/// A text that is none of them is a mistake.
void check_known(
    const documents::YamlNode& name, const Known& known, const std::string& docs, Report& report
);
/// Of a list: each is known, and none stands in it twice.
void check_known_list(
    const documents::YamlNode& list, const Known& known, const std::string& docs, Report& report
);
/// Of a list that stands for all where it is left out: it is not empty.
void check_not_empty(const documents::YamlEntry& list, const std::string& docs, Report& report);

}  // namespace deployctl::config
