// SPDX-License-Identifier: Apache-2.0
// Where a pod template reads ConfigMaps and Secrets, and what the immutable copies of them are
// called. Pure; any thread.
#pragma once

#include "model/kubernetes/object.hpp"
#include "model/plan.hpp"
#include "model/value.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl::engine {

/// The annotation by which a copy is told from what somebody else has made: what it is a copy of.
inline constexpr std::string_view copy_mark = "deployctl.dev/copy-of";

/// A variable, a set of variables, a volume or a source of a projected volume.
struct ConfigPlace {
    Kind kind{};          ///< config_map or secret
    std::string pointer;  ///< of the name, in the pod template
    std::string name;
};

/// In all containers and volumes.
std::vector<ConfigPlace> config_places(const Value& pod_template);

/// What else a reference shall name; what is not in it stays.
using NewNames = std::map<std::pair<Kind, std::string>, std::string>;
Value with_names(Value pod_template, const NewNames& names);

/// SHA-256 of what pods read of it: data and, of a Secret, its type.
std::string config_hash(const Value& object);
/// "web-config-0123456789": the name and the first ten digits of the hash.
std::string copy_name(std::string_view name, std::string_view hash);
/// The name of a copy of that object, by its form.
bool is_named_as_copy(std::string_view name, std::string_view of);
/// Made by deployctl of the object with that name, and nobody can have changed its data.
bool is_copy_of(const Value& object, std::string_view name);
/// The same data under a name of its own, immutable, with nobody else's labels.
Value make_copy(const Value& source, const Target& target, const std::string& name);

}  // namespace deployctl::engine
