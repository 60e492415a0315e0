// SPDX-License-Identifier: Apache-2.0
#include "cli/output/freeze_listing.hpp"

#include "cli/freezing.hpp"
#include "cli/output/freeze_json.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <utility>

namespace deployctl::cli {

namespace {

/// The present one, where it is closed now, and those after it.
std::vector<calendar::Period> occurrences_of(const calendar::Schedule& schedule, WallTime now) {
    constexpr std::size_t shown = 3;
    std::vector<calendar::Period> found;
    auto next = schedule.covering(now);
    if (!next) {
        next = schedule.after(now);
    }
    while (next && found.size() < shown) {
        found.push_back(*next);
        next = schedule.after(std::max(now, next->begin));
    }
    return found;
}

std::string rule_of(const FreezeWindow& window) {
    return window.cron.empty() ? "from " + window.from + " to " + window.to
                               : window.cron + " for " + to_text(*window.length);
}

std::string why(const Freeze& freeze) {
    return freeze.removed ? freeze.reason + " (removed by " + freeze.removed->by + ": " +
                                freeze.removed->reason + ")"
                          : freeze.reason;
}

}  // namespace

FreezeListing::FreezeListing(const FreezeSettings& settings, std::string environment, WallTime now)
    : zone_(zone_of(settings)), environment_(std::move(environment)), now_(now) {
    rows_.push_back({"ID", "ENV", "FROM", "UNTIL", "BY", "WHY"});
}

void FreezeListing::add(const FreezeWindow& window) {
    if (!applies(window.environments)) {
        return;
    }
    const auto occurrences = occurrences_of(calendar::to_closure(window, zone_).schedule, now_);
    items.push_back(to_value(window, occurrences));
    const auto next =
        occurrences.empty() ? calendar::Period{} : calendar::Period(occurrences.front());
    const auto begin = occurrences.empty() ? std::nullopt : std::optional(next.begin);
    add_row({
        window.name,
        window.environments.empty() ? "all" : join(window.environments, ", "),
        time(begin, "over"),
        time(next.end, "-"),
        "deploy.yaml",
        rule_of(window),
    });
}

void FreezeListing::add(const Freeze& freeze) {
    const bool is_for_all = freeze.environment.empty();
    if (!is_for_all && !applies({freeze.environment})) {
        return;
    }
    items.push_back(to_value(freeze, now_));
    add_row({
        std::to_string(freeze.number),
        is_for_all ? "all" : freeze.environment,
        time(freeze.since, ""),
        time(freeze.removed ? freeze.removed->at : freeze.until, "removed"),
        freeze.by,
        why(freeze),
    });
}

std::string FreezeListing::draw(const Style& style) const {
    return table(style, rows_, Folding::none);
}

bool FreezeListing::applies(const std::vector<std::string>& environments) const {
    return environment_.empty() || environments.empty() ||
           std::ranges::find(environments, environment_) != environments.end();
}

std::string FreezeListing::time(std::optional<WallTime> at, const char* otherwise) const {
    return at ? calendar::to_text(*at, now_, zone_) : otherwise;
}

void FreezeListing::add_row(std::vector<std::string> row) {
    names.push_back(row.front());
    for (auto& cell : row) {
        cell = printable(cell);
    }
    rows_.push_back(std::move(row));
}

}  // namespace deployctl::cli
