// SPDX-License-Identifier: Apache-2.0
#include "cli/suggestion.hpp"

#include <algorithm>

namespace deployctl::cli {

int edit_distance(std::string_view left, std::string_view right) {
    const auto columns = right.size() + 1;
    std::vector<std::vector<int>> cost(left.size() + 1, std::vector<int>(columns));
    for (std::size_t row = 0; row <= left.size(); ++row) {
        cost[row][0] = static_cast<int>(row);
    }
    for (std::size_t column = 0; column < columns; ++column) {
        cost[0][column] = static_cast<int>(column);
    }
    for (std::size_t row = 1; row <= left.size(); ++row) {
        for (std::size_t column = 1; column < columns; ++column) {
            const int change = left[row - 1] == right[column - 1] ? 0 : 1;
            auto& here = cost[row][column];
            here = std::min(
                {cost[row - 1][column] + 1,
                 cost[row][column - 1] + 1,
                 cost[row - 1][column - 1] + change}
            );
            const bool is_swap = row > 1 && column > 1 && left[row - 1] == right[column - 2] &&
                                 left[row - 2] == right[column - 1];
            if (is_swap) {
                here = std::min(here, cost[row - 2][column - 2] + 1);
            }
        }
    }
    return cost.back().back();
}

std::string closest(std::string_view word, const std::vector<std::string>& known) {
    std::string best;
    int best_distance = 0;
    for (const auto& candidate : known) {
        const auto distance = edit_distance(word, candidate);
        const auto most = std::max<int>(1, static_cast<int>(candidate.size()) / 3);
        if (distance <= most && (best.empty() || distance < best_distance)) {
            best = candidate;
            best_distance = distance;
        }
    }
    return best;
}

}  // namespace deployctl::cli
