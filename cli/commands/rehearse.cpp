// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/verbs.hpp"
#include "cli/output/rehearsal_view.hpp"
#include "cli/output/result.hpp"
#include "cli/preparation.hpp"
#include "cli/troubles.hpp"
#include "engine/objects.hpp"
#include "engine/preflight.hpp"
#include "model/image.hpp"
#include "simulation/rehearsal.hpp"

#include <algorithm>
#include <memory>

namespace deployctl::cli::commands {

namespace {

struct Options {
    Order order;
    std::vector<simulation::Trouble> troubles;
    std::optional<int> seed;
    std::optional<Duration> ready_after;
};

/// The room that the pods of others leave: in the rehearsal there are none of them.
void add_quotas(const std::vector<Value>& quotas, const Plan& plan, simulation::Stand& others) {
    for (auto quota : quotas) {
        if (const auto pods = engine::read_pod_quota(quota)) {
            const auto foreign = std::max<std::int64_t>(0, pods->used - plan.scene.replicas);
            const auto left = std::max<std::int64_t>(0, pods->hard - foreign);
            quota.set("/spec/hard/pods", std::to_string(left));
            others.emplace_back(Kind::resource_quota, std::move(quota));
        }
    }
}

/// As far as they may be seen.
Task<std::vector<Value>> read_quotas(Cluster* cluster) {
    const std::vector<Permission> wanted{{"list", "", deployctl::info(Kind::resource_quota).plural}
    };
    const auto missing = co_await cluster->missing_permissions(wanted);
    std::vector<Value> quotas;
    if (missing.empty()) {
        quotas = co_await list_all(*cluster, Kind::resource_quota);
    }
    co_return quotas;
}

/// What is there already beside stable, the preview Services, and the quotas.
Task<simulation::Stand> read_others(Cluster* cluster, Plan plan) {
    auto refs = engine::preview_services(plan);
    for (const auto slot : engine::slots_beside(plan)) {
        refs.push_back(engine::workload_ref(plan, slot));
    }
    simulation::Stand others;
    for (const auto& ref : refs) {
        const auto object = co_await cluster->get(ref);
        if (object) {
            others.emplace_back(ref.kind, *object);
        }
    }
    const auto quotas = co_await read_quotas(cluster);
    add_quotas(quotas, plan, others);
    co_return others;
}

/// Nothing stands against this rollout: what a rehearsal of it would have to assume away.
void need_startable(const Prepared& prepared) {
    refuse_if_active(prepared);
    refuse_if_refused(prepared.draft);
    if (!prepared.underway.text.empty()) {
        throw Error(
            ExitCode::locked,
            printable(prepared.underway.text) +
                " is active: what stands there now is not what this "
                "rollout would begin with",
            "rehearse once it has ended"
        );
    }
}

/// The simulated pods behave as the name of their version says.
void need_two_names(const Plan& plan) {
    const auto name = version_text(read_image(plan.release.image));
    if (name == version_text(read_image(plan.release.previous_image))) {
        throw Error(
            ExitCode::blocked,
            "old and new version are both called " + printable(name) +
                ": in a rehearsal pods behave as the name of their version says, so that it could "
                "not tell the new ones from the old ones",
            "give the new version a tag of its own; `deployctl plan` shows the steps without one"
        );
    }
}

simulation::RehearsalOrder order_of(
    Session& session, const Options& options, const Prepared& prepared
) {
    constexpr auto most = std::chrono::hours(24);  // no plan waits longer for a pod
    if (options.ready_after.value_or(Duration::zero()) > most) {
        throw Error(
            ExitCode::usage,
            "--ready-after: a rehearsal plays pods that are ready within 24h, not " +
                deployctl::to_text(*options.ready_after)
        );
    }
    simulation::RehearsalOrder order;
    order.plan = prepared.draft.plan;
    order.ready_after = options.ready_after.value_or(order.ready_after);
    order.troubles = options.troubles;
    const auto steps = static_cast<int>(order.plan.course.steps.size());
    need_steps(order.troubles, steps);
    if (options.seed) {
        const auto drawn =
            simulation::draw_troubles(static_cast<std::uint64_t>(*options.seed), steps);
        order.troubles.insert(order.troubles.end(), drawn.begin(), drawn.end());
    }
    auto& cluster = session.parts.cluster(prepared.cluster);
    order.others = wait_for(session.parts, read_others(&cluster, order.plan));
    return order;
}

Result nothing_to_rehearse(const Plan& plan) {
    Result result;
    result.value = Value::map({{"simulated", true}, {"no_change", true}, {"exit", 0}});
    result.text = [&plan](const Style& style) {
        return sign(style, Sign::done) + " nothing to rehearse: " + printable(plan.workload) +
               " runs " + printable(plan.release.tag) + " already\n";
    };
    return result;
}

ExitCode run(const Options& options, Session& session) {
    auto order_here = options.order;
    order_here.freeze.kind = FreezeRule::Kind::ignore;  // nothing is brought out
    order_here.lock = LockRule::ignore;
    const auto prepared = prepare(session, order_here);
    const auto& plan = prepared.draft.plan;
    need_startable(prepared);
    if (prepared.draft.is_no_change) {
        print(session, nothing_to_rehearse(plan));
        return ExitCode::done;
    }
    need_two_names(plan);
    const auto order = order_of(session, options, prepared);
    const auto rehearsal = simulation::rehearse(order);
    std::optional<std::uint64_t> seed;
    if (options.seed) {
        seed = static_cast<std::uint64_t>(*options.seed);
    }
    const RehearsalView view{order, seed, rehearsal};
    Result result;
    result.value = to_value(view);
    result.names = {deployctl::to_text(rehearsal.end.rollout.state)};
    result.text = [&view](const Style& style) { return draw(view, style); };
    print(session, result);
    return rehearsal.broken.empty() ? rehearsal.end.exit : ExitCode::internal_error;
}

}  // namespace

Run rehearse(Form& form) {
    const auto options = std::make_shared<Options>();  // shared with the form's readers
    form.add_argument("STRATEGY", "how to bring it out", one_strategy(options->order));
    declare_order(form, options->order);
    form.add_option(
        "--fail",
        "WHAT[@stepN]",
        "what goes wrong, when step N begins (default: the first); may be said again",
        into(options->troubles)
    );
    form.add_option(
        "--seed",
        "N",
        "random faults of cluster, journal and runner; the same number, the same faults",
        into_count(options->seed)
    );
    form.add_option(
        "--ready-after",
        "DURATION",
        "how long a pod takes to be ready (default: 10s)",
        into(options->ready_after)
    );
    form.describe(
        "Plans as `plan` does, copies what the plan is about into a simulated cluster, and lets "
        "the "
        "real engine walk it there in virtual time. The real cluster and the journal are read and "
        "never written. The exit code is the one that the rollout would end with, once somebody "
        "has resumed it as often as its runner was lost; what the first command would end with is "
        "said too. WHAT is one of: " +
        known_troubles() + "."
    );
    form.add_example("deployctl rehearse canary v2.31.0 -e production", "if all goes well");
    form.add_example(
        "deployctl rehearse canary v2.31.0 -e production --fail pod-crash@step2",
        "its pods crash from step 2 on"
    );
    form.add_example(
        "deployctl rehearse blue-green v2.31.0 -e staging --fail errors=20%@step5 --fail "
        "runner-killed@step8",
        "several faults"
    );
    form.add_example(
        "deployctl rehearse rolling v2.31.0 -e dev --seed 7 --ready-after 45s",
        "faults by chance, that can be had again"
    );
    return [options](Session& session) { return run(*options, session); };
}

}  // namespace deployctl::cli::commands
