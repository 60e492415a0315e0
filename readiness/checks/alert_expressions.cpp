// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/alert_expressions.hpp"

#include "readiness/checks/commands.hpp"
#include "readiness/patterns.hpp"
#include "readiness/promql.hpp"
#include "readiness/promql_tokens.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>

namespace deployctl::readiness {

namespace {

/// Null where it cannot be read. Many checks ask for the same one after another; the answer is good
/// until this thread asks for the next.
const Promql* readable(const Subject& subject) {
    constexpr std::size_t most_kept = 2000;
    thread_local std::unordered_map<std::string, Promql> kept;
    if (kept.size() > most_kept) {
        kept.clear();
    }
    const auto [found, is_new] = kept.try_emplace(std::string(subject.node->text_at("expr")));
    if (is_new) {
        found->second = read_promql(found->first);
    }
    return found->second.error ? nullptr : &found->second;
}

bool wants_counter(std::string_view function) {
    return function == "rate" || function == "irate" || function == "increase";
}

/// A name that says what is counted ends in one of these; what Prometheus advises.
bool looks_like_gauge(std::string_view metric) {
    static const RE2 counters("(_total|_count|_sum|_bucket|_created|_counter|_errors|_requests)$");
    static const RE2 gauges(
        "(_bytes|_celsius|_ratio|_percent|_usage|_current|_size|_limit|_in_flight|_inflight|"
        "_connections|_queue_length|_up|_info|_temperature|_free|_available|_utilization|_replicas)"
        "$|^up$"
    );
    return !is_found(counters, metric) && is_found(gauges, metric);
}

std::optional<Answer> rate_of_counters(const Subject& subject, const Facts& /*facts*/) {
    const auto read = readable(subject);
    if (!read) {
        return std::nullopt;
    }
    bool is_asked = false;
    for (const auto& selector : read->selectors) {
        is_asked = is_asked || wants_counter(selector.inside);
        if (wants_counter(selector.inside) && looks_like_gauge(selector.metric)) {
            return fails_at(
                subject.node->at("expr"),
                selector.inside + "(" + selector.metric + ")",
                "deriv() or delta() of a gauge"
            );
        }
    }
    return is_asked ? std::optional(holds()) : std::nullopt;
}

/// The longest interval between two samples that the repository's Prometheus has; a minute where
/// none is said, as Prometheus has it.
double scrape_interval(const Facts& facts) {
    double longest = 0;
    for (const auto* config : facts.of("prometheus-config")) {
        longest = std::max(
            longest, promql_seconds(config->node->text_at("global/scrape_interval", "1m"))
        );
    }
    return longest > 0 ? longest : 30;
}

std::optional<Answer> rate_range_is_wide(const Subject& subject, const Facts& facts) {
    const auto read = readable(subject);
    if (!read) {
        return std::nullopt;
    }
    const auto interval = scrape_interval(facts);
    bool is_asked = false;
    for (const auto& selector : read->selectors) {
        if (!wants_counter(selector.inside)) {
            continue;
        }
        is_asked = true;
        if (selector.range > 0 && selector.range < 2 * interval) {
            auto answer = fails_at(
                subject.node->at("expr"),
                "a range of " + std::to_string(static_cast<int>(selector.range)) + " s",
                "two samples at least, better four: an interval is " +
                    std::to_string(static_cast<int>(interval)) + " s"
            );
            answer.confidence = Confidence::heuristic;
            return answer;
        }
    }
    return is_asked ? std::optional(holds()) : std::nullopt;
}

bool is_recorded(std::string_view series, const Facts& facts) {
    return std::ranges::any_of(facts.of("recording"), [&](const Subject* rule) {
        return rule->name == series;
    });
}

std::optional<Answer> recorded_series_exist(const Subject& subject, const Facts& facts) {
    const auto read = readable(subject);
    if (!read) {
        return std::nullopt;
    }
    bool is_asked = false;
    for (const auto& selector : read->selectors) {
        if (selector.metric.find(':') == std::string::npos) {
            continue;
        }
        is_asked = true;
        if (!is_recorded(selector.metric, facts)) {
            return fails_at(subject.node->at("expr"), "no rule here records " + selector.metric);
        }
    }
    return is_asked ? std::optional(holds()) : std::nullopt;
}

/// What always fires on purpose: it proves that the way of alerts is whole.
bool is_watchdog(const Subject& subject) {
    static const RE2 names("(?i)watchdog|dead.?man|always.?firing|heart.?beat");
    return is_found(names, subject.name) &&
           subject.node->text_at("expr").find("vector(") != std::string_view::npos;
}

std::optional<Answer> alert_compares(const Subject& subject, const Facts& /*facts*/) {
    const auto read = readable(subject);
    if (!read || is_watchdog(subject)) {
        return std::nullopt;
    }
    // A recorded series may have been compared where it was recorded.
    const bool is_recorded_only =
        read->selectors.size() == 1 && read->selectors[0].metric.find(':') != std::string::npos;
    if (read->filters) {
        return holds();
    }
    auto answer = fails_at(
        subject.node->at("expr"), "nothing in expr compares", "a condition, such as `> 0`"
    );
    answer.holds = is_recorded_only ? Truth::unknown : Truth::no;
    return answer;
}

/// Holds for 0 and never for 1 and more.
bool wants_nothing(const PromqlComparison& one) {
    return (one.sign == "==" && one.right == 0) || (one.sign == "<" && one.right <= 1) ||
           (one.sign == "<=" && one.right < 1);
}

bool wants_more_than_one(const PromqlComparison& one) {
    return (one.sign == ">" && one.right >= 1) || (one.sign == ">=" && one.right > 1);
}

bool wants_negative(const PromqlComparison& one) {
    return (one.sign == "<" && one.right <= 0) || (one.sign == "<=" && one.right < 0);
}

/// What a function never gives: absent() is 1 or nothing, count() is never 0.
std::string why_impossible(const PromqlComparison& one) {
    static constexpr std::array<std::string_view, 6> counts = {
        "rate", "irate", "increase", "changes", "resets", "count_over_time"
    };
    if (one.left.starts_with("absent")) {
        const bool never = wants_nothing(one) || wants_more_than_one(one);
        return never ? one.left + "() is 1, or nothing" : "";
    }
    if ((one.left == "count" || one.left == "group") && wants_nothing(one)) {
        return one.left + "() of nothing is nothing, not 0";
    }
    const bool is_count = std::ranges::find(counts, one.left) != counts.end();
    return is_count && wants_negative(one) ? one.left + "() is never below 0" : "";
}

std::optional<Answer> comparison_can_hold(const Subject& subject, const Facts& /*facts*/) {
    const auto read = readable(subject);
    if (!read || read->comparisons.empty()) {
        return std::nullopt;
    }
    for (const auto& one : read->comparisons) {
        const auto why = why_impossible(one);
        if (!why.empty()) {
            return fails_at(subject.node->at("expr"), why, "absent() for what may not be there");
        }
    }
    return holds();
}

std::optional<Answer> patterns_are_needed(const Subject& subject, const Facts& /*facts*/) {
    static const RE2 signs(R"([\\.+*?()\[\]{}|^$])");
    const auto read = readable(subject);
    if (!read) {
        return std::nullopt;
    }
    bool is_asked = false;
    for (const auto& selector : read->selectors) {
        for (const auto& matcher : selector.matchers) {
            const bool is_pattern = matcher.sign.ends_with('~');
            is_asked = is_asked || is_pattern;
            if (is_pattern && !matcher.value.empty() && !is_found(signs, matcher.value)) {
                return fails_at(
                    subject.node->at("expr"),
                    matcher.label + matcher.sign + "\"" + matcher.value + "\"",
                    "= or !="
                );
            }
        }
    }
    return is_asked ? std::optional(holds()) : std::nullopt;
}

constexpr std::array<NamedCheck, 6> checks = {{
    {"rate-of-counters", rate_of_counters},
    {"rate-range-is-wide", rate_range_is_wide},
    {"recorded-series-exist", recorded_series_exist},
    {"alert-compares", alert_compares},
    {"comparison-can-hold", comparison_can_hold},
    {"patterns-are-needed", patterns_are_needed},
}};

}  // namespace

std::span<const NamedCheck> alert_expression_checks() {
    return checks;
}

}  // namespace deployctl::readiness
