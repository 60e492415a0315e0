// SPDX-License-Identifier: Apache-2.0
// What a planned change is known by: a hash of what is to be, and beside it the attributes that
// nobody knew yet. Terraform learns them as it applies (an id, and all that is made of it), so the
// plan of the rest knows more than the one that was agreed to: it is another one only where it
// differs in what was known. Pure.
#pragma once

#include "model/value.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace deployctl::plugins::terraform {

struct WantedValue {
    Value after;                       ///< "(sensitive)" where something is marked as sensitive
    std::vector<std::string> unknown;  ///< JSON Pointers into it, up to the first list; "": all
};

/// `change` is a member `change` of what `show -json` prints.
WantedValue wanted_value(const Value& change);
/// "1f3ac2d4", or "1f3ac2d4?/id,/output" where something is not known yet.
std::string fingerprint_of(const WantedValue& wanted);
/// Whether it is what had that fingerprint, or the same with more of it known.
bool is_still(std::string_view fingerprint, const WantedValue& wanted);

}  // namespace deployctl::plugins::terraform
