// SPDX-License-Identifier: Apache-2.0
// Questions about single rules of Prometheus, and about files of them.
#pragma once

#include "readiness/check.hpp"

namespace deployctl::readiness {

std::span<const NamedCheck> alert_rule_checks();

}  // namespace deployctl::readiness
