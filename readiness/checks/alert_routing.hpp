// SPDX-License-Identifier: Apache-2.0
// Questions about the way from an alert to a person: Alertmanager's routes and receivers.
#pragma once

#include "readiness/check.hpp"

namespace deployctl::readiness {

std::span<const NamedCheck> alert_routing_checks();

}  // namespace deployctl::readiness
