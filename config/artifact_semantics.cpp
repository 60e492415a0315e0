// SPDX-License-Identifier: Apache-2.0
#include "config/artifact_semantics.hpp"

#include "model/placeholders.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace deployctl::config {

namespace {

using documents::YamlEntry;

/// A name that stands for nothing would be looked for as it stands, in the middle of a rollout.
void check_names(const YamlEntry& gate, const char* key, Report& report) {
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

struct ArtifactCheck {
    const YamlEntry& gate;
    Report& report;

    void operator()(const auto&) const {}

    void operator()(const ScanQuestion&) const {
        check_names(gate, "file", report);
        check_names(gate, "vex", report);
    }
};

}  // namespace

void check_artifact_gate(const YamlEntry& entry, const GateQuestion& question, Report& report) {
    std::visit(ArtifactCheck{entry, report}, question);
}

}  // namespace deployctl::config
