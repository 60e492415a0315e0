// SPDX-License-Identifier: Apache-2.0
// Monitoring as subjects: `rule-file`, `alert` and `recording` of rule files and of PrometheusRule
// objects, `prometheus-config`, `alertmanager`, `dashboard`; also where they lie as texts in a
// ConfigMap or a Secret. Asked after Kubernetes' own objects have been gathered. One thread.
#pragma once

#include "readiness/input.hpp"

namespace deployctl::readiness {

std::span<const Input> prometheus_inputs();

}  // namespace deployctl::readiness
