// SPDX-License-Identifier: Apache-2.0
#include "cli/preparation.hpp"

#include "cli/backups.hpp"
#include "cli/deploy_file.hpp"
#include "cli/environment_locking.hpp"
#include "cli/freeze_override.hpp"
#include "cli/order_check.hpp"
#include "cli/release_inputs.hpp"
#include "cli/stacks.hpp"
#include "cli/targeting.hpp"
#include "cli/task_inputs.hpp"
#include "cli/turn.hpp"
#include "cli/unconfigured.hpp"
#include "cli/wiring.hpp"
#include "engine/approving.hpp"
#include "engine/gate_preflight.hpp"
#include "engine/preflight.hpp"
#include "engine/scaled_objects.hpp"
#include "model/image.hpp"
#include "model/output_names.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <ostream>
#include <utility>

namespace deployctl::cli {

namespace {

/// The digest that the policy asks for; what it forbids is a refusal, what it lets pass a warning.
Task<std::string> resolve_digest(
    Registry* registry, DigestPolicy policy, engine::PlanDraft* draft
) {
    if (policy == DigestPolicy::off) {
        co_return std::string();
    }
    auto image = read_image(draft->plan.release.image);
    const auto name = image.repository + ":" + image.tag;
    const auto answer = co_await registry->resolve(image);
    switch (answer.kind) {
        case TagAnswer::Kind::found: co_return answer.digest;
        case TagAnswer::Kind::no_such_tag:
            draft->refusals.push_back("no image " + name + " in the registry: " + answer.message);
            break;
        case TagAnswer::Kind::unreachable: {
            auto text =
                "the registry does not say which digest " + name + " has: " + answer.message;
            auto& list = policy == DigestPolicy::require ? draft->refusals : draft->warnings;
            list.push_back(
                policy == DigestPolicy::require ? text + " (app.image.digest: require)" : text
            );
            break;
        }
    }
    co_return std::string();
}

std::optional<StrategyKind> strategy_of(const Order& order, const Environment& environment) {
    return order.strategy ? order.strategy : environment.strategy;
}

bool wants_outputs(const HookSettings& hook) {
    return !outputs_in(hook.run).empty();
}

/// No stack is asked on the way back: one that does not answer must not keep it from its end.
std::vector<std::string> left_out(const Configuration& configuration) {
    std::vector<std::string> warnings;
    for (const auto& hook : configuration.hooks.on_rollback) {
        if (wants_outputs(hook)) {
            warnings.push_back(
                "hook " + hook.name +
                " is left out: it wants outputs of a stack, and going back "
                "asks none"
            );
        }
    }
    return warnings;
}

/// What goes back backs nothing up, and neither migrates nor builds; what is done when something
/// has gone back is done at its end.
void leave_what_is_beside(Configuration& configuration) {
    configuration.backup.databases.clear();
    configuration.infra.stacks.clear();
    auto& hooks = configuration.hooks;
    hooks.pre_deploy.clear();
    hooks.post_verify = std::exchange(hooks.on_rollback, {});
    std::erase_if(hooks.post_verify, wants_outputs);
}

engine::PlanRequest make_request(
    const Configuration& configuration, const Environment& environment, const Order& order
) {
    engine::PlanRequest request;
    request.configuration = configuration;
    request.environment = environment;
    request.strategy = strategy_of(order, environment).value();
    request.tag = order.tag;
    request.digest = order.digest;
    request.steps = order.steps;
    if (order.recorded) {
        request.pod_template = order.recorded->pod_template;
        request.beside.recorded_objects = order.recorded->objects;
        auto& app = request.configuration.app;
        app.manifests = {};
        app.config_objects = {};  // it reads what it read
        if (request.pod_template && app.digest == DigestPolicy::prefer) {
            app.digest = DigestPolicy::off;  // what ran by its tag is not made another by today's
        }
    }
    if (order.manner.errand == Errand::goes_back) {
        leave_what_is_beside(request.configuration);
    }
    if (order.manner.haste == Haste::no_pauses) {
        auto& rolling = request.configuration.strategies.rolling;
        rolling.batch_pause = {};
        rolling.bake = {};
        request.environment.preflight.reset();
        request.environment.approval.clear();
    }
    if (order.on_failure) {
        request.environment.on_failure = order.on_failure;
    }
    request.configuration.on_interrupt = order.on_interrupt.value_or(configuration.on_interrupt);
    request.target.app = configuration.app.name;
    request.target.environment = environment.name;
    return request;
}

/// Everything that would stop it, and every query of its gates once.
Task<> check_before(Parts* parts, const World* world, Prepared* prepared) {
    auto& draft = prepared->draft;
    const auto frozen = engine::freeze_scripts(parts->outside().files, draft.plan.gates);
    append(draft.refusals, frozen.refusals);
    append(draft.warnings, frozen.warnings);
    append(draft.refusals, freeze_hooks(parts->outside().files, draft.plan.tasks).refusals);
    const auto plan = draft.plan;
    const auto checked = co_await engine::preflight(parts->cluster(prepared->cluster), plan);
    append(draft.refusals, checked.refusals);
    append(draft.warnings, checked.warnings);
    const auto asked = co_await engine::preflight_gates(parts->outside(), world, plan);
    prepared->mute_gates = asked.refusals;
    append(draft.warnings, asked.warnings);
    if (asked.refusals.empty()) {  // else who could say it does not answer
        auto* const metrics = &parts->outside().metrics;
        prepared->sight = co_await engine::look_ahead(metrics, world, plan);
        append(draft.warnings, prepared->sight.cautions);
    }
    auto* const files = &parts->outside().files;
    const auto reports = co_await engine::preflight_reports(files, plan);
    append(draft.warnings, reports.warnings);
}

Task<Prepared> prepare_task(
    Parts* parts, engine::PlanRequest request, bool is_configured, std::optional<TurnOrder> turn
) {
    Prepared prepared;
    auto choice = cluster_of(request.environment);
    choice.request_timeout = request.configuration.timeouts.request;
    prepared.cluster = co_await parts->settle(choice);
    request.target.kube_namespace = prepared.cluster.kube_namespace;
    auto& cluster = parts->cluster(prepared.cluster);
    const auto identity = co_await cluster.identify();
    request.target.cluster_uid = identity.uid;
    if (turn) {
        turn->target = request.target;
        turn->cluster = prepared.cluster;
        const auto order = *turn;
        co_await wait_for_turn(parts, order);
    }
    const auto world = co_await cluster.look();
    std::vector<std::string> notes;
    if (!is_configured) {
        notes = fit_to_workload(request.configuration, world);
    }
    auto* const wanted = &request;
    auto* const found = &prepared;
    prepared.underway = co_await find_underway(parts, wanted, prepared.cluster);
    request.recorded_replicas = prepared.underway.replicas;
    const auto* const seen = &world;
    const auto refusals = co_await read_release(parts, prepared.cluster, wanted, seen);
    co_await engine::note_scaled_object(&cluster, world, wanted);
    auto draft = engine::make_plan(world, request);
    append(draft.refusals, refusals);
    if (!draft.is_no_change && request.digest.empty()) {
        auto& registry = parts->registry();
        const auto policy = request.configuration.app.digest;
        auto* const asked = &draft;
        request.digest = co_await resolve_digest(&registry, policy, asked);
        auto with_digest = engine::make_plan(world, request);
        with_digest.refusals = draft.refusals;
        with_digest.warnings = draft.warnings;
        draft = std::move(with_digest);
    }
    append(draft.warnings, notes);
    prepared.draft = std::move(draft);
    if (!prepared.underway.text.empty()) {
        prepared.draft.warnings.push_back(caution_of(prepared.underway, prepared.draft));
    }
    if (!prepared.draft.is_no_change) {
        co_await check_before(parts, seen, found);
    }
    co_return prepared;
}

std::optional<TurnOrder> turn_of(Session& session, const Order& order) {
    std::optional<TurnOrder> turn;
    if (order.wait_lock) {
        turn.emplace();
        turn->at_most = *order.wait_lock;
        turn->notes = &session.terminal.err;
    }
    return turn;
}

/// A configuration names the workload, or the flags do.
void refuse_second_source(const Unconfigured& wanted, const Place& place) {
    if (!(wanted.workload + wanted.image + wanted.container).empty()) {
        throw Error(
            ExitCode::usage,
            "--workload, --image and --container are for apps without a configuration, and " +
                deploy_file(place) + " is one",
            "leave them out, or name no configuration and work in another folder (-C)"
        );
    }
}

/// Freezes, locks and the age of backups: what stops whatever begins.
void heed_what_stops(
    Parts& parts,
    const Order& order,
    const Configuration& configuration,
    const Target& target,
    Prepared& prepared
) {
    auto& draft = prepared.draft;
    const bool brings_out = order.manner.errand == Errand::brings_out;
    const bool is_hindered = brings_out && order.freeze.kind != FreezeRule::Kind::ignore;
    append(is_hindered ? draft.refusals : draft.warnings, prepared.mute_gates);
    if (is_hindered) {
        prepared.freeze = freeze_now(parts, configuration, target);
        heed_freeze(parts, order.freeze, configuration, prepared);
        append(draft.refusals, object_to_age(parts, configuration, draft));
    }
    if (brings_out && order.lock == LockRule::heed) {
        prepared.lock = LockRule::heed;
        heed_lock(parts, prepared.cluster, draft);
    }
}

}  // namespace

Prepared prepare(Session& session, const Order& order) {
    const auto& place = session.globals.place;
    auto configuration = read_deploy_file(place);
    const bool is_configured = configuration.has_value();
    const auto& wanted = order.unconfigured;
    if (is_configured) {
        refuse_second_source(wanted, place);
    }
    Diagnostics mistakes;
    if (!is_configured) {
        auto loaded = configuration_for(wanted, place);
        configuration = std::move(loaded.configuration);
        mistakes = std::move(loaded.diagnostics);
    }
    need_app(*configuration, place);
    if (!place.app.empty() && is_configured && place.app != configuration->app.name) {
        throw Error(
            ExitCode::usage,
            "--app " + place.app + " is not the app of " + deploy_file(place) + ", " +
                configuration->app.name
        );
    }
    const auto environment = choose_environment(*configuration, place);
    const auto more = mistakes_of(order, strategy_of(order, environment), environment.name);
    mistakes.insert(mistakes.end(), more.begin(), more.end());
    if (has_errors(mistakes)) {
        throw ConfigError(std::move(mistakes));
    }
    auto request = make_request(*configuration, environment, order);
    const auto target = request.target;
    const bool brings_out = order.manner.errand == Errand::brings_out;
    request.emergency_approval = emergency_approval(session.parts, *configuration, order, target);
    const StackPlace stacks{target, state_folder(place)};
    StackForecast forecast;
    if (brings_out) {  // what goes back builds nothing
        forecast =
            wait_for(session.parts, forecast_stacks(&session.parts, &*configuration, stacks));
        request.beside.tasks.stacks = forecast.planned;
        request.beside.tasks.outputs = forecast.outputs;
    }
    auto prepared = wait_for_beginning(
        session.parts,
        prepare_task(&session.parts, std::move(request), is_configured, turn_of(session, order))
    );
    auto& draft = prepared.draft;
    prepared.infra = forecast.line;
    append(draft.refusals, forecast.refusals);
    append(draft.warnings, brings_out ? forecast.warnings : left_out(*configuration));
    const auto initiator = session.parts.runners().self().identity;
    append(draft.refusals, engine::approvals_out_of_reach(draft.plan, initiator));
    heed_what_stops(session.parts, order, *configuration, target, prepared);
    return prepared;
}

PlanView view_of(const Prepared& prepared, const Style& style, PlanView::Detail detail) {
    PlanView view{prepared.cluster.context, style, detail};
    view.sight = prepared.sight;
    view.infra = prepared.infra;
    if (!prepared.freeze.outlook.is_frozen()) {
        view.freeze = prepared.freeze.text;  // else it is a refusal, or a warning
    }
    return view;
}

void refuse_if_active(const Prepared& prepared) {
    const auto& draft = prepared.draft;
    if (prepared.underway.text.empty() || (!draft.is_no_change && draft.refusals.empty())) {
        return;  // what is merely in the way is refused, and recorded, by the engine
    }
    const auto tag = printable(draft.plan.release.tag);
    const auto head = draft.is_no_change
                          ? tag + " runs in " + printable(draft.plan.workload) + " now, but "
                          : tag + " cannot start: ";
    throw Error(
        ExitCode::locked, head + printable(prepared.underway.text) + " is active", turn_help
    );
}

void refuse_if_refused(const engine::PlanDraft& draft) {
    if (draft.refusals.empty()) {
        return;
    }
    const auto count = draft.refusals.size();
    const auto head =
        count == 1 ? std::string() : std::to_string(count) + " things stand against it: ";
    throw Error(ExitCode::blocked, head + join(draft.refusals, "; "), "nothing was changed");
}

}  // namespace deployctl::cli
