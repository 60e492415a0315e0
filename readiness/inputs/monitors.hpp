// SPDX-License-Identifier: Apache-2.0
// Which ServiceMonitors and PodMonitors look at which Services and pods, found once by an index of
// labels and namespaces. One thread; after Kubernetes' own objects have been gathered.
#pragma once

#include "readiness/facts.hpp"

namespace deployctl::readiness {

/// Names of what `Facts::related` answers.
namespace relation {
inline constexpr std::string_view monitored = "monitored";  ///< of a monitor
inline constexpr std::string_view monitors = "monitors";    ///< of a Service, a pod
inline constexpr std::string_view near = "near";  ///< of a monitor: one that it could look at
}  // namespace relation

void relate_monitors(Facts& facts);

}  // namespace deployctl::readiness
