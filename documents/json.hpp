// SPDX-License-Identifier: Apache-2.0
// JSON to Value and back. Pure; any thread. The text written is canonical: keys sorted, no spaces,
// so equal values have equal text and equal digests. Reading fails with Error (what, at which
// byte); depth is limited. A whole number that 64 bits with a sign cannot hold is read as a real
// one.
#pragma once

#include "model/value.hpp"

#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace deployctl::documents {

/// Throws Error{usage} where `text` is no JSON or is nested deeper than 200.
Value read_json(std::string_view text);
/// Nothing where `text` is no JSON.
std::optional<Value> try_read_json(std::string_view text);
/// The same, where nothing is made of the member at `pointer`, which leads through maps.
std::optional<Value> try_read_json_without(std::string_view pointer, std::string_view text);

/// Of a large text only what is wanted: members of other names are walked over, wherever they are.
struct WantedMembers {
    std::set<std::string, std::less<>> names;
    std::size_t most_values = 0;  ///< of more than these nothing is made, so that memory is bounded
};

std::optional<Value> try_read_json_only(const WantedMembers& wanted, std::string_view text);
std::string write_json(const Value& value);
/// Two spaces of indent, for people.
std::string write_json_indented(const Value& value);

/// Lower-case hexadecimal SHA-256.
std::string sha256_hex(std::string_view bytes);

}  // namespace deployctl::documents
