// SPDX-License-Identifier: Apache-2.0
// pause, resume, retry, advance: a rollout whose runner is alive is asked through the journal, one
// that nobody runs is taken up here.
#include "cli/commands/verbs.hpp"
#include "cli/finding.hpp"
#include "cli/steering.hpp"

#include <memory>

namespace deployctl::cli::commands {

namespace {

struct Options {
    std::string reference;
    RunChoices run;
};

Run declare_steering(Form& form, const std::shared_ptr<Options>& options, RequestKind kind) {
    form.add_optional_argument(
        "ID", "number or id (default: the active rollout)", into(options->reference)
    );
    declare_run(form, options->run);
    if (kind == RequestKind::resume) {
        declare_takeover(form, options->run);
    }
    return [options, kind](Session& session) {
        const auto rollout = find_rollout(session, options->reference);
        return steer(session, options->run, rollout, kind);
    };
}

}  // namespace

Run rollout_pause(Form& form) {
    auto run = declare_steering(form, std::make_shared<Options>(), RequestKind::pause);
    form.describe(
        "The write in flight is finished first; traffic stays as it is. Where no runner is alive, "
        "the next resume finds it paused."
    );
    form.add_example(
        "deployctl rollout pause --reason \"errors in the checkout\"", "let it stand still"
    );
    return run;
}

Run rollout_resume(Form& form) {
    auto run = declare_steering(form, std::make_shared<Options>(), RequestKind::resume);
    form.describe(
        "Goes on from the journal, by the plan as it was frozen: from a pause, or after a runner "
        "was lost. Holds begin anew. The lock of a runner on another host is taken once it has run "
        "out, 30 s after its last renewal; one that is renewed meanwhile is refused with exit code "
        "9, and --takeover does not wait."
    );
    form.add_example("deployctl rollout resume", "the active one");
    form.add_example(
        "deployctl rollout resume 128 --on-pause exit --events events.ndjson", "in a CI job"
    );
    form.add_example(
        "deployctl rollout resume 128 --takeover", "the machine that runs it cannot be reached"
    );
    return run;
}

Run rollout_retry(Form& form) {
    auto run = declare_steering(form, std::make_shared<Options>(), RequestKind::retry);
    form.describe(
        "The same plan, from the step that failed. Where its traffic was shifted away, the way "
        "back is walked to its end first, and then the plan from its first step. One that was "
        "proven bad, or aborted, goes back: start a new one."
    );
    form.add_example("deployctl rollout retry 128", "after the cause is mended");
    return run;
}

Run rollout_advance(Form& form) {
    auto run = declare_steering(form, std::make_shared<Options>(), RequestKind::advance);
    form.describe("Ends the hold at hand; gates must still pass. A paused rollout is resumed.");
    form.add_example(
        "deployctl rollout advance 128 --reason \"looks good\"", "do not wait any longer"
    );
    return run;
}

}  // namespace deployctl::cli::commands
