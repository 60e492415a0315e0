// SPDX-License-Identifier: Apache-2.0
// The configuration that is meant: the file that was named, or deploy.yaml where there is one.
// Throws ConfigError with every mistake in it, Error{usage} where the named file is not there.
#pragma once

#include "cli/globals.hpp"
#include "config/configuration.hpp"
#include "model/settings.hpp"

#include <optional>
#include <string>

namespace deployctl::cli {

/// Empty where none was named and there is no deploy.yaml.
std::string deploy_file(const Place& place);
/// With its mistakes. Throws Error{usage} where there is no file.
config::Loaded load_deploy_file(const Place& place);
/// Nothing where there is no file.
std::optional<Configuration> read_deploy_file(const Place& place);
/// Throws Error{usage} where there is no file.
Configuration need_deploy_file(const Place& place);
/// Throws Error{usage} where it is of a group, and has no app that could be brought out.
void need_app(const Configuration& configuration, const Place& place);

}  // namespace deployctl::cli
