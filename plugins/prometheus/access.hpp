// SPDX-License-Identifier: Apache-2.0
// As whom a metrics source is asked: the headers of its requests, from files that are read anew for
// each query, so that a token may be renewed while a rollout runs. Holds secrets: it goes into
// requests only, and what is told to people passes `without_secrets` first. A value; any thread.
#pragma once

#include "model/metrics.hpp"

#include <string>
#include <vector>

namespace deployctl::plugins {

struct PrometheusAccess {
    std::vector<std::string> headers;  ///< "Authorization: Bearer ..."
    std::vector<std::string> secrets;  ///< what of them must not be told
    std::string failure;               ///< what is missing, where it cannot be asked so
};

/// Also looks whether the files of TLS are there: libcurl says it only after it has tried.
PrometheusAccess read_access(const MetricsSource& source);
/// `***` wherever a secret stood.
std::string without_secrets(std::string text, const std::vector<std::string>& secrets);

}  // namespace deployctl::plugins
