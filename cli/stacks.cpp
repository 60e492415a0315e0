// SPDX-License-Identifier: Apache-2.0
#include "cli/stacks.hpp"

#include "cli/redacting.hpp"
#include "cli/stack_policies.hpp"
#include "config/report.hpp"
#include "config/spelling.hpp"
#include "documents/yaml.hpp"
#include "engine/task_outputs.hpp"
#include "model/environments.hpp"
#include "model/output_names.hpp"
#include "model/placeholders.hpp"
#include "model/text.hpp"
#include "plugins/terraform/stack_report.hpp"
#include "plugins/terraform/way_back.hpp"
#include "ports/printed.hpp"
#include "readiness/redaction.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>

namespace deployctl::cli {

using plugins::terraform::ChangeKind;
using plugins::terraform::counts_of;
using plugins::terraform::destroys_of;
using plugins::terraform::Halt;
using plugins::terraform::lines_of;
using plugins::terraform::outputs_value;
using plugins::terraform::PlannedChanges;
using plugins::terraform::Stack;
using plugins::terraform::stack_folder_path;
using plugins::terraform::StackOrder;
using plugins::terraform::StackPlan;
using plugins::terraform::StackRun;
using plugins::terraform::trouble_with_going_back;
using plugins::terraform::without_fingerprint;

namespace {

constexpr std::size_t most_price_bytes = 1UL << 20U;

ExitCode exit_of(Halt::Kind kind) {
    switch (kind) {
        case Halt::Kind::failed: return ExitCode::blocked;
        case Halt::Kind::locked: return ExitCode::locked;
        case Halt::Kind::cannot_tell: return ExitCode::paused;
        case Halt::Kind::stopped: return ExitCode::stopped_watching;
        case Halt::Kind::tool_missing: return ExitCode::tool_missing;
    }
    return ExitCode::internal_error;
}

/// By any hook.
bool are_outputs_wanted(const Hooks& hooks, const std::string& stack) {
    const auto wants = [&stack](const HookSettings& hook) {
        return std::ranges::count(outputs_in(hook.run), stack, &OutputName::stack) > 0;
    };
    return std::ranges::any_of(hooks.pre_deploy, wants) ||
           std::ranges::any_of(hooks.post_verify, wants) ||
           std::ranges::any_of(hooks.on_rollback, wants);
}

/// Plans the stacks of one environment, one after the other, and judges what it finds.
class Forecaster {
public:
    Forecaster(Parts& parts, const Configuration& configuration, StackPlace place)
        : parts_(parts), configuration_(configuration), place_(std::move(place)) {}

    Task<> add(std::string name) {
        StackOrder order;
        order.stack = name;
        order.settings = stack_settings(configuration_, place_.target, name);
        order.program = configuration_.infra.program;
        order.encrypt_to = configuration_.infra.backup.encrypt_to;
        OpenStack open(place_, order, parts_);
        auto* const opened = &open;
        const auto halt = co_await trouble_with(opened, name);
        if (halt) {
            refuse_stack(name, *halt);
            co_return;
        }
        auto planned = co_await open.stack.plan();
        if (planned.halt) {
            refuse_stack(name, *planned.halt);
            co_return;
        }
        judge_drift(name, order.settings, planned.plan);
        if (take(name, order, planned)) {
            co_await ask_its_policies(name, order.settings, std::move(planned.json));
        } else if (are_outputs_wanted(configuration_.hooks, name)) {
            auto* const opened_stack = &open.stack;
            co_await read_outputs(name, opened_stack);
        }
    }

    StackForecast take_result(const Prices& prices) {
        const auto most = configuration_.infra.max_monthly_increase;
        if (most && forecast_.monthly > *most) {
            forecast_.refusals.push_back(
                "infrastructure would cost " + price_text(forecast_.monthly) + "; at most " +
                price_text(*most) + " is allowed (infra.max_monthly_increase)"
            );
        }
        forecast_.line = join(parts_of_line_, "   ");
        if (!prices.empty() && forecast_.monthly != 0) {
            forecast_.line += "   " + price_text(forecast_.monthly);
        }
        return std::move(forecast_);
    }

    void use(const Prices& prices) { prices_ = prices; }

private:
    Task<std::optional<Halt>> trouble_with(OpenStack* open, std::string name) {
        if (!open->is_ours) {
            co_return Halt{Halt::Kind::locked, "another runner of this machine works on it"};
        }
        if (open->folder.run()) {
            co_return Halt{
                Halt::Kind::cannot_tell,
                "nobody wrote how an earlier apply ended",
                "`deployctl infra apply " + name + "` takes it up"
            };
        }
        std::optional<StackRun> none;
        auto* const left = &none;
        auto halt = co_await open->stack.recover(left);
        if (!halt) {
            halt = co_await open->stack.prepare();
        }
        co_return halt;
    }

    void refuse_stack(const std::string& name, const Halt& halt) {
        forecast_.refusals.push_back(
            readiness::redacted("stack " + name + ": " + halt.why) +
            (halt.what_to_do.empty() ? "" : "; " + halt.what_to_do)
        );
        parts_of_line_.push_back(name + ": not planned");
    }

    void judge_drift(
        const std::string& name, const StackSettings& settings, const StackPlan& plan
    ) {
        if (plan.drift.empty() || settings.drift == DriftPolicy::ignore) {
            return;
        }
        std::vector<std::string> lines;
        for (const auto& change : plan.drift) {
            lines.push_back(without_fingerprint(to_text(change)));
        }
        auto& list = settings.drift == DriftPolicy::block ? forecast_.refusals : forecast_.warnings;
        list.push_back(
            "stack " + name + ": others have changed what it keeps: " + first_few(lines, ", ") +
            "; see `deployctl infra drift " + name + "`"
        );
    }

    Task<> read_outputs(std::string name, Stack* stack) {
        const auto read = co_await stack->outputs();
        if (read.halt) {
            refuse_stack(name, *read.halt);
            co_return;
        }
        const auto told = engine::output_names(name, without_secrets(outputs_value(read)));
        forecast_.outputs.insert(told.begin(), told.end());
    }

    Task<> ask_its_policies(std::string name, StackSettings settings, std::string json) {
        PlanToJudge judged{place_.target, std::move(settings.policies), std::move(json)};
        const auto asked = co_await ask_policies(&parts_, &configuration_, std::move(judged));
        for (const auto& refusal : asked.refusals) {
            forecast_.refusals.push_back("stack " + name + ": " + refusal);
        }
        for (const auto& warning : asked.warnings) {
            forecast_.warnings.push_back("stack " + name + ": " + warning);
        }
    }

    /// Whether it is applied.
    bool take(const std::string& name, const StackOrder& order, const PlannedChanges& planned) {
        parts_of_line_.push_back(name + ": " + short_text(planned.plan));
        if (!planned.doubt.empty()) {
            forecast_.refusals.push_back(
                "stack " + name + ": " + planned.doubt +
                "; where that is right, `deployctl infra apply " + name + " --confirm=" + name +
                "` agrees to it"
            );
        }
        if (order.settings.apply == ApplyWhen::never || !planned.plan.has_changes()) {
            return false;
        }
        if (order.settings.on_rollback == StackWayBack::revert) {
            judge_way_back(name, order.settings);
        }
        engine::PlannedStack stack;
        stack.work.stack = name;
        stack.work.settings = order.settings;
        stack.work.program = order.program;
        stack.work.configuration_hash = planned.configuration_hash;
        stack.work.changes = lines_of(planned.plan.changes);
        stack.destroys = destroys_of(planned.plan.changes);
        forecast_.planned.push_back(std::move(stack));
        forecast_.monthly += monthly_difference(planned.plan, prices_);
        return true;
    }

    void judge_way_back(const std::string& name, const StackSettings& settings) {
        const auto notes = stack_folder_path(place_.state_folder, place_.target, name);
        if (const auto why = trouble_with_going_back(settings, notes); !why.empty()) {
            forecast_.refusals.push_back(
                "stack " + name + " has `on_rollback: revert`, and " + why
            );
        }
    }

    Parts& parts_;
    const Configuration& configuration_;
    StackPlace place_;
    Prices prices_;
    StackForecast forecast_;
    std::vector<std::string> parts_of_line_;
};

}  // namespace

std::vector<std::string> stack_names(
    const Configuration& configuration, const std::string& environment, const std::string& wanted
) {
    std::vector<std::string> names;
    for (const auto& [name, settings] : configuration.infra.stacks) {
        if (holds_in(settings.environments, environment)) {
            names.push_back(name);
        }
    }
    if (wanted.empty()) {
        return names;
    }
    if (std::ranges::count(names, wanted) > 0) {
        return {wanted};
    }
    const auto near = config::closest(wanted, {names.begin(), names.end()});
    throw Error(
        ExitCode::usage,
        "no stack `" + wanted + "` is configured" +
            (environment.empty() ? "" : " for environment `" + environment + "`"),
        names.empty() ? "`infra.stacks` names none"
        : near        ? "did you mean " + std::string(*near) + "?"
                      : "known: " + join(names, ", ")
    );
}

StackSettings stack_settings(
    const Configuration& configuration, const Target& target, const std::string& stack
) {
    auto settings = configuration.infra.stacks.at(stack);
    const Placeholders names{{"app", target.app}, {"env", target.environment}};
    for (auto* text : {&settings.dir, &settings.workspace}) {
        *text = fill_in(*text, names);
    }
    for (auto* list : {&settings.var_files, &settings.backend_config}) {
        for (auto& text : *list) {
            text = fill_in(text, names);
        }
    }
    return settings;
}

OpenStack::OpenStack(const StackPlace& place, StackOrder order, Parts& parts)
    : folder(stack_folder_path(place.state_folder, place.target, order.stack)),
      is_ours(folder.take()),
      stack(std::move(order), folder, {parts.clock(), parts.runners()}) {}

void refuse(const std::string& stack, const Halt& halt) {
    const auto why = readiness::redacted("stack " + stack + ": " + halt.why);
    throw Error(exit_of(halt.kind), why, halt.what_to_do);
}

Prices read_prices(Files& files, const std::string& path) {
    Prices prices;
    if (path.empty()) {
        return prices;
    }
    const auto file = files.read(path, most_price_bytes);
    if (file.kind != FileAnswer::Kind::read) {
        throw Error(
            ExitCode::usage,
            "the prices, " + path + ", cannot be read: " + file.failure,
            "`infra.prices` begins in the working folder"
        );
    }
    const documents::YamlSource source{file.text, path};
    auto tree = documents::read_yaml(source);
    if (has_errors(tree.diagnostics)) {
        throw ConfigError(std::move(tree.diagnostics));
    }
    config::Report mistakes(source);
    for (const auto& entry : tree.root.entries) {
        const auto price = documents::to_value(entry.value).real("", -1);
        if (!std::isfinite(price) || price < 0) {
            auto& wrong = mistakes.add(
                "C1131", "the price of `" + entry.key + "` is no number of at least 0", entry.place
            );
            wrong.docs = "infra.prices";
            wrong.help = "write what one costs in a month: `" + entry.key + ": 12.50`";
        }
        prices[entry.key] = price;
    }
    if (auto wrong = mistakes.take(); !wrong.empty()) {
        throw ConfigError(std::move(wrong));
    }
    return prices;
}

double monthly_difference(const StackPlan& plan, const Prices& prices) {
    double difference = 0;
    for (const auto& change : plan.changes) {
        const auto price = prices.find(change.type);
        if (price == prices.end()) {
            continue;
        }
        difference += change.kind == ChangeKind::create   ? price->second
                      : change.kind == ChangeKind::remove ? -price->second
                                                          : 0;
    }
    return difference;
}

std::string price_text(double difference) {
    char text[64];
    std::snprintf(text, sizeof text, "%+.2f per month", difference);
    return text;
}

std::string short_text(const StackPlan& plan) {
    if (!plan.has_changes()) {
        return plan.drift.empty() ? "no drift"
                                  : count_of(std::ssize(plan.drift), "resource") + " drifted";
    }
    std::vector<std::string> addresses;
    for (const auto& change : plan.changes) {
        addresses.push_back(change.address);
    }
    auto counts = counts_of(plan.changes);
    for (const auto* none : {"0 to add, ", "0 to change, "}) {
        if (const auto at = counts.find(none);
            at == 0 || (at != std::string::npos && counts[at - 1] == ' ')) {
            counts.erase(at, std::string_view(none).size());
        }
    }
    return counts + " (" + first_few(addresses, ", ") + ")";
}

Task<StackForecast> forecast_stacks(
    Parts* parts, const Configuration* configuration, StackPlace place
) {
    const auto names = stack_names(*configuration, place.target.environment, "");
    if (names.empty()) {
        co_return StackForecast{};
    }
    const auto prices = read_prices(parts->outside().files, configuration->infra.prices);
    Forecaster forecaster(*parts, *configuration, place);
    forecaster.use(prices);
    for (const auto& name : names) {
        co_await forecaster.add(name);
    }
    co_return forecaster.take_result(prices);
}

}  // namespace deployctl::cli
