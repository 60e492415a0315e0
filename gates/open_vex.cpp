// SPDX-License-Identifier: Apache-2.0
// OpenVEX 0.0 and 0.2: `statements`, whose vulnerability is a text or a map with a name.
#include "documents/json.hpp"
#include "gates/vex.hpp"

#include <algorithm>
#include <array>

namespace deployctl::gates {

namespace {

std::vector<std::string> names_of(const Value& vulnerability) {
    if (vulnerability.is_string()) {
        return {vulnerability.text("")};
    }
    auto names = read_lines(vulnerability.at("/aliases"));
    names.push_back(vulnerability.text("/name", vulnerability.text("/@id")));
    return names;
}

}  // namespace

std::vector<VexStatement> read_open_vex(const Value& document) {
    constexpr std::array<std::string_view, 2> excuses{"not_affected", "fixed"};
    std::vector<VexStatement> statements;
    for (const auto& statement : document.items("/statements")) {
        statements.push_back({
            names_of(statement.at("/vulnerability")),
            documents::write_json(statement.at("/products")),
            std::ranges::count(excuses, statement.view("/status")) > 0,
        });
    }
    return statements;
}

}  // namespace deployctl::gates
