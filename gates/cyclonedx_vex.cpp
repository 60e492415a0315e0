// SPDX-License-Identifier: Apache-2.0
// CycloneDX, in JSON: `vulnerabilities`, each with the state of its analysis.
#include "documents/json.hpp"
#include "gates/vex.hpp"

#include <algorithm>
#include <array>

namespace deployctl::gates {

std::vector<VexStatement> read_cyclonedx_vex(const Value& document) {
    constexpr std::array<std::string_view, 4> excuses{
        "not_affected", "false_positive", "resolved", "resolved_with_pedigree"
    };
    std::vector<VexStatement> statements;
    for (const auto& vulnerability : document.items("/vulnerabilities")) {
        VexStatement statement;
        statement.names.push_back(vulnerability.text("/id"));
        statement.products = documents::write_json(vulnerability.at("/affects"));
        statement.is_excused =
            std::ranges::count(excuses, vulnerability.view("/analysis/state")) > 0;
        statements.push_back(std::move(statement));
    }
    return statements;
}

}  // namespace deployctl::gates
