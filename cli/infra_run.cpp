// SPDX-License-Identifier: Apache-2.0
#include "cli/infra_run.hpp"

#include "cli/deploy_file.hpp"
#include "cli/stack_policies.hpp"
#include "cli/targeting.hpp"
#include "cli/wiring.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <ostream>

namespace deployctl::cli {

using plugins::terraform::ChangeKind;
using plugins::terraform::counts_of;
using plugins::terraform::destroys_of;
using plugins::terraform::Halt;
using plugins::terraform::PlannedChanges;
using plugins::terraform::sign_of;
using plugins::terraform::StackChange;
using plugins::terraform::StackOrder;
using plugins::terraform::StackPlan;
using plugins::terraform::without_fingerprint;

namespace {

Value changes_value(const std::vector<StackChange>& changes) {
    Value::Array items;
    for (const auto& change : changes) {
        items.push_back(Value::map({
            {"action", sign_of(change.kind)},
            {"address", change.address},
            {"type", change.type},
            {"attributes", lines_value(change.attributes)},
            {"stateful", change.is_stateful},
        }));
    }
    return items;
}

bool loses_content(const StackChange& change) {
    return change.is_stateful &&
           (change.kind == ChangeKind::remove || change.kind == ChangeKind::replace);
}

std::string change_lines(const std::vector<StackChange>& changes, const Style& style) {
    std::string text;
    for (const auto& change : changes) {
        const auto line = printable(without_fingerprint(to_text(change)));
        const bool is_hard =
            change.kind == ChangeKind::remove || change.kind == ChangeKind::replace;
        text += "  " + paint(style, is_hard ? Tone::bad : Tone::plain, line) +
                (loses_content(change) ? "  its content goes with it" : "") + "\n";
    }
    return text;
}

}  // namespace

InfraScene infra_scene(Session& session, const std::string& wanted) {
    InfraScene scene;
    const auto& place = session.globals.place;
    scene.configuration = need_deploy_file(place);
    const auto environment = choose_environment(scene.configuration, place);
    scene.place.target.app = scene.configuration.app.name;
    scene.place.target.environment = environment.name;
    scene.place.target.kube_namespace = environment.kube_namespace;
    scene.place.state_folder = state_folder(place);
    scene.stacks = stack_names(scene.configuration, environment.name, wanted);
    if (scene.stacks.empty()) {
        throw Error(
            ExitCode::usage,
            "no stack of infrastructure is configured",
            "infra: {stacks: {network: {dir: infra/network}}}"
        );
    }
    scene.prices = read_prices(session.parts.outside().files, scene.configuration.infra.prices);
    return scene;
}

StackOrder stack_order(const InfraScene& scene, const std::string& stack) {
    StackOrder order;
    order.stack = stack;
    order.settings = stack_settings(scene.configuration, scene.place.target, stack);
    order.program = scene.configuration.infra.program;
    order.encrypt_to = scene.configuration.infra.backup.encrypt_to;
    return order;
}

Task<FreshPlan> plan_open_stack(OpenStack* open, std::string name, Leftovers leftovers) {
    FreshPlan fresh;
    if (!open->is_ours) {
        fresh.halt = Halt{Halt::Kind::locked, "another runner of this machine works on it"};
        co_return fresh;
    }
    if (leftovers == Leftovers::refuse && open->folder.run()) {
        fresh.halt = Halt{
            Halt::Kind::cannot_tell,
            "nobody wrote how an earlier apply ended",
            "`deployctl infra apply " + name + "` takes it up"
        };
        co_return fresh;
    }
    auto* const was = &fresh.was;
    fresh.halt = co_await open->stack.prepare();
    if (!fresh.halt) {
        fresh.halt = co_await open->stack.recover(was);
    }
    if (!fresh.halt) {
        fresh.planned = co_await open->stack.plan();
        fresh.halt = fresh.planned.halt;
    }
    co_return fresh;
}

bool policies_agree(
    Session& session,
    const InfraScene& scene,
    const std::string& name,
    const PlannedChanges& planned
) {
    const auto settings = stack_settings(scene.configuration, scene.place.target, name);
    if (!planned.plan.has_changes()) {
        return true;
    }
    const PlanToJudge judged{scene.place.target, settings.policies, planned.json};
    const auto asked =
        wait_for(session.parts, ask_policies(&session.parts, &scene.configuration, judged));
    auto& terminal = session.terminal;
    const auto tell = [&](Sign which, const std::vector<std::string>& lines) {
        for (const auto& line : lines) {
            terminal.err << sign(terminal.err_style, which) << " " << printable(name) << ": "
                         << printable(line) << "\n";
        }
    };
    tell(Sign::failed, asked.refusals);
    tell(Sign::attention, asked.warnings);
    return asked.refusals.empty();
}

Value plan_value(const std::string& stack, const PlannedChanges& planned, const Prices& prices) {
    return Value::map({
        {"stack", stack},
        {"plan", planned.digest},
        {"counts", counts_of(planned.plan.changes)},
        {"changes", changes_value(planned.plan.changes)},
        {"drift", changes_value(planned.plan.drift)},
        {"destroys", lines_value(destroys_of(planned.plan.changes))},
        {"per_month", monthly_difference(planned.plan, prices)},
        {"lineage", planned.state.lineage},
        {"serial", planned.state.serial},
    });
}

std::string plan_text(
    const std::string& stack, const StackPlan& plan, const Prices& prices, const Style& style
) {
    auto text = paint(style, Tone::strong, printable(stack)) + "  " +
                (plan.has_changes() ? counts_of(plan.changes) : std::string("no changes"));
    const auto difference = monthly_difference(plan, prices);
    text += difference != 0 ? "   " + price_text(difference) : "";
    text += plan.is_summary ? "   (too large to look at attributes)" : "";
    text += "\n" + change_lines(plan.changes, style);
    if (!plan.drift.empty()) {
        text += "  changed by others since the last apply:\n" + change_lines(plan.drift, style);
    }
    return text;
}

void make_ready(Session& session, OpenStack& open, const std::string& name) {
    if (!open.is_ours) {
        refuse(name, {Halt::Kind::locked, "another runner of this machine works on it"});
    }
    if (const auto halt = wait_for(session.parts, open.stack.prepare())) {
        refuse(name, *halt);
    }
}

}  // namespace deployctl::cli
