// SPDX-License-Identifier: Apache-2.0
// Since when each symptom is there: a confirm window keeps a passing trouble from being taken for
// the version's. One a run; engine's thread.
#pragma once

#include "model/kubernetes/symptoms.hpp"
#include "model/time.hpp"

#include <map>
#include <string>
#include <vector>

namespace deployctl::engine {

/// A symptom that is away for less than 30 s has not gone: a crash loop that gets ready between two
/// crashes stays one.
class Confirmations {
public:
    /// The symptoms that have lasted long enough, in order.
    std::vector<Symptom> confirm(const std::vector<Symptom>& symptoms, BootTime now);

private:
    struct Seen {
        BootTime first;
        BootTime last;
    };

    std::map<std::string, Seen> seen_;
};

}  // namespace deployctl::engine
