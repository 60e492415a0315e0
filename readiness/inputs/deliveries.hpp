// SPDX-License-Identifier: Apache-2.0
// Which commands bring a version to where people use it. What is only said, compared or looked for
// does not, nor what goes to a cluster that a test has begun for itself. Pure; any thread.
#pragma once

#include "documents/script.hpp"

#include <span>
#include <string_view>

namespace deployctl::readiness {

bool runs_delivery(std::string_view line);
/// One of its lines does, and it is not for a test.
bool delivers(std::string_view script);

/// kind, k3d or minikube, by a command or by an action of GitHub.
bool begins_test_cluster(std::string_view text);
/// Some other cluster than the one that is current.
bool names_cluster(std::string_view text);
/// They begin a cluster of their own, and name no other.
bool are_for_a_test(std::span<const documents::ScriptLine> lines);

}  // namespace deployctl::readiness
