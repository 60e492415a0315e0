// SPDX-License-Identifier: Apache-2.0
#include "config/outside_semantics.hpp"

#include "model/placeholders.hpp"

#include <algorithm>
#include <array>

namespace deployctl::config {

namespace {

using documents::YamlEntry;
using documents::YamlNode;

class OutsideMeaning {
public:
    OutsideMeaning(const YamlEntry& gate, Report& report) : gate_(gate), report_(report) {}

    void operator()(const auto&) const {}

    void operator()(const AlertsQuestion& alerts) const {
        if (alerts.labels.empty()) {
            auto& wrong = report_.add(
                "C1062", "gate `" + gate_.key + "` names no label of an alert", gate_.place
            );
            wrong.note = "every alert of every service would fail it";
            wrong.help = "write `labels: {service: \"${app}\"}`";
            wrong.docs = "gates.labels";
        }
        if (const auto* labels = gate_.value.find("labels")) {
            for (const auto& label : labels->value.entries) {
                check_names_in(label.value, "gates.labels");
            }
        }
    }

private:
    /// What stands for nothing would match nothing.
    void check_names_in(const YamlNode& text, const char* docs) const {
        constexpr std::array known{
            "${app}", "${env}", "${namespace}", "${version}", "${previous_version}", "${image}"
        };
        for (const auto& name : placeholders_in(text.text)) {
            if (std::ranges::count(known, name) == 0) {
                auto& wrong = report_.add("C1030", name + " stands for nothing", text.place);
                wrong.note = "known here: ${app}, ${env}, ${namespace}, ${version}, …";
                wrong.help = "write one of them, or the text itself";
                wrong.docs = docs;
            }
        }
    }

    const YamlEntry& gate_;
    Report& report_;
};

}  // namespace

void check_outside(const YamlEntry& entry, const GateQuestion& question, Report& report) {
    std::visit(OutsideMeaning(entry, report), question);
}

}  // namespace deployctl::config
