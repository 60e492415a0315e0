// SPDX-License-Identifier: Apache-2.0
#include "readiness/reports/charts.hpp"

#include "readiness/reports/escaping.hpp"
#include "readiness/reports/summary.hpp"

#include <algorithm>

namespace deployctl::readiness {

namespace {

constexpr std::int64_t whole = 10'000;  // a score of 100, in hundredths

std::string number(std::int64_t tenths) {
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

std::string attribute(const char* name, const std::string& value) {
    return std::string(" ") + name + "=\"" + value + "\"";
}

std::string open_svg(int width, int height, const std::string& label) {
    return "<svg" +
           attribute("viewBox", "0 0 " + std::to_string(width) + " " + std::to_string(height)) +
           attribute("role", "img") + attribute("aria-label", escape_markup(label)) + ">";
}

struct Point {
    std::int64_t x = 0;
    std::int64_t y = 0;
};

std::string text_at(Point at, const char* kind, const std::string& words) {
    return "<text" + attribute("x", std::to_string(at.x)) + attribute("y", std::to_string(at.y)) +
           attribute("class", kind) + ">" + escape_markup(words) + "</text>";
}

/// An arc of the ring, in hundredths of the score.
std::string arc(const char* kind, std::int64_t from, std::int64_t to) {
    if (to <= from) {
        return "";
    }
    return std::string("<circle cx=\"70\" cy=\"70\" r=\"56\" pathLength=\"1000\"") +
           attribute("class", kind) +
           attribute("stroke-dasharray", number(to - from) + " " + number(whole - (to - from))) +
           attribute("stroke-dashoffset", "-" + number(from)) +
           attribute("transform", "rotate(-90 70 70)") + "/>";
}

std::string rectangle(Point at, Point size, const char* kind) {
    return "<rect" + attribute("x", std::to_string(at.x)) + attribute("y", std::to_string(at.y)) +
           attribute("width", std::to_string(size.x)) +
           attribute("height", std::to_string(size.y)) + attribute("class", kind) + "/>";
}

std::string line(Point from, Point to, const char* kind) {
    return "<line" + attribute("x1", std::to_string(from.x)) +
           attribute("y1", std::to_string(from.y)) + attribute("x2", std::to_string(to.x)) +
           attribute("y2", std::to_string(to.y)) + attribute("class", kind) + "/>";
}

constexpr std::int64_t bars_left = 250;
constexpr std::int64_t bars_width = 320;
constexpr std::int64_t row_height = 28;

std::int64_t bar_length(std::int64_t hundredths) {
    return hundredths * bars_width / whole;
}

std::string category_bar(const CategoryResult& category, std::int64_t top) {
    auto row = text_at(
        {0, top + 15},
        "name",
        std::string(category.title) + " " + std::to_string(category.weight) + "%"
    );
    row += rectangle({bars_left, top + 3}, {bars_width, 16}, "track");
    if (!category.score) {
        return row + text_at({bars_left + bars_width + 10, top + 15}, "value", "n/a");
    }
    const auto low = bar_length(category.score->low.hundredths);
    const auto high = bar_length(category.score->high.hundredths);
    row += rectangle({bars_left, top + 3}, {low, 16}, "sure");
    row += high > low ? rectangle({bars_left + low, top + 3}, {high - low, 16}, "open") : "";
    return row +
           text_at(
               {bars_left + bars_width + 10, top + 15}, "value", interval_text(*category.score)
           );
}

constexpr std::int64_t trend_width = 660;
constexpr std::int64_t trend_height = 160;
constexpr std::int64_t trend_left = 40;
constexpr std::int64_t trend_top = 10;

class Trend {
public:
    explicit Trend(const std::vector<TrendPoint>& points)
        : points_(points), begin_(points.front().at), span_(points.back().at - begin_) {
        least_ = whole;
        for (const auto& point : points) {
            least_ = std::min(least_, point.low);
        }
        least_ = std::max<std::int64_t>(0, least_ / 1000 * 1000 - 1000);
    }

    std::int64_t least() const { return least_; }

    Point place(const TrendPoint& point, std::int64_t score) const {
        const auto late = (point.at - begin_).count();
        const auto all = std::max<std::int64_t>(1, span_.count());
        const auto width = static_cast<double>(late) / static_cast<double>(all) * trend_width;
        return {trend_left + static_cast<std::int64_t>(width), height_of(score)};
    }

    std::int64_t height_of(std::int64_t score) const {
        const auto shown = std::clamp(score, least_, whole);
        return trend_top + (whole - shown) * trend_height / (whole - least_);
    }

    std::string path(std::int64_t TrendPoint::*end, const char* kind) const {
        std::string points;
        for (const auto& point : points_) {
            const auto at = place(point, point.*end);
            points +=
                (points.empty() ? "" : " ") + std::to_string(at.x) + "," + std::to_string(at.y);
        }
        return "<polyline" + attribute("points", points) + attribute("class", kind) + "/>";
    }

private:
    const std::vector<TrendPoint>& points_;
    WallTime begin_;
    Duration span_;
    std::int64_t least_ = 0;
};

std::string date_of(WallTime at) {
    return to_minute_text(at).substr(0, 10);
}

}  // namespace

std::string score_ring(const Interval& score, int minimum) {
    const auto low = score.low.hundredths;
    const auto high = score.high.hundredths;
    return open_svg(
               140,
               140,
               "score " + interval_text(score) + " of 100, " + std::to_string(minimum) + " needed"
           ) +
           arc("track", 0, whole) + arc("sure", 0, low) + arc("open", low, high) +
           arc("mark", minimum * 100L - 30, minimum * 100L + 30) +
           text_at({70, 76}, "big", points_text(low)) +
           (low == high ? "" : text_at({70, 96}, "small", "to " + points_text(high))) + "</svg>";
}

std::string category_bars(const std::vector<CategoryResult>& categories, int minimum) {
    const auto height = row_height * std::ssize(categories) + 4;
    std::string rows;
    std::string label = "scores by category:";
    std::int64_t top = 0;
    for (const auto& category : categories) {
        rows += category_bar(category, top);
        label += " " + std::string(category.title) + " " +
                 (category.score ? interval_text(*category.score) : "n/a") + ",";
        top += row_height;
    }
    label.pop_back();
    const auto at = bars_left + bar_length(minimum * 100L);
    return open_svg(720, static_cast<int>(height), label) + rows +
           line({at, 0}, {at, height}, "limit") + "</svg>";
}

std::string trend_chart(const std::vector<TrendPoint>& points, int minimum) {
    if (points.size() < 2) {
        return "";
    }
    const Trend trend(points);
    const auto bottom = trend_top + trend_height;
    const auto right = trend_left + trend_width;
    auto chart = open_svg(
        720,
        200,
        "the score's low end from " + points_text(points.front().low) + " on " +
            date_of(points.front().at) + " to " + points_text(points.back().low) + " on " +
            date_of(points.back().at)
    );
    chart += line({trend_left, bottom}, {right, bottom}, "axis");
    chart += text_at({0, trend_top + 6}, "small-left", "100");
    chart += text_at({0, bottom}, "small-left", std::to_string(trend.least() / 100));
    const auto limit = trend.height_of(minimum * 100L);
    chart += line({trend_left, limit}, {right, limit}, "limit");
    chart += trend.path(&TrendPoint::high, "line-open") + trend.path(&TrendPoint::low, "line");
    for (const auto& point : points) {
        const auto at = trend.place(point, point.low);
        chart += "<circle" + attribute("cx", std::to_string(at.x)) +
                 attribute("cy", std::to_string(at.y)) + attribute("r", "3") +
                 attribute("class", "dot") + "/>";
    }
    chart += text_at({trend_left, bottom + 20}, "small-left", date_of(points.front().at));
    chart += text_at({right, bottom + 20}, "small-right", date_of(points.back().at));
    return chart + "</svg>";
}

}  // namespace deployctl::readiness
