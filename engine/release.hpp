// SPDX-License-Identifier: Apache-2.0
// What a release changes in the pod template, and how people are told. Pure.
#pragma once

#include "model/image.hpp"
#include "model/value.hpp"

#include <string>
#include <vector>

namespace deployctl::engine {

/// "/spec/containers/1" of the container by that name; empty where there is none.
std::string container_pointer(const Value& pod_template, std::string_view container);
std::vector<std::string> container_names(const Value& pod_template);
/// The first port of the container, of the first one where none is named; 80 where it has none.
int first_port(const Value& pod_template, std::string_view container);
/// The container is one of the template's, else std::logic_error; nothing else changes.
Value with_image(Value pod_template, std::string_view container, const ImageRef& image);
/// One line a difference: `image v1 -> v2`, `env DB_POOL_MAX "20" -> "60"`. Images, resources,
/// numbers, booleans and durations are shown; anything else may be a secret, and so may an
/// argument, or a number whose name says so: that it changed is all that is told.
std::vector<std::string> describe_changes(const Value& before, const Value& after);

}  // namespace deployctl::engine
