// SPDX-License-Identifier: Apache-2.0
// What a saved plan says (`show -json`), as a list of changes: which addresses, which attributes,
// never a value. A change also has a fingerprint of what is to be, made without any value that is
// marked sensitive, so that a plan can be told from another one that only looks alike. Pure.
#pragma once

#include "model/value.hpp"
#include "plugins/terraform/fingerprint.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl::plugins::terraform {

enum class ChangeKind { none, create, update, remove, replace, read, forget };

/// What stands as the type of an output.
inline constexpr std::string_view output_type = "output";

struct StackChange {
    ChangeKind kind{};
    std::string address;                  ///< "aws_db_instance.main"; of an output "output.url"
    std::string type;                     ///< "aws_db_instance"; of an output "output"
    std::vector<std::string> attributes;  ///< of an update or a replacement
    WantedValue wanted;                   ///< what its fingerprint is made of
    bool is_stateful = false;             ///< what is in it is gone with it
    bool is_deposed = false;              ///< the old one, of which a new one already stands
};

struct StackPlan {
    std::vector<StackChange> changes;  ///< without what only reads; by address
    std::vector<StackChange> drift;    ///< what others have changed since the last apply
    bool is_summary = false;           ///< so large that attributes were not looked at

    bool has_changes() const { return !changes.empty(); }
};

/// Nothing where it is not what `show -json` prints.
std::optional<StackPlan> read_plan(std::string_view json);

const char* sign_of(ChangeKind kind);
/// "~ aws_db_instance.main: instance_class [1f3ac2d4]"
std::string to_text(const StackChange& change);
/// Sorted, so that two plans compare.
std::vector<std::string> lines_of(const std::vector<StackChange>& changes);
/// "~ a.b: input [1f3ac2d4]" to "~ a.b: input", for people.
std::string without_fingerprint(std::string_view line);
/// "1f3ac2d4" of such a line; empty where it has none.
std::string fingerprint_in(std::string_view line);
/// "a.b" of such a line.
std::string address_of(std::string_view line);
/// Addresses that are destroyed or replaced.
std::vector<std::string> destroys_of(const std::vector<StackChange>& changes);
/// Databases, volumes, buckets and the like: their content is lost with them.
bool is_stateful(std::string_view type);
/// "1 to add, 2 to change, 0 to destroy"
std::string counts_of(const std::vector<StackChange>& changes);

}  // namespace deployctl::plugins::terraform
