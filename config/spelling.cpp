// SPDX-License-Identifier: Apache-2.0
#include "config/spelling.hpp"

#include <algorithm>
#include <cctype>
#include <ranges>

namespace deployctl::config {

namespace {

constexpr std::size_t longest_word = 64;
constexpr std::size_t most_words = 200;

bool same_letter(char one, char other) {
    const auto plain = [](char c) {
        return c == '-' ? '_' : std::tolower(static_cast<unsigned char>(c));
    };
    return plain(one) == plain(other);
}

/// Letters put in, left out, changed, or two of them swapped.
std::size_t distance(std::string_view from, std::string_view to) {
    std::vector<std::vector<std::size_t>> cost(
        from.size() + 1, std::vector<std::size_t>(to.size() + 1)
    );
    for (std::size_t i = 0; i <= from.size(); ++i) {
        for (std::size_t j = 0; j <= to.size(); ++j) {
            if (i == 0 || j == 0) {
                cost[i][j] = i + j;
                continue;
            }
            const std::size_t change = same_letter(from[i - 1], to[j - 1]) ? 0 : 1;
            cost[i][j] =
                std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + change});
            if (i > 1 && j > 1 && same_letter(from[i - 1], to[j - 2]) &&
                same_letter(from[i - 2], to[j - 1])) {
                cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
            }
        }
    }
    return cost[from.size()][to.size()];
}

}  // namespace

std::optional<std::string_view> closest(
    std::string_view word, const std::vector<std::string_view>& known
) {
    if (word.size() > longest_word) {
        return std::nullopt;
    }
    std::optional<std::string_view> best;
    auto least = std::max<std::size_t>(1, (word.size() + 1) / 3) + 1;
    for (const auto one : known | std::views::take(most_words)) {
        if (const auto far = distance(word, one); far < least) {
            least = far;
            best = one;
        }
    }
    return best;
}

}  // namespace deployctl::config
