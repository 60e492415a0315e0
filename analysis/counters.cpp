// SPDX-License-Identifier: Apache-2.0
#include "analysis/counters.hpp"

#include <cmath>
#include <utility>

namespace deployctl::analysis {

double increase(double before, double now) {
    return now < before ? now : now - before;
}

bool is_sound_reading(double reading) {
    return std::isfinite(reading) && reading >= 0;
}

double Increases::total() const {
    double sum = 0;
    for (const auto& [pod, gained] : by_pod) {
        sum += gained;
    }
    return sum;
}

CounterBook CounterBook::resumed(Readings last) {
    CounterBook book;
    book.last_ = std::move(last);
    return book;
}

Increases CounterBook::take(const Readings& readings) {
    Increases found;
    for (const auto& [pod, before] : last_) {
        if (!readings.contains(pod)) {
            found.missing.push_back(pod);
        }
    }
    for (const auto& [pod, now] : readings) {
        if (!is_sound_reading(now)) {
            found.unsound.push_back(pod);
            continue;
        }
        const auto [place, is_first] = last_.try_emplace(pod, now);
        if (is_first) {
            found.started.push_back(pod);
            continue;
        }
        if (now < place->second) {
            found.reset.push_back(pod);
        }
        found.by_pod[pod] = increase(place->second, now);
        place->second = now;
    }
    return found;
}

}  // namespace deployctl::analysis
