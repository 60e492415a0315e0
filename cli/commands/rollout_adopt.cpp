// SPDX-License-Identifier: Apache-2.0
// adopt: the journal of an app's rollout, made again from the cluster's record.
#include "cli/commands/verbs.hpp"
#include "cli/finding.hpp"
#include "cli/locating.hpp"
#include "cli/output/records_json.hpp"
#include "cli/output/result.hpp"
#include "cli/output/status_view.hpp"
#include "cli/running.hpp"
#include "engine/adoption.hpp"

#include <memory>

namespace deployctl::cli::commands {

namespace {

struct Options {
    std::string app;
    RunChoices run;
};

/// `adoption` outlives the task.
Task<engine::RunResult> adopt_into(
    engine::Adoption* adoption, engine::Ports ports, Target target, engine::RunOptions options
) {
    const auto adopted = co_await engine::adopt(ports, target, options);
    *adoption = adopted;
    engine::RunResult result;
    result.rollout = adoption->rollout;
    co_return result;
}

void print_adopted(Session& session, const engine::Adoption& adoption) {
    const auto& rollout = adoption.rollout;
    const bool is_new = adoption.kind == engine::Adoption::Kind::imported;
    Result result;
    result.value = Value::map({{"rollout", to_value(rollout)}, {"adopted", is_new}, {"exit", 0}});
    result.names = {std::to_string(rollout.number)};
    result.text = [&](const Style& style) {
        const auto liveness = session.parts.runners().liveness(rollout.owner);
        return sign(style, Sign::done) + " " +
               (is_new ? "adopted rollout " : "this journal has it: rollout ") +
               printable(describe(rollout, style)) + ", step " + std::to_string(rollout.step + 1) +
               "\n  next    " +
               (is_new ? "deployctl rollout resume " + std::to_string(rollout.number) +
                             ", deployctl rollout rollback " + std::to_string(rollout.number) +
                             " --reason TEXT"
                       : next_commands(rollout, liveness)) +
               "\n";
    };
    print(session, result);
}

ExitCode run(const Options& options, Session& session) {
    need_writable_files(session, options.run);
    const auto located = locate_app(session, options.app);
    engine::Adoption adoption;
    const RunTask adopt = [&](engine::Ports ports, engine::RunOptions run_options) {
        run_options.lock = lock_policy(options.run);
        return adopt_into(&adoption, ports, located.target, run_options);
    };
    auto order = progress_of(located.target, options.run.events);
    do_in_views(session, options.run, located.cluster, std::move(order), adopt);
    print_adopted(session, adoption);
    return ExitCode::done;
}

}  // namespace

Run rollout_adopt(Form& form) {
    const auto options = std::make_shared<Options>();  // shared with the form's readers
    form.add_optional_argument(
        "APP", "whose rollout (default: --app, or the configuration's)", into(options->app)
    );
    form.add_option("--reason", "TEXT", "why, for the record", into(options->run.reason));
    declare_takeover(
        form, options->run, "`rollout resume`, or `rollback`, then keeps it from writing"
    );
    form.describe(
        "For a machine whose journal does not know the rollout: from the Lease, the record and the "
        "objects it makes rollout, plan and step again, so that status, resume, rollback and abort "
        "work here. Nothing but the Lease is written to the cluster, where it is taken with "
        "--takeover or freed of a rollout that has changed nothing; it is `rollout resume` or "
        "`rollback` that keeps a former runner from every object. Verdicts and times of before are "
        "not made up. What this journal has already is left alone, exit code 0. A runner that is "
        "alive elsewhere is named, exit code 9; one that ended, or has changed nothing, is exit "
        "code 4."
    );
    form.add_example("deployctl rollout adopt web -e production", "then: resume, or rollback");
    form.add_example(
        "deployctl rollout adopt web -n shop --takeover --reason \"its runner hangs\"",
        "the former runner loses the lock; go on with resume, or rollback"
    );
    return [options](Session& session) { return run(*options, session); };
}

}  // namespace deployctl::cli::commands
