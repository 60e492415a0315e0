// SPDX-License-Identifier: Apache-2.0
#include "analysis/distributions.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

namespace deployctl::analysis {

namespace {

constexpr double most_summed = 500;

template <std::size_t N>
double polynomial(const std::array<double, N>& coefficients, double x) {
    double sum = 0;
    for (const auto coefficient : coefficients) {
        sum = sum * x + coefficient;
    }
    return sum;
}

/// Acklam's rational approximation, to 1e-9 relative, for p <= 1/2.
double rough_quantile(double p) {
    constexpr std::array a{
        -3.969683028665376e+01,
        2.209460984245205e+02,
        -2.759285104469687e+02,
        1.383577518672690e+02,
        -3.066479806614716e+01,
        2.506628277459239e+00
    };
    constexpr std::array b{
        -5.447609879822406e+01,
        1.615858368580409e+02,
        -1.556989798598866e+02,
        6.680131188771972e+01,
        -1.328068155288572e+01,
        1.0
    };
    constexpr std::array c{
        -7.784894002430293e-03,
        -3.223964580411365e-01,
        -2.400758277161838e+00,
        -2.549732539343734e+00,
        4.374664141464968e+00,
        2.938163982698783e+00
    };
    constexpr std::array d{
        7.784695709041462e-03,
        3.224671290700398e-01,
        2.445134137142996e+00,
        3.754408661907416e+00,
        1.0
    };
    constexpr double tail = 0.02425;
    if (p < tail) {
        const double q = std::sqrt(-2 * std::log(p));
        return polynomial(c, q) / polynomial(d, q);
    }
    const double q = p - 0.5;
    return q * polynomial(a, q * q) / polynomial(b, q * q);
}

/// The part of log gamma that Stirling's formula leaves out, for x >= 10.
double stirling_rest(double x) {
    const double inverse = 1 / (x * x);
    return (1.0 / 12 - inverse * (1.0 / 360 - inverse * (1.0 / 1260 - inverse / 1680))) / x;
}

}  // namespace

double normal_cdf(double z) {
    return 0.5 * std::erfc(-z / std::numbers::sqrt2);
}

double normal_quantile(double p) {
    if (p > 0.5) {
        return -normal_quantile(1 - p);
    }
    const double rough = rough_quantile(p);
    const double miss = (normal_cdf(rough) - p) * std::sqrt(2 * std::numbers::pi) *
                        std::exp(std::min(rough * rough / 2, 700.0));
    return rough - miss / (1 + rough * miss / 2);
}

double chi_square_quantile(double p, double degrees) {
    const double part = 2 / (9 * degrees);
    const double root = 1 - part + normal_quantile(p) * std::sqrt(part);
    return degrees * std::pow(std::max(root, 0.0), 3);
}

double log_beta(double a, double b) {
    const double less = std::min(a, b);
    const double more = std::max(a, b);
    if (more < 10) {
        return std::lgamma(less) + std::lgamma(more) - std::lgamma(less + more);
    }
    const double both = less + more;
    const double rest = stirling_rest(more) - stirling_rest(both);
    if (less < 10) {
        return std::lgamma(less) + rest + less * (1 - std::log(both)) +
               (more - 0.5) * std::log1p(-less / both);
    }
    return stirling_rest(less) + rest + std::log(2 * std::numbers::pi) / 2 - std::log(more) / 2 +
           (less - 0.5) * std::log(less / both) + more * std::log1p(-less / both);
}

double log_sum(std::span<const double> logs) {
    const double most =
        logs.empty() ? -std::numeric_limits<double>::infinity() : *std::ranges::max_element(logs);
    if (std::isinf(most)) {
        return most;
    }
    double sum = 0;
    for (const auto value : logs) {
        sum += std::exp(value - most);
    }
    return most + std::log(sum);
}

double log_mean(std::span<const double> logs) {
    return log_sum(logs) - std::log(static_cast<double>(logs.size()));
}

double poisson_tail(double mean, double count) {
    if (count <= 0) {
        return 1;
    }
    if (mean > most_summed) {
        const double root = std::cbrt(mean / count) - 1 + 1 / (9 * count);
        return normal_cdf(3 * std::sqrt(count) * root);
    }
    double term = std::exp(-mean);
    double below = 0;
    for (double k = 0; k < count && k < 3 * most_summed; ++k) {
        below += term;
        term *= mean / (k + 1);
    }
    return std::max(1 - below, 0.0);
}

}  // namespace deployctl::analysis
