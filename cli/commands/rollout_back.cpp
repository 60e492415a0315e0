// SPDX-License-Identifier: Apache-2.0
// abort and rollback: an active rollout is sent back, a promoted release is followed by the one
// before it, and where the journal is lost the cluster's own record is enough.
#include "cli/commands/verbs.hpp"
#include "cli/finding.hpp"
#include "cli/locating.hpp"
#include "cli/returning.hpp"
#include "cli/steering.hpp"

#include <memory>
#include <ostream>

namespace deployctl::cli::commands {

namespace {

struct Options {
    std::string reference;
    std::string to;
    RunChoices run;
    bool from_cluster = false;
    bool past_contract = false;
};

void need_reason(const Options& options, const char* verb) {
    if (options.run.reason.empty()) {
        throw Error(
            ExitCode::usage,
            std::string("`rollout ") + verb + "` needs --reason: it is kept with the rollout",
            "--reason \"errors in the checkout\""
        );
    }
}

ExitCode run_from_cluster(const Options& options, Session& session) {
    const auto located = locate_app(session, "");
    return run_from_record(session, options.run, located.cluster, located.target);
}

ExitCode roll_back(const Options& options, Session& session) {
    need_reason(options, "rollback");
    need_writable_files(session, options.run);
    if (options.from_cluster) {
        return run_from_cluster(options, session);
    }
    const auto rollout = find_rollout(session, options.reference);
    const bool has_been_promoted = rollout.state == RolloutState::promoted;
    if (has_been_promoted || (is_terminal(rollout.state) && !options.to.empty())) {
        const auto past_contract =
            options.past_contract ? PastContract::allowed : PastContract::refused;
        return return_from(session, options.run, rollout, {options.to, past_contract});
    }
    if (!options.to.empty()) {
        throw Error(
            ExitCode::usage,
            "rollout " + describe(rollout, session.terminal.err_style) +
                " is active: it goes back to " + rollout.previous_version,
            "leave --to out; when it has ended, `deployctl rollout rollback --to` goes on from "
            "there"
        );
    }
    return steer(session, options.run, rollout, RequestKind::rollback);
}

}  // namespace

Run rollout_abort(Form& form) {
    const auto options = std::make_shared<Options>();  // shared with the form's readers
    form.add_optional_argument(
        "ID", "number or id (default: the active rollout)", into(options->reference)
    );
    declare_run(form, options->run);
    declare_takeover(form, options->run);
    form.describe(
        "What was changed is restored, as in a rollback. Works in every state; needs --reason."
    );
    form.add_example("deployctl rollout abort --reason \"wrong tag\"", "the active one");
    form.add_example(
        "deployctl rollout abort 128 --takeover --reason \"its runner hangs\"",
        "whoever runs it is stopped"
    );
    return [options](Session& session) {
        need_reason(*options, "abort");
        return steer(
            session, options->run, find_rollout(session, options->reference), RequestKind::abort
        );
    };
}

Run rollout_rollback(Form& form) {
    const auto options = std::make_shared<Options>();  // shared with the form's readers
    form.add_optional_argument(
        "ID", "number or id (default: the active rollout, else the last)", into(options->reference)
    );
    form.add_option(
        "--to",
        "VERSION",
        "after a promotion: to this version instead of the one before",
        into(options->to)
    );
    form.add_flag(
        "--from-cluster",
        options->from_cluster,
        "with no journal at all: from what the cluster itself has recorded"
    );
    form.add_flag(
        "--past-contract",
        options->past_contract,
        "after a promotion: also to a version from before a contract migration"
    );
    declare_run(form, options->run);
    declare_takeover(form, options->run);
    form.describe(
        "An active rollout goes back the way it came. One that was promoted is followed by a "
        "rollout to the good version before it, with the pod template that is recorded of it: "
        "always by `rolling`, without its `batch_pause` and `bake`. A version that a rollback has "
        "left is not good any more. "
        "At a terminal that asks before it starts; without one it starts. Needs --reason."
    );
    form.add_example(
        "deployctl rollout rollback --reason \"orders fail\"", "the active one, or the last"
    );
    form.add_example(
        "deployctl rollout rollback --to v2.30.4 --reason \"orders fail\"", "further back"
    );
    form.add_example(
        "deployctl rollout rollback --to v2.30.4 --past-contract --reason \"schema restored\"",
        "past a contract migration"
    );
    form.add_example(
        "deployctl rollout rollback --from-cluster --app web -n shop --reason \"runner lost\"",
        "the journal is lost"
    );
    return [options](Session& session) { return roll_back(*options, session); };
}

}  // namespace deployctl::cli::commands
