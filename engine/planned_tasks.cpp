// SPDX-License-Identifier: Apache-2.0
#include "engine/planned_tasks.hpp"

#include "engine/approving.hpp"
#include "model/environments.hpp"
#include "model/filled_backup.hpp"
#include "model/output_names.hpp"
#include "model/placeholders.hpp"
#include "model/text.hpp"

#include <algorithm>

namespace deployctl::engine {

namespace {

std::vector<std::string> filled(std::vector<std::string> texts, const Placeholders& names) {
    for (auto& text : texts) {
        text = fill_in(text, names);
    }
    return texts;
}

/// Collects the steps of one place in the plan, and their tasks.
class Weaver {
public:
    Weaver(Plan& plan, const Configuration& configuration, const TaskInputs& inputs)
        : plan_(plan), configuration_(configuration), inputs_(inputs), names_(task_names(plan)) {
        names_.insert(inputs.outputs.begin(), inputs.outputs.end());
    }

    std::vector<Step> before() {
        add_backups(BackupWhen::before_infra);
        add_stacks(ApplyWhen::before_traffic);
        add_backups(BackupWhen::before_traffic);
        add_hooks("pre-deploy", configuration_.hooks.pre_deploy);
        return std::exchange(steps_, {});
    }

    std::vector<Step> after() {
        add_hooks("post-verify", configuration_.hooks.post_verify);
        add_stacks(ApplyWhen::after);
        return std::exchange(steps_, {});
    }

    std::vector<Step> back() {
        for (const auto& stack : inputs_.stacks) {
            if (stack.work.settings.on_rollback == StackWayBack::revert) {
                auto work = stack.work;
                work.reverts = true;
                work.changes.clear();  // known once it is planned
                add("infra", "revert-" + work.stack, {work, work.settings.timeout});
            }
        }
        add_hooks("on-rollback", configuration_.hooks.on_rollback);
        return std::exchange(steps_, {});
    }

    std::vector<std::string> take_refusals() { return std::move(refusals_); }

private:
    void add(const std::string& stage, const std::string& name, ReleaseTask task) {
        plan_.tasks[name] = std::move(task);
        steps_.push_back({stage, RunTask{name}, {}});
    }

    void add_backups(BackupWhen when) {
        for (const auto& [name, database] : configuration_.backup.databases) {
            if (database.when != when ||
                !holds_in(database.environments, plan_.target.environment)) {
                continue;
            }
            auto settings = filled_in(database, configuration_.backup.dir, names_);
            settings.when = BackupWhen::never;  // where it stands in the plan says it
            settings.environments.clear();
            settings.max_age.reset();
            add("backup", "backup-" + name, {BackupWork{name, settings}, settings.timeout});
        }
    }

    void add_stacks(ApplyWhen when) {
        for (const auto& stack : inputs_.stacks) {
            const auto& settings = stack.work.settings;
            if (settings.apply != when) {
                continue;
            }
            ask_before_destroying(stack);
            add("infra", "apply-" + stack.work.stack, {stack.work, settings.timeout});
        }
    }

    void ask_before_destroying(const PlannedStack& stack) {
        const auto& settings = stack.work.settings;
        if (stack.destroys.empty() || settings.allow_destroy) {
            return;
        }
        if (settings.approval.empty()) {
            refusals_.push_back(
                "stack " + stack.work.stack + " would destroy or replace " +
                join(stack.destroys, ", ") +
                "; name an `approval` that may let it, or set `allow_destroy: true`"
            );
            return;
        }
        steps_.push_back({"infra", AwaitApproval{settings.approval}, {}});
    }

    void add_hooks(const std::string& place, const std::vector<HookSettings>& hooks) {
        for (const auto& hook : hooks) {
            if (!holds_in(hook.environments, plan_.target.environment)) {
                continue;
            }
            ReleaseTask task{work_of(hook), hook.timeout};
            task.on_error = hook.on_error;
            task.migration = hook.migration;
            task.after_crash = hook.after_crash;
            add(place, hook.name, std::move(task));
        }
    }

    Work work_of(const HookSettings& hook) {
        if (hook.job.empty()) {
            auto argv = filled(hook.run, names_);
            object_to_untold(hook.name, argv);
            return ProgramWork{std::move(argv), ""};
        }
        const auto manifest = inputs_.jobs.find(hook.job);
        return JobWork{manifest == inputs_.jobs.end() ? Value() : manifest->second};
    }

    /// What is left over is filled in once its stack has been applied, if it is to be.
    void object_to_untold(const std::string& hook, const std::vector<std::string>& argv) {
        for (const auto& name : outputs_in(argv)) {
            const bool is_applied =
                std::ranges::any_of(inputs_.stacks, [&](const PlannedStack& stack) {
                    return stack.work.stack == name.stack;
                });
            if (!is_applied) {
                refusals_.push_back(
                    "hook " + hook + " wants ${" + to_text(name) + "}: stack " + name.stack +
                    " puts out nothing of that name that may be told, or is not one of this "
                    "environment"
                );
            }
        }
    }

    Plan& plan_;
    const Configuration& configuration_;
    const TaskInputs& inputs_;
    Placeholders names_;
    std::vector<Step> steps_;
    std::vector<std::string> refusals_;
};

}  // namespace

std::vector<Step>::iterator first_change(std::vector<Step>& steps) {
    return std::ranges::find_if(steps, [](const Step& step) {
        return step.stage != before_stage && !std::holds_alternative<RecordSnapshot>(step.action);
    });
}

Placeholders task_names(const Plan& plan) {
    return {
        {"app", plan.target.app},
        {"env", plan.target.environment},
        {"namespace", plan.target.kube_namespace},
        {"version", plan.release.tag},
        {"digest", plan.release.digest},
        {"image", plan.release.image},
        {"previous_image", plan.release.previous_image},
    };
}

std::vector<std::string> use_tasks(
    Plan& plan, const Configuration& configuration, const TaskInputs& inputs
) {
    auto& steps = plan.course.steps;
    if (steps.empty()) {
        return {};
    }
    Weaver weaver(plan, configuration, inputs);
    const auto before = weaver.before();
    steps.insert(first_change(steps), before.begin(), before.end());
    const auto after = weaver.after();
    steps.insert(steps.end(), after.begin(), after.end());
    const auto back = weaver.back();
    plan.way_back.insert(plan.way_back.end(), back.begin(), back.end());
    return weaver.take_refusals();
}

}  // namespace deployctl::engine
