// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/world_ranges.hpp"

#include "readiness/checks/terraform_relations.hpp"

#include <re2/re2.h>

namespace deployctl::readiness {

namespace {

using documents::Node;

/// Whatever range a network of one's own has, it is not the world.
bool is_own_network(std::string_view expression) {
    static const RE2 pattern(
        "(data\\.)?aws_(default_)?(subnet|vpc)\\w*\\.[\\w.\\[\\]*\"-]*cidr_blocks?|"
        "(data\\.)?google_compute_subnetwork\\.[\\w.\\[\\]*\"-]*ip_cidr_range"
    );
    return RE2::FullMatch(re2::StringPiece(expression.data(), expression.size()), pattern);
}

}  // namespace

Truth is_world(const Node& ranges) {
    if (ranges.is_unknown()) {
        return is_own_network(ranges.text) ? Truth::no : Truth::unknown;
    }
    // Halves of the world are written to get past whoever looks for all of it.
    const bool is_wide = ranges.text.ends_with("/0") || ranges.text.ends_with("/1");
    if (!ranges.is_list()) {
        return is_wide ? Truth::yes : Truth::no;
    }
    Truth any = Truth::no;
    for (const auto& item : ranges.items) {
        any = either(any, is_world(item));
    }
    return any;
}

}  // namespace deployctl::readiness
