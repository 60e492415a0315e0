// SPDX-License-Identifier: Apache-2.0
#include "config/placeholders.hpp"

#include "model/placeholders.hpp"

#include <algorithm>
#include <array>

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

void check_names(const documents::YamlEntry& gate, const char* key, Report& report) {
    constexpr std::array<std::string_view, 6> known{
        "${app}", "${env}", "${namespace}", "${version}", "${previous_version}", "${image}"
    };
    const auto* entry = gate.value.find(key);
    if (entry == nullptr) {
        return;
    }
    for (const auto& name : placeholders_in(entry->value.text)) {
        if (std::ranges::count(known, name) > 0) {
            continue;
        }
        auto& wrong = report.add("C1070", name + " stands for nothing", entry->value.place);
        wrong.note = "known here: ${app}, ${env}, ${namespace}, ${version}, ${previous_version}";
        wrong.help = "write one of them, or the text itself";
        wrong.docs = std::string("gates.") + key;
    }
}

}  // namespace deployctl::config
