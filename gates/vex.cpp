// SPDX-License-Identifier: Apache-2.0
#include "gates/vex.hpp"

#include "documents/json.hpp"

#include <algorithm>
#include <map>

namespace deployctl::gates {

namespace {

constexpr std::string_view cyclonedx = "CycloneDX";
constexpr std::string_view open_vex = "https://openvex.dev/";

Excuses excused_by(const std::vector<VexStatement>& statements) {
    std::map<std::string, std::map<std::string, bool>> by_name;
    for (const auto& statement : statements) {
        for (const auto& name : statement.names) {
            by_name[name][statement.products] = statement.is_excused;
        }
    }
    Excuses excuses;
    for (const auto& [name, products] : by_name) {
        if (std::ranges::all_of(products, [](const auto& product) { return product.second; })) {
            excuses.ids.insert(name);
        }
    }
    excuses.ids.erase("");
    return excuses;
}

}  // namespace

Excuses read_vex(std::string_view text) {
    const auto document = documents::try_read_json(text);
    if (!document) {
        return {{}, "it is no whole JSON, or nested too deeply"};
    }
    if (document->view("/bomFormat") == cyclonedx && document->at("/vulnerabilities").is_array()) {
        return excused_by(read_cyclonedx_vex(*document));
    }
    if (document->view("/@context").starts_with(open_vex) &&
        document->at("/statements").is_array()) {
        return excused_by(read_open_vex(*document));
    }
    return {{}, "it is neither CycloneDX with vulnerabilities nor OpenVEX"};
}

}  // namespace deployctl::gates
