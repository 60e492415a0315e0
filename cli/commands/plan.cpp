// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/verbs.hpp"
#include "cli/output/freeze_json.hpp"
#include "cli/output/records_json.hpp"
#include "cli/output/result.hpp"
#include "cli/plan_file.hpp"
#include "cli/preparation.hpp"
#include "cli/writable.hpp"

#include <fstream>
#include <memory>

namespace deployctl::cli::commands {

namespace {

struct Options {
    Order order;
    std::string out;
    bool exit_code = false;
};

ExitCode run(const Options& options, Session& session) {
    need_writable(options.out, "--out");
    const auto prepared = prepare(session, options.order);
    const auto& draft = prepared.draft;
    Result result;
    result.value = outline_of(draft);
    result.value.set("/freeze", to_value(prepared.freeze.outlook));
    result.value.set("/sight", to_value(prepared.sight));
    result.names = {result.value.text("/hash")};
    result.text = [&prepared](const Style& style) {
        return draw(prepared.draft, view_of(prepared, style, PlanView::Detail::steps));
    };
    print(session, result);
    refuse_if_refused(draft);
    if (!options.out.empty()) {
        write_plan_file(options.out, draft.plan);
    }
    return options.exit_code && !draft.is_no_change ? ExitCode::changes_pending : ExitCode::done;
}

}  // namespace

Run plan(Form& form) {
    const auto options = std::make_shared<Options>();  // shared with the form's readers
    declare_order(form, options->order);
    form.add_option(
        "--strategy", "STRATEGY", "instead of the environment's", one_strategy(options->order)
    );
    form.add_option(
        "--out", "FILE", "keep the plan, for `rollout ... --plan FILE`", into(options->out)
    );
    form.add_flag(
        "--exit-code",
        options->exit_code,
        "3 where there is something to change, 0 where there is nothing"
    );
    form.describe(
        "Reads the cluster and the registry and writes nothing. Exit code 4 where the rollout "
        "would be refused."
    );
    form.add_example("deployctl plan v2.31.0 -e production", "what a rollout would do");
    form.add_example(
        "deployctl plan v2.31.0 -e production --out plan.json", "keep it, to hold the rollout to it"
    );
    form.add_example(
        "deployctl plan v2.31.0 -e production --exit-code", "is there anything to do?"
    );
    form.add_example(
        "deployctl plan v2 --strategy canary --workload deploy/web -n shop --image "
        "registry.example.com/shop/web",
        "an app without a deploy.yaml"
    );
    form.add_example("deployctl plan v2 -e staging --strategy blue-green", "by another strategy");
    return [options](Session& session) { return run(*options, session); };
}

}  // namespace deployctl::cli::commands
