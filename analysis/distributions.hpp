// SPDX-License-Identifier: Apache-2.0
// The few functions of probability that the methods share. Pure; any thread.
#pragma once

#include <span>

namespace deployctl::analysis {

/// P(Z <= z) of the standard normal distribution.
double normal_cdf(double z);
/// The z with P(Z <= z) = p, for 0 < p < 1, to 1e-9 (Acklam's start, one step of Halley).
double normal_quantile(double p);
/// The value that a chi-square variable stays below with probability p (Wilson & Hilferty 1931).
double chi_square_quantile(double p, double degrees);
/// log B(a, b), without the loss of digits that three lgamma of large numbers bring.
double log_beta(double a, double b);
/// log of the sum of exp(logs); minus infinity for none.
double log_sum(std::span<const double> logs);
/// The same divided by their number.
double log_mean(std::span<const double> logs);
/// P(X >= count) for X of a Poisson distribution with this mean; by cube roots where it is above
/// 500 (Wilson & Hilferty 1931).
double poisson_tail(double mean, double count);

}  // namespace deployctl::analysis
