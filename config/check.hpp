// SPDX-License-Identifier: Apache-2.0
// The tree of deploy.yaml held against the table of keys: what is left has only known keys and
// values of the right type, in one form (an image is a map, one name is a list). Wrong values are
// left out and reported. Pure.
#pragma once

#include "config/report.hpp"
#include "documents/yaml.hpp"
#include "model/value.hpp"

namespace deployctl::config {

Value check_keys(const documents::YamlNode& root, Report& report);

}  // namespace deployctl::config
