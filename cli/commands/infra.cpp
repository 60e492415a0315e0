// SPDX-License-Identifier: Apache-2.0
// infra plan, drift, output and history: what looks at stacks and changes nothing in them.
#include "cli/commands/verbs.hpp"
#include "cli/infra_run.hpp"
#include "cli/output/fields.hpp"
#include "cli/output/records_json.hpp"
#include "cli/output/result.hpp"
#include "cli/report_file.hpp"
#include "documents/json.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <iterator>
#include <memory>
#include <ostream>

namespace deployctl::cli::commands {

using plugins::terraform::Halt;
using plugins::terraform::lines_of;
using plugins::terraform::PlannedChanges;
using plugins::terraform::sign_of;
using plugins::terraform::StackPlan;

namespace {

constexpr std::size_t most_plan_bytes = 256UL << 20U;

struct Options {
    std::string stack;
    std::string out;
    bool exit_code = false;
};

void need_one_stack(const InfraScene& scene, const std::string& why) {
    if (scene.stacks.size() > 1) {
        throw Error(ExitCode::usage, why, join(scene.stacks, " | "));
    }
}

/// The saved plan, and beside it what it was made of; both for this user alone.
void save_plan(
    Files& files, const std::string& out, const std::string& stack, const PlannedChanges& planned
) {
    const auto saved = files.read(planned.file, most_plan_bytes).text;
    write_report_file(out, saved);
    const auto note = Value::map({
        {"v", 1},
        {"stack", stack},
        {"plan", planned.digest},
        {"configuration", planned.configuration_hash},
        {"changes", lines_value(lines_of(planned.plan.changes))},
        {"lineage", planned.state.lineage},
        {"serial", planned.state.serial},
    });
    write_report_file(out + ".json", documents::write_json_indented(note) + "\n");
}

FreshPlan look(
    Session& session, const InfraScene& scene, const std::string& name, const std::string& out
) {
    session.terminal.err << "planning " << name << "\n" << std::flush;
    OpenStack open(scene.place, stack_order(scene, name), session.parts);
    auto fresh = wait_for(session.parts, plan_open_stack(&open, name, Leftovers::refuse));
    if (fresh.halt) {
        refuse(name, *fresh.halt);
    }
    if (const auto& doubt = fresh.planned.doubt; !doubt.empty()) {
        const auto& style = session.terminal.err_style;
        session.terminal.err << sign(style, Sign::attention) << " " << name << ": "
                             << printable(doubt) << "\n"
                             << std::flush;
    }
    if (!out.empty()) {
        save_plan(session.parts.outside().files, out, name, fresh.planned);
    }
    return fresh;
}

ExitCode plan(const Options& options, Session& session) {
    const auto scene = infra_scene(session, options.stack);
    if (!options.out.empty()) {
        need_one_stack(scene, "--out is for one stack: say which");
    }
    Result result;
    Value::Array items;
    std::vector<StackPlan> plans;
    bool has_changes = false;
    bool is_agreed = true;
    for (const auto& name : scene.stacks) {
        const auto fresh = look(session, scene, name, options.out);
        is_agreed = policies_agree(session, scene, name, fresh.planned) && is_agreed;
        items.push_back(plan_value(name, fresh.planned, scene.prices));
        plans.push_back(fresh.planned.plan);
        has_changes = has_changes || fresh.planned.plan.has_changes();
        result.names.push_back(name);
    }
    result.value = Value::map({{"items", items}});
    result.text = [&](const Style& style) {
        std::string text;
        for (std::size_t i = 0; i < plans.size(); ++i) {
            text += plan_text(scene.stacks[i], plans[i], scene.prices, style);
        }
        return text;
    };
    print(session, result);
    if (!is_agreed) {
        return ExitCode::blocked;
    }
    return options.exit_code && has_changes ? ExitCode::changes_pending : ExitCode::done;
}

ExitCode drift(const Options& options, Session& session) {
    const auto scene = infra_scene(session, options.stack);
    Result result;
    Value::Array items;
    bool has_drift = false;
    for (const auto& name : scene.stacks) {
        const auto fresh = look(session, scene, name, "");
        const auto& found = fresh.planned.plan.drift;
        const auto& doubt = fresh.planned.doubt;
        has_drift = has_drift || !found.empty() || !doubt.empty();
        if (!doubt.empty()) {
            items.push_back(Value::map({
                {"stack", name},
                {"action", "?"},
                {"address", "(its state)"},
                {"attributes", lines_value({doubt})},
            }));
        }
        for (const auto& change : found) {
            items.push_back(Value::map({
                {"stack", name},
                {"action", sign_of(change.kind)},
                {"address", change.address},
                {"attributes", lines_value(change.attributes)},
            }));
        }
        result.names.push_back(name);
    }
    result.value = Value::map({{"items", items}});
    result.text = [&items](const Style& style) {
        return items.empty() ? std::string("no drift: the world is as the states say\n")
                             : columns(items, {"stack", "action", "address", "attributes"}, style);
    };
    print(session, result);
    return has_drift ? ExitCode::changes_pending : ExitCode::done;
}

ExitCode output(const Options& options, Session& session) {
    const auto scene = infra_scene(session, options.stack);
    Result result;
    Value::Array items;
    for (const auto& name : scene.stacks) {
        OpenStack open(scene.place, stack_order(scene, name), session.parts);
        make_ready(session, open, name);
        const auto found = wait_for(session.parts, open.stack.outputs());
        if (found.halt) {
            refuse(name, *found.halt);
        }
        for (const auto& one : found.outputs) {
            items.push_back(Value::map({
                {"stack", name},
                {"name", one.name},
                {"sensitive", one.is_sensitive},
                {"value", one.is_sensitive ? Value() : one.value},
            }));
            result.names.push_back(one.name);
        }
    }
    result.value = Value::map({{"items", items}});
    result.text = [&items](const Style& style) {
        auto shown = items;
        for (auto& item : shown) {
            const auto& value = item.at("/value");
            item.set(
                "/value",
                item.flag("/sensitive") ? Value("(sensitive)")
                : value.is_string()     ? value
                                        : Value(documents::write_json(value))
            );
        }
        return items.empty() ? std::string("no outputs\n")
                             : columns(shown, {"stack", "name", "value"}, style);
    };
    print(session, result);
    return ExitCode::done;
}

Value operation_value(const Operation& operation) {
    return Value::map({
        {"id", operation.id},
        {"number", operation.number},
        {"kind", operation.kind},
        {"environment", operation.environment},
        {"stack", operation.subject},
        {"by", operation.by},
        {"state", to_text(operation.state)},
        {"started", to_rfc3339(operation.started)},
        {"ended", operation.ended ? Value(to_rfc3339(*operation.ended)) : Value()},
        {"rollout", Value()},
        {"plan", operation.plan},
        {"result", operation.result},
    });
}

const char* state_of(std::string_view end) {
    return end == to_text(TaskEnd::done)     ? to_text(OperationState::done)
           : end == to_text(TaskEnd::failed) ? to_text(OperationState::failed)
                                             : to_text(OperationState::needs_human);
}

/// A task of a rollout that has ended, as a row of the history.
Value row_of(const RolloutRecord& rollout, const Event& ended, const Value& task) {
    const auto& data = ended.data;
    auto result = data.at("/evidence").is_object() ? data.at("/evidence") : Value::map();
    result.set("/why", data.text("/detail"));
    const auto took = Duration(static_cast<std::int64_t>(data.real("/seconds") * 1e6));
    return Value::map({
        {"id", rollout.id},
        {"number", rollout.number},
        {"kind", task.at("/work").flag("/reverts") ? "rollout.revert" : "rollout.apply"},
        {"environment", rollout.target.environment},
        {"stack", task.at("/work").text("/stack")},
        {"by", rollout.initiator},
        {"state", state_of(data.text("/end"))},
        {"started", to_rfc3339(ended.at - took)},
        {"ended", to_rfc3339(ended.at)},
        {"rollout", rollout.id},
        {"plan", Value::map({{"changes", task.at("/work").at("/changes")}})},
        {"result", std::move(result)},
    });
}

/// What rollouts have applied, and taken back, of the stacks; as rows of the history.
std::vector<Value> applied_by_rollouts(Session& session, const InfraScene& scene) {
    auto& journal = session.parts.journal();
    RolloutFilter filter;
    filter.app = scene.place.target.app;
    filter.environment = scene.place.target.environment;
    std::vector<Value> rows;
    for (const auto& rollout : wait_for(session.parts, journal.list(filter))) {
        const auto tasks = wait_for(session.parts, journal.plan(rollout.id)).at("/tasks");
        for (const auto& event : wait_for(session.parts, journal.events(rollout.id, 0))) {
            const auto& task = tasks.at("/" + escape_pointer(event.data.text("/task")));
            const auto stack = task.at("/work").text("/stack");
            const bool is_meant = std::ranges::count(scene.stacks, stack) > 0;
            if (event.type == event_type_of(TaskEnded{}) && is_meant) {
                rows.push_back(row_of(rollout, event, task));
            }
        }
    }
    return rows;
}

ExitCode history(const Options& options, Session& session) {
    const auto scene = infra_scene(session, options.stack);
    OperationFilter filter;
    filter.app = scene.place.target.app;
    filter.environment = scene.place.target.environment;
    filter.kind = "infra.";
    filter.subject = options.stack;
    const auto operations = wait_for(session.parts, session.parts.operations().operations(filter));
    Result result;
    Value::Array items;
    for (const auto& operation : operations) {
        items.push_back(operation_value(operation));
    }
    std::ranges::move(applied_by_rollouts(session, scene), std::back_inserter(items));
    const auto started = [](const Value& one) { return one.text("/started"); };
    std::ranges::stable_sort(items, std::greater(), started);
    for (const auto& item : items) {
        result.names.push_back(item.text("/id"));
    }
    result.value = Value::map({{"items", items}});
    // Only a screen has an edge.
    const auto folding = session.terminal.ends.out_is_tty && !is_wide(session)
                             ? Folding::last_column
                             : Folding::none;
    result.text = [&items, folding](const Style& style) {
        std::vector<std::vector<std::string>> rows{
            {"NUMBER", "STARTED", "KIND", "STACK", "STATE", "BY", "WHAT"}
        };
        for (const auto& one : items) {
            const auto why = one.text("/result/why");
            const auto of_rollout = one.at("/rollout").is_null() ? "op-" : "rollout ";
            rows.push_back({
                of_rollout + std::to_string(one.number("/number")),
                to_minute_text(*read_rfc3339(one.text("/started"))),
                one.text("/kind"),
                printable(one.text("/stack")),
                one.text("/state"),
                printable(one.text("/by")),
                printable(why.empty() ? one.text("/plan/counts") : why),
            });
        }
        return items.empty() ? std::string("nothing is recorded\n") : table(style, rows, folding);
    };
    print(session, result);
    return ExitCode::done;
}

std::shared_ptr<Options> stack_options(Form& form) {
    auto options = std::make_shared<Options>();  // shared with the form's readers
    form.add_optional_argument(
        "STACK", "one of `infra.stacks` (default: all of the environment)", into(options->stack)
    );
    return options;
}

}  // namespace

Run infra_plan(Form& form) {
    const auto options = stack_options(form);
    form.add_option(
        "--out",
        "FILE",
        "save the plan for `infra apply --plan`; it may hold secrets",
        into(options->out)
    );
    form.add_flag("--exit-code", options->exit_code, "3 where there are changes");
    form.describe(
        "Addresses and names of attributes, never a value. What others have changed since the last "
        "apply is told apart from what an apply would change."
    );
    form.add_example("deployctl infra plan -e production", "all stacks");
    form.add_example("deployctl infra plan data --out data.tfplan", "for later");
    return [options](Session& session) { return plan(*options, session); };
}

Run infra_drift(Form& form) {
    const auto options = stack_options(form);
    form.describe("Ends with 3 where somebody has changed something.");
    form.add_example("deployctl infra drift -e production", "for a nightly job");
    return [options](Session& session) { return drift(*options, session); };
}

Run infra_output(Form& form) {
    const auto options = stack_options(form);
    form.describe("Outputs that are marked sensitive are named, and their values are not shown.");
    form.add_example("deployctl infra output data -o json", "for a script");
    return [options](Session& session) { return output(*options, session); };
}

Run infra_history(Form& form) {
    const auto options = stack_options(form);
    form.add_example("deployctl infra history data -e production", "who applied what, and when");
    return [options](Session& session) { return history(*options, session); };
}

}  // namespace deployctl::cli::commands
