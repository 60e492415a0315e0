// SPDX-License-Identifier: Apache-2.0
// Questions to a metrics source about more than the present: series of the past, and counters over
// windows. What they mean is the methods' (analysis/). Values; any thread.
#pragma once

#include "model/time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace deployctl {

/// A gauge by pod, or one for all, in blocks of ten samples. `query` may have `${pods}`.
struct SlopeSettings {
    std::string query;
    double max_rise = 0;                ///< in an hour
    double alpha = 0.01;                ///< as that of AnalysisQuestion
    Duration resolution = seconds(15);  ///< between two samples
    Duration warm_up = seconds(30);     ///< of each pod's series

    friend bool operator==(const SlopeSettings&, const SlopeSettings&) = default;
};

/// Does the canary's rise?
struct TrendQuestion {
    SlopeSettings slope;

    friend bool operator==(const TrendQuestion&, const TrendQuestion&) = default;
};

/// Does the canary's rise more than stable's beside it?
struct LeakQuestion {
    SlopeSettings slope;

    friend bool operator==(const LeakQuestion&, const LeakQuestion&) = default;
};

/// When does a gauge of the canary reach its limit?
struct ExhaustionQuestion {
    std::string query;
    std::optional<double> limit = std::nullopt;
    std::string limit_query = {};   ///< in the place of `limit`: one number, or one for each pod
    Duration within = minutes(15);  ///< fails where it is reached so soon
    std::optional<Duration> window = std::nullopt;  ///< none: since the step began, at most 1h
    Duration resolution = seconds(15);
    Duration warm_up = seconds(30);

    friend bool operator==(const ExhaustionQuestion&, const ExhaustionQuestion&) = default;
};

enum class SeriesDirection { increase, decrease, either };

const char* to_text(SeriesDirection direction);
std::optional<SeriesDirection> read_series_direction(std::string_view text);

/// Is the canary's series another one than stable's? One metric for each set of labels besides
/// `pod`.
struct MannWhitneyQuestion {
    std::string query;
    SeriesDirection direction = SeriesDirection::either;
    double tolerance = 0.25;                        ///< of the estimated shift
    int pass_score = 75;                            ///< percent of the metrics
    int marginal_score = 50;                        ///< below it fails
    std::optional<Duration> window = std::nullopt;  ///< none: since the step began, at most 1h
    Duration resolution = minutes(1);
    Duration warm_up = seconds(30);

    friend bool operator==(const MannWhitneyQuestion&, const MannWhitneyQuestion&) = default;
};

/// How fast is the error budget spent, over the usual pairs of windows? Of the service as a whole
/// where no `${pods}` is in the selectors.
struct SloQuestion {
    std::string errors;
    std::string total;
    double objective = 99.9;  ///< percent

    friend bool operator==(const SloQuestion&, const SloQuestion&) = default;
};

/// How much of the error budget is left?
struct ErrorBudgetQuestion {
    std::string errors;
    std::string total;
    double objective = 99.9;  ///< percent
    Duration window = std::chrono::hours(24 * 30);
    double min_left = 0.1;  ///< a share

    friend bool operator==(const ErrorBudgetQuestion&, const ErrorBudgetQuestion&) = default;
};

}  // namespace deployctl
