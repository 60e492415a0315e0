// SPDX-License-Identifier: Apache-2.0
#include "readiness/audit_numbers.hpp"

#include "model/text.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

namespace deployctl::readiness {

namespace {

constexpr int most_digits = 4;
constexpr std::int64_t most = 1000;

bool are_digits(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::int64_t power_of_ten(int exponent) {
    std::int64_t power = 1;
    for (; exponent > 0; --exponent) {
        power *= 10;
    }
    return power;
}

std::string with_digits(std::int64_t units, int digits) {
    auto text = std::to_string(units / units_of_one);
    if (digits > 0) {
        const auto behind = std::to_string(units_of_one + units % units_of_one);
        text += "." + behind.substr(1, static_cast<std::size_t>(digits));
    }
    return text;
}

}  // namespace

std::optional<Decimal> read_decimal(std::string_view text) {
    const auto point = text.find_first_of(".,");
    const auto whole_text = text.substr(0, point);
    const auto behind =
        point == std::string_view::npos ? std::string_view("0") : text.substr(point + 1);
    if (!are_digits(whole_text) || !are_digits(behind) || behind.size() > most_digits) {
        return std::nullopt;
    }
    const bool may_be_thousands =
        point != std::string_view::npos && text[point] == ',' && behind.size() == 3;
    const auto whole = whole_number(whole_text);
    const auto rest = whole_number(behind);
    if (!whole || !rest || *whole > most || may_be_thousands) {
        return std::nullopt;
    }
    const auto digits = point == std::string_view::npos ? 0 : static_cast<int>(behind.size());
    const auto scale = power_of_ten(most_digits - static_cast<int>(behind.size()));
    return Decimal{*whole * units_of_one + *rest * scale, digits};
}

std::string to_text(Decimal number) {
    int digits = most_digits;
    for (auto units = number.units; digits > 0 && units % 10 == 0; units /= 10) {
        --digits;
    }
    return with_digits(number.units, digits);
}

Fraction::Fraction(Wide over, Wide under) : over_(over), under_(under) {
    auto one = over < 0 ? -over : over;
    auto other = under;
    while (other != 0) {
        one = std::exchange(other, one % other);
    }
    if (one > 1) {
        over_ /= one;
        under_ /= one;
    }
}

Fraction& Fraction::operator+=(const Fraction& other) {
    *this = Fraction(over_ * other.under_ + other.over_ * under_, under_ * other.under_);
    return *this;
}

Fraction operator*(const Fraction& one, const Fraction& other) {
    return {one.over_ * other.over_, one.under_ * other.under_};
}

Fraction operator/(const Fraction& one, const Fraction& other) {
    return {one.over_ * other.under_, one.under_ * other.over_};
}

Decimal Fraction::rounded(int digits) const {
    const auto scale = power_of_ten(digits);
    const auto twice = over_ * scale * 2 + under_;
    const auto whole = static_cast<std::int64_t>(twice / (under_ * 2));
    return {whole * power_of_ten(most_digits - digits), digits};
}

std::string to_text(const Fraction& number) {
    return with_digits(number.rounded(2).units, 2);
}

}  // namespace deployctl::readiness
