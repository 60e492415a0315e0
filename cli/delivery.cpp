// SPDX-License-Identifier: Apache-2.0
#include "cli/delivery.hpp"

#include "cli/lineage.hpp"
#include "cli/output/words.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

namespace deployctl::cli {

namespace {

constexpr Duration day = std::chrono::days(1);

std::string one_decimal(double number) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", number);
    return text;
}

bool is_deployment(const RolloutRecord& rollout) {
    return rollout.state == RolloutState::promoted || rollout.state == RolloutState::rolled_back ||
           rollout.state == RolloutState::needs_human;
}

std::optional<Duration> median(std::vector<Duration> durations) {
    if (durations.empty()) {
        return std::nullopt;
    }
    std::ranges::sort(durations);
    const auto middle = durations.size() / 2;
    return durations.size() % 2 == 1 ? durations[middle]
                                     : (durations[middle - 1] + durations[middle]) / 2;
}

/// Of less than a day nobody can say how many a day come.
std::string frequency_text(const DeliveryFigures& figures) {
    if (figures.span < day || figures.deployments == 0) {
        return "";
    }
    const auto days = static_cast<double>(figures.span.count()) / static_cast<double>(day.count());
    const auto a_day = figures.deployments / days;
    if (a_day >= 1) {
        return " (" + one_decimal(a_day) + " a day)";
    }
    return a_day * 7 >= 1 ? " (" + one_decimal(a_day * 7) + " a week)"
                          : " (" + one_decimal(a_day * 30) + " a month)";
}

double failed_percent(const DeliveryFigures& figures) {
    return figures.deployments == 0 ? 0 : 100.0 * figures.failed / figures.deployments;
}

/// Each return, and what was left by it.
std::map<RolloutId, RolloutId> returns_among(const std::vector<Delivery>& newest_first) {
    std::vector<Target> targets;
    std::map<RolloutId, RolloutId> returns;
    for (const auto& delivery : newest_first) {
        const auto& target = delivery.rollout.target;
        if (std::ranges::find(targets, target) != targets.end()) {
            continue;
        }
        targets.push_back(target);
        std::vector<RolloutRecord> there;
        for (const auto& other : newest_first) {
            if (other.rollout.target == target) {
                there.push_back(other.rollout);
            }
        }
        for (const auto& one : lineage_of(there).returns) {
            returns[one.rollout] = one.left;
        }
    }
    return returns;
}

}  // namespace

std::optional<WallTime> turn_of(const std::vector<Event>& events) {
    const auto found = std::ranges::find_if(events, [](const Event& event) {
        return event.type == "rollout.state" && event.data.text("/state") == "rolling_back";
    });
    return found == events.end() ? std::nullopt : std::optional(found->at);
}

DeliveryFigures figures_of(const std::vector<Delivery>& newest_first, Duration span) {
    DeliveryFigures figures;
    figures.span = span;
    std::set<RolloutId> failed;
    std::vector<Duration> restored;
    const auto returns = returns_among(newest_first);
    for (const auto& [rollout, turned_back, as_wished] : newest_first) {
        const auto ended = rollout.ended.value_or(rollout.started);
        figures.deployments += is_deployment(rollout) ? 1 : 0;
        const bool has_failed =
            is_deployment(rollout) && rollout.state != RolloutState::promoted && !as_wished;
        if (has_failed) {
            failed.insert(rollout.id);
        }
        const auto is_return = returns.find(rollout.id);
        if (rollout.state == RolloutState::rolled_back && has_failed) {
            restored.push_back(ended - turned_back.value_or(rollout.started));
        } else if (is_return != returns.end() && !is_return->second.empty()) {
            failed.insert(is_return->second);
            restored.push_back(ended - rollout.started);
        }
    }
    figures.failed = static_cast<int>(failed.size());
    figures.restore_median = median(std::move(restored));
    return figures;
}

std::vector<RolloutRecord> last_good_of(const std::vector<RolloutRecord>& newest_first) {
    std::vector<RolloutRecord> good;
    for (const auto& rollout : newest_first) {
        const bool is_known = std::ranges::any_of(good, [&rollout](const RolloutRecord& newer) {
            return newer.target == rollout.target;
        });
        if (rollout.state == RolloutState::promoted && !is_known) {
            good.push_back(rollout);
        }
    }
    return good;
}

std::string to_text(const DeliveryFigures& figures) {
    if (figures.deployments == 0) {
        return "no deployment has ended";
    }
    auto text = count_of(figures.deployments, "deployment") + frequency_text(figures) + ", " +
                std::to_string(figures.failed) + " failed (" +
                one_decimal(failed_percent(figures)) + "%)";
    return figures.restore_median
               ? text + ", time to restore " + to_short_text(*figures.restore_median) + " (median)"
               : text;
}

Value to_value(const DeliveryFigures& figures) {
    const auto whole = [](Duration duration) {
        return Value(std::chrono::round<std::chrono::seconds>(duration).count());
    };
    return Value::map({
        {"span_seconds", whole(figures.span)},
        {"deployments", figures.deployments},
        {"failed", figures.failed},
        {"change_failure_percent", failed_percent(figures)},
        {"restore_seconds_median", figures.restore_median ? whole(*figures.restore_median) : Value()
        },
    });
}

std::string last_good_line(const std::vector<RolloutRecord>& last_good, const Style& style) {
    if (last_good.empty()) {
        return "";
    }
    std::vector<std::string> parts;
    for (const auto& rollout : last_good) {
        const auto where = last_good.size() == 1 ? "" : place_text(rollout.target, style) + " ";
        parts.push_back(
            where + printable(rollout.next_version) + " (rollout " +
            std::to_string(rollout.number) + ")"
        );
    }
    return "Last good: " + join(parts, ", ") + "\n";
}

Value last_good_value(const std::vector<RolloutRecord>& last_good) {
    Value::Array list;
    for (const auto& rollout : last_good) {
        list.push_back(Value::map({
            {"app", rollout.target.app},
            {"environment", rollout.target.environment},
            {"namespace", rollout.target.kube_namespace},
            {"version", rollout.next_version},
            {"number", rollout.number},
        }));
    }
    return list;
}

}  // namespace deployctl::cli
