// SPDX-License-Identifier: Apache-2.0
// `assess.yaml` to settings (docs/formats/assess-settings.md): every mistake at once, each with
// file, line and column. A key that is not known is a mistake; what is wrong is left out, so that
// nothing is taken for what it is not. Text from strangers; pure; any thread.
#pragma once

#include "model/diagnostics.hpp"
#include "readiness/settings.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace deployctl::readiness {

struct LoadedSettings {
    Settings settings;
    std::vector<std::string> rule_files;  ///< of the team's own, from the folder of the file
    Diagnostics diagnostics;
};

LoadedSettings read_settings(std::string_view text, const std::string& file);

}  // namespace deployctl::readiness
