// SPDX-License-Identifier: Apache-2.0
// Numbers of a table of scores, without rounding: what a cell says as a whole number of
// ten-thousandths, and sums of products as fractions. Text from strangers: what is no number, or
// too large or too fine to be kept exactly, is none. Values; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace deployctl::readiness {

/// "92.98", at most 1000 and with at most four digits behind the point.
struct Decimal {
    std::int64_t units = 0;  ///< ten-thousandths
    int digits = 0;          ///< behind the point, as it was written

    friend bool operator==(Decimal one, Decimal other) { return one.units == other.units; }

    friend auto operator<=>(Decimal one, Decimal other) { return one.units <=> other.units; }
};

inline constexpr std::int64_t units_of_one = 10'000;

/// The whole text, with "." or "," before at most four digits.
std::optional<Decimal> read_decimal(std::string_view text);
/// As short as it goes: "95", "92.98".
std::string to_text(Decimal number);

/// Exact, of any size that sums of a table reach.
class Fraction {
public:
    Fraction() = default;

    explicit Fraction(Decimal number) : over_(number.units), under_(units_of_one) {}

    Fraction& operator+=(const Fraction& other);
    friend Fraction operator*(const Fraction& one, const Fraction& other);
    /// The divisor is above 0.
    friend Fraction operator/(const Fraction& one, const Fraction& other);
    friend bool operator==(const Fraction&, const Fraction&) = default;

    bool is_zero() const { return over_ == 0; }

    /// Rounded once, half up, to so many digits behind the point (four at most).
    Decimal rounded(int digits) const;

private:
    __extension__ using Wide = __int128;

    Fraction(Wide over, Wide under);

    Wide over_ = 0;
    Wide under_ = 1;
};

/// With two digits behind the point, as scores are shown: "92.98", "92.40".
std::string to_text(const Fraction& number);

}  // namespace deployctl::readiness
