// SPDX-License-Identifier: Apache-2.0
// What an answer of Prometheus' HTTP API means. Pure. Nothing of it is believed: what is not as it
// should be is a failure that says so, and strangers' words are made printable.
#pragma once

#include "model/metrics.hpp"
#include "ports/http.hpp"

namespace deployctl::plugins {

inline constexpr std::size_t most_series = 10'000;

/// `source` is for what to do where it does not let us ask.
MetricAnswer read_answer(const HttpAnswer& answer, const MetricsSource& source);

}  // namespace deployctl::plugins
