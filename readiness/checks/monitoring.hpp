// SPDX-License-Identifier: Apache-2.0
// Questions about monitoring as a whole: who is scraped, what is watched, do dashboards ask what
// can be asked.
#pragma once

#include "readiness/check.hpp"

namespace deployctl::readiness {

std::span<const NamedCheck> monitoring_checks();
std::span<const NamedCheck> scraping_checks();

}  // namespace deployctl::readiness
