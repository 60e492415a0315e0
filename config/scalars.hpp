// SPDX-License-Identifier: Apache-2.0
// One scalar of deploy.yaml, held against the type of its key. Pure; any thread.
#pragma once

#include "config/keys.hpp"
#include "documents/yaml.hpp"
#include "model/value.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace deployctl::config {

struct Wrong {
    const char* code = "C1011";
    std::string message;
    std::string note;
    std::string help;
};

struct ScalarReading {
    Value value;
    std::optional<Wrong> wrong;
};

/// Durations, choices and percents stay text; numbers and flags become such.
ScalarReading read_scalar(const Key& key, const documents::YamlNode& node);
/// "a duration such as `30s`".
std::string describe_type(const Key& key);
/// What is wrong with a name of Kubernetes, or nothing.
std::optional<Wrong> check_label(std::string_view name);
std::optional<Wrong> check_object_name(std::string_view name);
/// What is wrong with a name in a map of headers or queries, or nothing.
std::optional<Wrong> check_name_of_text(const Key& key, std::string_view name);
/// Registry and path, without tag or digest.
std::optional<Wrong> check_image_name(std::string_view name);
/// The nearest name that is one, "app" where no letter is usable.
std::string as_label(std::string_view name);
/// The regular expression that the JSON Schema gives for such a text, or for the names of a map of
/// texts; "" where any text goes.
std::string_view pattern_of(KeyType type);
std::size_t longest_text_of(KeyType type);

}  // namespace deployctl::config
