// SPDX-License-Identifier: Apache-2.0
#include "analysis/rank_sum.hpp"

#include "analysis/distributions.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>

namespace deployctl::analysis {

namespace {

using Series = std::vector<double>;

constexpr std::size_t most_exact = 50;
constexpr double infinity = std::numeric_limits<double>::infinity();

double size_of(const Series& series) {
    return static_cast<double>(series.size());
}

/// Doubles in their order, as whole numbers that can be halved between. Its own inverse.
std::int64_t in_order(std::int64_t bits) {
    return bits < 0 ? std::numeric_limits<std::int64_t>::min() - bits : bits;
}

std::int64_t key_of(double value) {
    return in_order(std::bit_cast<std::int64_t>(value));
}

double value_of(std::int64_t key) {
    return std::bit_cast<double>(in_order(key));
}

/// Pairs whose difference is at most `most`. Both series are sorted.
double count_differences(const Series& experiment, const Series& control, double most) {
    double count = 0;
    std::size_t below = 0;  // of the control: too small for this value of the experiment
    for (const auto value : experiment) {
        while (below < control.size() && value - control[below] > most) {
            ++below;
        }
        count += static_cast<double>(control.size() - below);
    }
    return count;
}

/// The difference of this rank, counted from 1, among all pairs.
double difference_of_rank(const Series& experiment, const Series& control, double rank) {
    auto low = key_of(experiment.front() - control.back());
    auto high = key_of(experiment.back() - control.front());
    while (low < high) {
        const auto middle = std::midpoint(low, high);  // the lower one of two
        if (count_differences(experiment, control, value_of(middle)) >= rank) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return value_of(low);
}

double median_difference(const Series& experiment, const Series& control) {
    const double pairs = size_of(experiment) * size_of(control);
    const double lower = difference_of_rank(experiment, control, std::floor((pairs + 1) / 2));
    const double upper = difference_of_rank(experiment, control, std::ceil((pairs + 1) / 2));
    return lower + (upper - lower) / 2;
}

double pairs_above(const Series& experiment, const Series& control) {
    double above = 0;
    for (const auto value : experiment) {
        const auto [first, last] = std::ranges::equal_range(control, value);
        above += static_cast<double>(first - control.begin());
        above += static_cast<double>(last - first) / 2;
    }
    return above;
}

/// Sum of t^3 - t over groups of t equal values, of both series together.
double ties_of(const Series& control, const Series& experiment) {
    Series all(control.size() + experiment.size());
    std::ranges::merge(control, experiment, all.begin());
    double sum = 0;
    for (auto place = all.begin(); place != all.end();) {
        const auto next = std::upper_bound(place, all.end(), *place);
        const auto equal = static_cast<double>(next - place);
        sum += equal * equal * equal - equal;
        place = next;
    }
    return sum;
}

double deviation_of_u(double one, double other, double ties) {
    const double all = one + other;
    const double tied = all > 1 ? ties / (all * (all - 1)) : 0;
    return std::sqrt(std::max(one * other / 12 * (all + 1 - tied), 0.0));
}

/// P(U = u) for each u, without ties: Mann and Whitney's recursion, one value more a round.
Series chances_of_u(int one, int other) {
    const auto pairs = static_cast<std::size_t>(one * other);
    std::vector<Series> ways(static_cast<std::size_t>(other) + 1, Series(pairs + 1, 0));
    for (auto& row : ways) {
        row[0] = 1;
    }
    for (int i = 1; i <= one; ++i) {
        for (std::size_t j = 1; j <= static_cast<std::size_t>(other); ++j) {
            const double share = static_cast<double>(i) / (i + static_cast<double>(j));
            for (std::size_t u = pairs + 1; u-- > 0;) {
                const double last_is_one = u >= j ? ways[j][u - j] : 0;
                ways[j][u] = share * last_is_one + (1 - share) * ways[j - 1][u];
            }
        }
    }
    return ways.back();
}

/// The least u with P(U <= u) >= share.
double exact_quantile(const Series& chances, double share) {
    double sum = 0;
    std::size_t u = 0;
    while (u + 1 < chances.size() && (sum += chances[u]) < share) {
        ++u;
    }
    return static_cast<double>(u);
}

double exact_p(const Series& chances, double u) {
    const double pairs = static_cast<double>(chances.size() - 1);
    const auto tail = static_cast<std::ptrdiff_t>(std::min(u, pairs - u));
    const double sum = std::accumulate(chances.begin(), chances.begin() + tail + 1, 0.0);
    return std::min(1.0, 2 * sum);
}

double normal_p(double u, double pairs, double deviation) {
    if (deviation == 0) {
        return 1;
    }
    const double far = std::max(std::abs(u - pairs / 2) - 0.5, 0.0);
    return std::min(1.0, 2 * normal_cdf(-far / deviation));
}

}  // namespace

double rank_sum_cdf(double u, int one, int other) {
    const auto chances = chances_of_u(one, other);
    const auto last = std::clamp(std::floor(u), -1.0, static_cast<double>(chances.size()) - 1);
    return std::accumulate(
        chances.begin(), chances.begin() + static_cast<std::ptrdiff_t>(last) + 1, 0.0
    );
}

RankSum rank_sum(Series control, Series experiment, double confidence) {
    std::ranges::sort(control);
    std::ranges::sort(experiment);
    const double pairs = size_of(control) * size_of(experiment);
    const double ties = ties_of(control, experiment);
    const double tail = (1 - confidence) / 2;
    RankSum found;
    found.u = pairs_above(experiment, control);
    found.is_exact = ties == 0 && control.size() <= most_exact && experiment.size() <= most_exact;
    double rank = 0;  // of the differences that bound the shift, from either end
    if (found.is_exact) {
        const auto chances =
            chances_of_u(static_cast<int>(experiment.size()), static_cast<int>(control.size()));
        found.p = exact_p(chances, found.u);
        rank = exact_quantile(chances, tail);
    } else {
        const double deviation = deviation_of_u(size_of(control), size_of(experiment), ties);
        found.p = normal_p(found.u, pairs, deviation);
        rank = std::ceil(pairs / 2 + normal_quantile(tail) * deviation - 0.5);
    }
    found.shift = median_difference(experiment, control);
    found.low = rank < 1 ? -infinity : difference_of_rank(experiment, control, rank);
    found.high = rank < 1 ? infinity : difference_of_rank(experiment, control, pairs + 1 - rank);
    return found;
}

}  // namespace deployctl::analysis
