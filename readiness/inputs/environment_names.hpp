// SPDX-License-Identifier: Apache-2.0
// Which environment a name or a path speaks of. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace deployctl::readiness {

enum class EnvironmentRole { development, test, staging, production, recovery, other };

/// "prod" is "production", "stg" is "staging"; of what is no environment's name, the name itself.
std::string environment_name(std::string_view name);
/// Also of "production-eu"; `other` where the name says nothing.
EnvironmentRole environment_role(std::string_view name);
std::string_view name_of(EnvironmentRole role);
/// Of "overlays/prod/web.yaml", "values-staging.yaml", ".env.production"; empty where the path
/// speaks of none: a folder `test` holds tests.
std::string environment_of_path(std::string_view path);
/// Of a folder or a file of values that is rendered: by its own name, not by those it lies in.
std::string environment_of_rendering(std::string_view path);

}  // namespace deployctl::readiness
