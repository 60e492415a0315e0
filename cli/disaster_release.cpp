// SPDX-License-Identifier: Apache-2.0
#include "cli/disaster_release.hpp"

#include "cli/connection.hpp"
#include "cli/elsewhere.hpp"
#include "cli/output/story.hpp"

#include <utility>

namespace deployctl::cli {

namespace {

using engine::StageEnd;
using engine::StageOutcome;

/// The rollout of the environment that is under way, as the journal knows it.
std::optional<RolloutRecord> find_active(Session& there, const std::string& app) {
    RolloutFilter filter;
    filter.which = RolloutFilter::Which::active;
    filter.app = app;
    filter.environment = there.globals.place.environment;
    const auto found = wait_for(there.parts, there.parts.journal().list(filter));
    return found.empty() ? std::nullopt : std::optional(found.front());
}

ProgressOrder views_of(const Target& target, const engine::DisasterPlan& plan) {
    auto order = progress_of(target, "");
    order.headline.next_version = plan.version;
    return order;
}

/// Goes on with the one that is there.
engine::RunResult go_on(
    Session& there,
    const RunChoices& choices,
    const RolloutRecord& active,
    const engine::DisasterPlan& plan
) {
    const auto cluster = connect_to(there, active);
    const RunTask task = [&](engine::Ports ports, engine::RunOptions options) {
        options.lock = lock_policy(choices);
        return engine::resume(ports, active, options);
    };
    return do_in_views(there, choices, cluster, views_of(active.target, plan), task);
}

engine::RunResult begin(
    Session& there,
    const RunChoices& choices,
    const Prepared& prepared,
    const engine::DisasterPlan& plan
) {
    const RunTask task = [&](engine::Ports ports, engine::RunOptions options) {
        options.remark = prepared.freeze_override;
        return engine::start(ports, prepared.draft.plan, options);
    };
    auto order = views_of(prepared.draft.plan.target, plan);
    order.story = story_of(prepared.draft.plan);
    return do_in_views(there, choices, prepared.cluster, std::move(order), task);
}

StageEnd end_of(const engine::RunResult& result) {
    StageEnd end;
    end.evidence = Value::map({{"rollout", result.rollout.id}, {"number", result.rollout.number}});
    const auto number = "rollout " + std::to_string(result.rollout.number);
    if (result.exit == ExitCode::done) {
        end.detail = number + " was promoted";
        return end;
    }
    const bool waits = result.exit == ExitCode::paused || result.exit == ExitCode::stopped_watching;
    end.outcome = waits ? StageOutcome::paused : StageOutcome::failed;
    end.detail = number + (waits ? " is not at its end yet" : " was not promoted") +
                 (result.cause ? ": " + result.cause->headline : "");
    return end;
}

/// By the environment's strategy, else pod by pod. An emergency is no ordinary release: no freeze
/// stops it, and it stands still nowhere.
Order order_for(
    const Configuration& configuration,
    const engine::DisasterPlan& plan,
    const std::string& environment
) {
    Order order;
    order.tag = plan.version;
    order.digest = plan.digest;
    const auto settings = configuration.environments.find(environment);
    if (settings == configuration.environments.end() || !settings->second.strategy) {
        order.strategy = StrategyKind::rolling;
    }
    if (plan.exercise != engine::Exercise::drill) {
        order.freeze.kind = FreezeRule::Kind::ignore;
        order.manner.haste = Haste::no_pauses;
    }
    return order;
}

}  // namespace

engine::StageEnd bring_out(
    Session& session,
    const Configuration& configuration,
    const RunChoices& choices,
    const engine::DisasterPlan& plan,
    const std::string& environment
) {
    Elsewhere elsewhere(session, environment);
    auto& there = elsewhere.session();
    const auto active = find_active(there, plan.app);
    if (active && active->next_version != plan.version) {
        throw Error(
            ExitCode::locked,
            "rollout " + std::to_string(active->number) + " brings " + active->next_version +
                " out in " + environment + ", and this is about " + plan.version,
            "end it first: `deployctl rollout abort " + std::to_string(active->number) +
                " --reason TEXT`, then `deployctl dr resume`"
        );
    }
    if (active) {
        return end_of(go_on(there, choices, *active, plan));
    }
    const auto prepared = prepare(there, order_for(configuration, plan, environment));
    refuse_if_active(prepared);
    if (prepared.draft.is_no_change) {
        StageEnd end;
        end.detail = "it runs there already";
        return end;
    }
    refuse_if_refused(prepared.draft);
    return end_of(begin(there, choices, prepared, plan));
}

}  // namespace deployctl::cli
