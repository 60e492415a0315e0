// SPDX-License-Identifier: Apache-2.0
// Vulnerabilities that do not count, by a CycloneDX VEX or an OpenVEX document. It is taken for one
// about this image; what it says of other products than the package in question counts against it:
// a vulnerability is excused where each product named with it is not affected, by the last word
// about that product. Pure; any thread.
#pragma once

#include "model/value.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl::gates {

struct Excuses {
    std::set<std::string, std::less<>> ids = {};
    std::string trouble = {};  ///< why it cannot be read
};

Excuses read_vex(std::string_view text);

/// One word about one vulnerability.
struct VexStatement {
    std::vector<std::string> names;  ///< its id, and what others call it
    std::string products;            ///< as they stand
    bool is_excused = false;
};

/// Of one format each, in order.
std::vector<VexStatement> read_cyclonedx_vex(const Value& document);
std::vector<VexStatement> read_open_vex(const Value& document);

}  // namespace deployctl::gates
