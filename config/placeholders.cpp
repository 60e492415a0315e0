// SPDX-License-Identifier: Apache-2.0
#include "config/placeholders.hpp"

#include "model/placeholders.hpp"

namespace deployctl::config {

std::string fill_in(std::string_view text, const AppSettings& app, const Environment& environment) {
    return deployctl::fill_in(text, {{"app", app.name}, {"env", environment.name}});
}

std::string unknown_name_in(std::string_view text) {
    for (const auto& name : placeholders_in(text)) {
        if (name != "${app}" && name != "${env}") {
            return name;
        }
    }
    return "";
}

}  // namespace deployctl::config
