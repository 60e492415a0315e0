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

#include <filesystem>
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
    if (!out.empty()) {
        save_plan(session.parts.outside().files, out, name, fresh.planned);
    }
    std::filesystem::remove(fresh.planned.file);
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
        has_drift = has_drift || !found.empty();
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
        {"plan", operation.plan},
        {"result", operation.result},
    });
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
        result.names.push_back(operation.id);
    }
    result.value = Value::map({{"items", items}});
    result.text = [&operations](const Style& style) {
        std::vector<std::vector<std::string>> rows{
            {"NUMBER", "STARTED", "KIND", "STACK", "STATE", "BY", "WHAT"}
        };
        for (const auto& one : operations) {
            const auto why = one.result.text("/why");
            rows.push_back({
                std::to_string(one.number),
                to_minute_text(one.started),
                one.kind,
                printable(one.subject),
                to_text(one.state),
                printable(one.by),
                printable(why.empty() ? one.plan.text("/counts") : why),
            });
        }
        return operations.empty() ? std::string("nothing is recorded\n")
                                  : table(style, rows, Folding::last_column);
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
