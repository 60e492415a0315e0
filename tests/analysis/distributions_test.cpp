// SPDX-License-Identifier: Apache-2.0
// B(0.5, 1e6) is from the series of gamma(n) / gamma(n + 1/2), since SciPy loses digits there.
// Other expected numbers are SciPy 1.17's: stats.norm.ppf, stats.chi2.ppf, special.betaln,
// stats.poisson.sf.
#include "analysis/distributions.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>

using namespace deployctl::analysis;

TEST_CASE("quantiles of the normal distribution are those of the tables", "[analysis]") {
    CHECK(normal_quantile(0.5) == Approx(0).margin(1e-12));
    CHECK(normal_quantile(0.975) == Approx(1.959963984540054).epsilon(1e-12));
    CHECK(normal_quantile(0.01) == Approx(-2.3263478740408408).epsilon(1e-12));
    CHECK(normal_quantile(0.3) == Approx(-0.5244005127080409).epsilon(1e-12));
    CHECK(normal_quantile(1e-10) == Approx(-6.361340902404056).epsilon(1e-9));
    for (double p = 0.001; p < 1; p += 0.0137) {
        CHECK(normal_cdf(normal_quantile(p)) == Approx(p).epsilon(1e-12));
    }
}

TEST_CASE(
    "quantiles of chi-square are within one in a hundred from four degrees on", "[analysis]"
) {
    CHECK(chi_square_quantile(0.9, 4) == Approx(7.779).epsilon(0.01));
    CHECK(chi_square_quantile(0.9, 8) == Approx(13.362).epsilon(0.01));
    CHECK(chi_square_quantile(0.99, 30) == Approx(50.892).epsilon(0.01));
    CHECK(chi_square_quantile(0.1, 8) == Approx(3.4895).epsilon(0.01));
    CHECK(chi_square_quantile(0.1, 1) == Approx(0.0158).margin(0.02));
}

TEST_CASE("log beta keeps its digits from small to very large arguments", "[analysis]") {
    CHECK(log_beta(0.5, 0.5) == Approx(1.1447298858494).epsilon(1e-12));
    CHECK(log_beta(3, 7) == Approx(-5.529429087511423).epsilon(1e-12));
    CHECK(log_beta(7, 3) == log_beta(3, 7));
    CHECK(log_beta(9.5, 0.25) == Approx(0.7351510054445837).epsilon(1e-12));
    CHECK(log_beta(30, 11) == Approx(-23.959188174513873).epsilon(1e-12));
    CHECK(log_beta(0.5, 1e6) == Approx(-6.335390211057437).epsilon(1e-12));
    CHECK(log_beta(12, 1e9) == Approx(-231.17688226348307).epsilon(1e-12));
    CHECK(log_beta(1e6 + 0.5, 1e8) == Approx(-5610161.893559933).epsilon(1e-12));
    CHECK(log_beta(5e9, 1e12) == Approx(-31504066061.578125).epsilon(1e-12));
}

TEST_CASE("sums of exponentials neither overflow nor lose the largest", "[analysis]") {
    CHECK(log_sum(std::array{1000.0, 1000.0}) == Approx(1000 + std::log(2.0)));
    CHECK(log_sum(std::array{-1e12, 3.0}) == 3);
    CHECK(log_mean(std::array{5.0, 5.0, 5.0}) == Approx(5));
    CHECK(std::isinf(log_sum({})));
}

TEST_CASE("tails of Poisson are SciPy's", "[analysis]") {
    CHECK(poisson_tail(0.5, 3) == Approx(0.014387677966970684).epsilon(1e-10));
    CHECK(poisson_tail(10, 5) == Approx(0.9707473119230389).epsilon(1e-10));
    CHECK(poisson_tail(100, 130) == Approx(0.0022820930543169544).epsilon(1e-9));
    CHECK(poisson_tail(400, 450) == Approx(0.0074543274800029265).epsilon(1e-9));
    CHECK(poisson_tail(2000, 2100) == Approx(0.0135349435).epsilon(0.005));
    CHECK(poisson_tail(10, 0) == 1);
    CHECK(poisson_tail(10, INFINITY) == Approx(0).margin(1e-12));
}
