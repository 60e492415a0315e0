// SPDX-License-Identifier: Apache-2.0
// `${app}` and `${env}` in the texts of deploy.yaml: a closed list of names, no language. Pure; any
// thread.
#pragma once

#include "config/report.hpp"
#include "documents/yaml.hpp"
#include "model/settings.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace deployctl::config {

/// The text with the names filled in.
std::string fill_in(std::string_view text, const AppSettings& app, const Environment& environment);
/// The first `${...}` that is not on the list, as it stands; "" where there is none.
std::string unknown_name_in(std::string_view text);

/// Of a gate's text, whose names are filled in for each question: one that stands for nothing would
/// be looked for as it stands, in the middle of a rollout.
void check_names(const documents::YamlEntry& gate, const char* key, Report& report);

/// "app", "env": names of a kind of text.
using PlaceholderNames = std::vector<std::string_view>;
/// Of the texts of what a release does beside its pods, by when they are filled in.
PlaceholderNames names_of_environment();  ///< known without a version
PlaceholderNames names_of_release();      ///< and with one
PlaceholderNames names_of_failover();     ///< `drill` is "true" or "false"
/// Of a text, or of each in a list: no other than these.
void check_placeholders(
    const documents::YamlNode& text,
    const PlaceholderNames& known,
    const std::string& docs,
    Report& report
);

}  // namespace deployctl::config
