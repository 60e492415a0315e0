// SPDX-License-Identifier: Apache-2.0
#include "config/placeholders.hpp"

#include "model/placeholders.hpp"
#include "model/text.hpp"

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

PlaceholderNames names_of_environment() {
    return {"app", "env", "namespace"};
}

PlaceholderNames names_of_release() {
    return {"app", "env", "namespace", "version", "digest", "image", "previous_image"};
}

PlaceholderNames names_of_failover() {
    return {
        "app",
        "env",
        "context",
        "namespace",
        "version",
        "digest",
        "from",
        "to",
        "drill",
    };
}

void check_placeholders(
    const documents::YamlNode& text,
    const PlaceholderNames& known,
    const std::string& docs,
    Report& report
) {
    for (const auto& item : text.items) {
        check_placeholders(item, known, docs, report);
    }
    std::vector<std::string> forms;
    for (const auto name : known) {
        forms.push_back("${" + std::string(name) + "}");
    }
    for (const auto& name : placeholders_in(text.text)) {
        if (std::ranges::count(forms, name) > 0) {
            continue;
        }
        auto& wrong = report.add("C1030", name + " stands for nothing", text.place);
        wrong.note =
            forms.empty() ? "no names are filled in here" : "known here: " + join(forms, ", ");
        wrong.help =
            forms.empty() ? "write the text itself" : "write one of them, or the text itself";
        wrong.docs = docs;
    }
}

}  // namespace deployctl::config
