// SPDX-License-Identifier: Apache-2.0
// The classification and the score of Kayenta's judge, for teams that want the verdicts they know:
// a series of the canary is High or Low where the interval of its shift lies beyond `tolerance`
// times the estimate and the effect is as large as was allowed; groups of metrics are scored by
// their share of Pass and weighted. Different on purpose: fewer than five values a side are Nodata
// (two cannot be High at 98 %), the interval is exact (rank_sum.hpp), no noise is added. Pure.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace deployctl::analysis {

enum class Classification { pass, high, low, no_data };

const char* to_text(Classification classification);

enum class Direction { increase, decrease, either };

/// Mean of the canary / mean of the baseline, or the share of pairs in which the canary is above.
enum class EffectSize { mean_ratio, common_language };

inline constexpr std::size_t least_values = 5;

struct KayentaSettings {
    Direction direction = Direction::either;
    double tolerance = 0.25;
    double confidence = 0.98;
    EffectSize effect = EffectSize::mean_ratio;
    double allowed_increase = 1;  ///< High only from this effect on
    double allowed_decrease = 1;  ///< Low only from this effect down
};

struct Classified {
    Classification classification = Classification::no_data;
    std::string reason;
    double effect = 1;
};

/// What is not finite is left out.
Classified classify(
    const std::vector<double>& baseline,
    const std::vector<double>& canary,
    const KayentaSettings& settings
);

enum class Importance { usual, critical, report_only };

struct MetricResult {
    Classification classification = Classification::no_data;
    std::vector<std::string> groups;
    Importance importance = Importance::usual;
};

struct CanaryScore {
    double score = 0;  ///< 0 to 100
    std::map<std::string, double> groups;
    std::string reason;  ///< why it is 0; empty where it is the weighted sum
};

/// `weights` in percent; groups without one share what is left to 100 evenly. 0 where a critical
/// metric is not Pass, or where half of the metrics have no data.
CanaryScore score(
    const std::vector<MetricResult>& results, const std::map<std::string, double>& weights
);

}  // namespace deployctl::analysis
