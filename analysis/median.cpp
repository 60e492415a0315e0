// SPDX-License-Identifier: Apache-2.0
#include "analysis/median.hpp"

#include <algorithm>

namespace deployctl::analysis {

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    if (values.size() % 2 == 1) {
        return *middle;
    }
    const double below = *std::max_element(values.begin(), middle);
    return below + (*middle - below) / 2;
}

}  // namespace deployctl::analysis
