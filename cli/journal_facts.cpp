// SPDX-License-Identifier: Apache-2.0
// What the journal knows of recovery, as `assess --live` asks about it.
#include "cli/delivery.hpp"
#include "cli/deploy_file.hpp"
#include "cli/live_assessment.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace deployctl::cli {

namespace {

using std::chrono::seconds;

constexpr int most_operations = 500;
constexpr int most_rollouts = 200;

seconds whole(Duration span) {
    return std::chrono::duration_cast<seconds>(std::max(span, Duration::zero()));
}

std::optional<seconds> measured(const Value& result, const char* place) {
    const auto& value = result.at(place);
    return value.is_null() ? std::nullopt
                           : std::optional(seconds(static_cast<std::int64_t>(result.real(place))));
}

readiness::DrillFact fact_of(const Operation& drill, WallTime now) {
    return {
        drill.number,
        drill.state == OperationState::done,
        whole(now - drill.started),
        measured(drill.result, "/rto_seconds"),
        measured(drill.result, "/rpo_seconds"),
    };
}

std::vector<Operation> ended_operations(
    Session& session, const std::string& app, const std::string& kind
) {
    OperationFilter filter;
    filter.kind = kind;
    filter.app = app;
    filter.at_most = most_operations;
    auto found = wait_for(session.parts, session.parts.operations().operations(filter));
    std::erase_if(found, [](const Operation& one) { return one.state == OperationState::running; });
    return found;
}

/// The newest first, as the journal has them.
readiness::DrillFacts drills_of(
    const DisasterSettings& settings, const std::vector<Operation>& drills, WallTime now
) {
    readiness::DrillFacts facts;
    facts.every = whole(settings.drill_every);
    facts.rto = whole(settings.rto);
    facts.rpo = whole(settings.rpo);
    for (const auto& drill : drills) {
        const auto fact = fact_of(drill, now);
        facts.last = facts.last ? facts.last : fact;
        facts.last_good = facts.last_good || !fact.is_good ? facts.last_good : fact;
    }
    return facts;
}

/// Of each rollout that went back: from the turn to the end.
Task<std::vector<seconds>> ways_back(Store* store, RolloutFilter filter) {
    std::vector<seconds> spans;
    const auto rollouts = co_await store->list(filter);
    for (const auto& rollout : rollouts) {
        if (rollout.state != RolloutState::rolled_back || !rollout.ended) {
            continue;
        }
        const auto events = co_await store->events(rollout.id, 0);
        if (const auto turned = turn_of(events)) {
            spans.push_back(whole(*rollout.ended - *turned));
        }
    }
    co_return spans;
}

std::optional<readiness::ReturnFacts> returns_of(
    std::vector<seconds> spans, const Configuration& configuration
) {
    if (spans.empty()) {
        return std::nullopt;
    }
    std::ranges::sort(spans);
    readiness::ReturnFacts facts;
    facts.count = static_cast<int>(spans.size());
    facts.median = spans[spans.size() / 2];
    facts.slowest = spans.back();
    if (configuration.disaster) {
        facts.target = whole(configuration.disaster->rto);
    }
    return facts;
}

/// `backup run` restores too, where `verify` is configured; then it is in its result.
readiness::BackupFact backup_of(
    const std::string& database,
    const DatabaseSettings& settings,
    const std::vector<Operation>& operations,
    WallTime now
) {
    readiness::BackupFact fact;
    fact.database = database;
    fact.can_be_verified = !settings.verify.empty();
    for (const auto& one : operations) {
        const auto result = one.result.view("/verified/result");
        if (one.subject != database || result.empty()) {
            continue;
        }
        const auto age = whole(now - one.ended.value_or(one.started));
        auto& newest = result == "passed" ? fact.verified : fact.failed_last;
        newest = newest ? newest : std::optional(age);
    }
    return fact;
}

}  // namespace

readiness::JournalFacts journal_facts(Session& session) {
    readiness::JournalFacts facts;
    const auto configuration = read_deploy_file(session.globals.place);
    if (!configuration) {
        return facts;
    }
    const auto now = session.parts.clock().now();
    const auto& app = configuration->app.name;
    const auto drills = ended_operations(session, app, "dr.drill");
    if (configuration->disaster || !drills.empty()) {
        facts.drills = drills_of(configuration->disaster.value_or(DisasterSettings()), drills, now);
    }
    RolloutFilter filter;
    filter.app = app;
    filter.environment = session.globals.place.environment;
    filter.at_most = most_rollouts;
    auto spans = wait_for(session.parts, ways_back(&session.parts.journal(), filter));
    facts.returns = returns_of(std::move(spans), *configuration);
    const auto& databases = configuration->backup.databases;
    const auto backups =
        databases.empty() ? std::vector<Operation>() : ended_operations(session, app, "backup.");
    for (const auto& [name, settings] : databases) {
        facts.backups.push_back(backup_of(name, settings, backups, now));
    }
    return facts;
}

}  // namespace deployctl::cli
