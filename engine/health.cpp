// SPDX-License-Identifier: Apache-2.0
#include "engine/health.hpp"

namespace deployctl::engine {

namespace {

constexpr Duration forget_after = seconds(30);

}  // namespace

std::vector<Symptom> Confirmations::confirm(const std::vector<Symptom>& symptoms, BootTime now) {
    std::vector<Symptom> confirmed;
    for (const auto& symptom : symptoms) {
        auto& seen = seen_.try_emplace(symptom.key(), Seen{now, now}).first->second;
        if (now - seen.last > forget_after) {
            seen.first = now;
        }
        seen.last = now;
        if (now - seen.first >= symptom.confirm) {
            confirmed.push_back(symptom);
        }
    }
    return confirmed;
}

}  // namespace deployctl::engine
