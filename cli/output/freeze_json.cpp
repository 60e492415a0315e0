// SPDX-License-Identifier: Apache-2.0
#include "cli/output/freeze_json.hpp"

#include "cli/output/records_json.hpp"

namespace deployctl::cli {

namespace {

Value text_or_null(const std::string& text) {
    return text.empty() ? Value() : Value(text);
}

Value removal_or_null(const std::optional<FreezeRemoval>& removed) {
    return removed ? Value::map(
                         {{"by", removed->by},
                          {"reason", removed->reason},
                          {"at", to_rfc3339(removed->at)}}
                     )
                   : Value();
}

Value next_or_null(const std::optional<calendar::Outlook::Next>& next) {
    return next ? Value::map({{"name", next->name}, {"begins", to_rfc3339(next->begin)}}) : Value();
}

}  // namespace

Value to_value(const calendar::Outlook& outlook) {
    const auto& names = outlook.frozen_by;
    return Value::map({
        {"frozen", outlook.is_frozen()},
        {"by", Value::Array(names.begin(), names.end())},
        {"until", outlook.is_frozen() ? time_or_null(outlook.open_at) : Value()},
        {"next", next_or_null(outlook.next)},
    });
}

Value to_value(const Freeze& freeze, WallTime now) {
    return Value::map({
        {"kind", "ad-hoc"},
        {"id", freeze.id},
        {"number", freeze.number},
        {"app", freeze.app},
        {"environment", text_or_null(freeze.environment)},
        {"by", freeze.by},
        {"reason", freeze.reason},
        {"begins", to_rfc3339(freeze.since)},
        {"ends", time_or_null(freeze.until)},
        {"removed", removal_or_null(freeze.removed)},
        {"over", is_over(freeze, now)},
    });
}

Value to_value(const FreezeWindow& window, const std::vector<calendar::Period>& occurrences) {
    Value::Array times;
    for (const auto& period : occurrences) {
        times.push_back(
            Value::map({{"begins", to_rfc3339(period.begin)}, {"ends", time_or_null(period.end)}})
        );
    }
    const auto& environments = window.environments;
    return Value::map({
        {"kind", "window"},
        {"name", window.name},
        {"environments", Value::Array(environments.begin(), environments.end())},
        {"cron", text_or_null(window.cron)},
        {"for", window.length ? Value(to_text(*window.length)) : Value()},
        {"from", text_or_null(window.from)},
        {"to", text_or_null(window.to)},
        {"occurrences", std::move(times)},
    });
}

}  // namespace deployctl::cli
