// SPDX-License-Identifier: Apache-2.0
// What one pod asks for, as the scheduler and a quota count it: containers together, init
// containers one after the other before them, beside those that stay; a request that is not said is
// its limit; what the pod says of itself as a whole comes first. Pure; any thread.
#pragma once

#include "model/value.hpp"

#include <map>
#include <string>

namespace deployctl::gates {

using Amounts = std::map<std::string, double>;

struct PodNeeds {
    Amounts requests;  ///< "cpu", in cores; "memory", in bytes
    Amounts limits;
    std::string trouble = {};  ///< a quantity that nobody can read
};

PodNeeds needs_of(const Value& pod_spec);

/// Nothing asked for is 0.
double amount_of(const Amounts& amounts, const std::string& resource);
/// "0.5" of cores, "128Mi" of bytes.
std::string amount_text(const std::string& resource, double amount);

}  // namespace deployctl::gates
