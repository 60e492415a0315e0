// SPDX-License-Identifier: Apache-2.0
// All questions that are code: one line a file of checks.
#include "readiness/check.hpp"

#include <initializer_list>
#include <vector>

namespace deployctl::readiness {

namespace {

std::vector<NamedCheck> joined(std::initializer_list<std::span<const NamedCheck>> tables) {
    std::vector<NamedCheck> all;
    for (const auto table : tables) {
        all.insert(all.end(), table.begin(), table.end());
    }
    return all;
}

}  // namespace

std::span<const NamedCheck> all_checks() {
    static const auto all = joined({});
    return all;
}

}  // namespace deployctl::readiness
