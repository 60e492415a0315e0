// SPDX-License-Identifier: Apache-2.0
#include "cli/assess_history.hpp"

#include "cli/assessing.hpp"
#include "documents/json.hpp"

#include <cmath>
#include <optional>

namespace deployctl::cli {

namespace {

using readiness::TrendPoint;

constexpr std::size_t most_bytes = 64U << 20U;
constexpr int most_rollouts = 500;

std::optional<TrendPoint> point_of_report(const std::string& path) {
    const auto recorded = read_baseline(path);
    const auto document =
        documents::try_read_json(read_named_file(path, "the assessment", most_bytes));
    const auto at = document ? read_rfc3339(document->view("/assessed_at")) : std::nullopt;
    return at && recorded.score
               ? std::optional(TrendPoint{*at, recorded.score->first, recorded.score->second})
               : std::nullopt;
}

/// The last word of such a gate before one rollout.
std::optional<TrendPoint> point_of_rollout(const std::vector<Event>& events) {
    std::optional<TrendPoint> point;
    for (const auto& event : events) {
        const auto ruled = read_gate_evaluated(event);
        if (!ruled || !ruled->verdict.evidence.has("/failed_rules")) {
            continue;
        }
        const auto& evidence = ruled->verdict.evidence;
        const auto low = evidence.real("/low", std::nan(""));
        const auto high = evidence.real("/high", std::nan(""));
        const auto at = read_rfc3339(evidence.view("/assessed_at"));
        if (low >= 0 && high <= 100 && low <= high) {
            point = TrendPoint{
                at.value_or(event.at), std::llround(low * 100), std::llround(high * 100)
            };
        }
    }
    return point;
}

Task<std::vector<TrendPoint>> points_of_journal(Store* store, RolloutFilter filter) {
    std::vector<TrendPoint> points;
    const auto rollouts = co_await store->list(filter);
    for (const auto& rollout : rollouts) {
        const auto events = co_await store->events(rollout.id, 0);
        if (const auto point = point_of_rollout(events)) {
            points.push_back(*point);
        }
    }
    co_return points;
}

}  // namespace

std::vector<TrendPoint> read_history(Session& session, const std::vector<std::string>& sources) {
    std::vector<TrendPoint> points;
    for (const auto& source : sources) {
        if (source != history_of_journal) {
            if (const auto point = point_of_report(source)) {
                points.push_back(*point);
            }
            continue;
        }
        RolloutFilter filter;
        filter.app = session.globals.place.app;
        filter.environment = session.globals.place.environment;
        filter.at_most = most_rollouts;
        auto found = wait_for(session.parts, points_of_journal(&session.parts.journal(), filter));
        points.insert(points.end(), found.begin(), found.end());
    }
    return points;
}

}  // namespace deployctl::cli
