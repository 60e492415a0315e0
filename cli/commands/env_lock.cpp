// SPDX-License-Identifier: Apache-2.0
// env lock, unlock: nothing begins in an environment, whoever wants it, from wherever.
#include "cli/commands/recovery_verbs.hpp"
#include "cli/deploy_file.hpp"
#include "cli/environment_locking.hpp"
#include "cli/output/result.hpp"
#include "model/approval.hpp"

#include <memory>

namespace deployctl::cli::commands {

namespace {

struct Options {
    std::string environment;
    std::string reason;
    std::string confirm;
};

LockOrder order_of(const Options& options, Session& session, const std::string& verb) {
    if (options.reason.empty()) {
        throw Error(
            ExitCode::usage, "env " + verb + " needs a reason: others will ask why", "--reason TEXT"
        );
    }
    const auto configuration = need_deploy_file(session.globals.place);
    return {
        configuration.app.name,
        options.environment,
        session.parts.runners().self().identity,
        options.reason,
    };
}

ExitCode lock(const Options& options, Session& session) {
    const auto taken = put_lock(session, order_of(options, session, "lock"));
    Result result;
    result.value = value_of(taken);
    result.names = {options.environment};
    result.text = [&](const Style& style) {
        return sign(style, Sign::done) + " " + printable(options.environment) +
               " is locked: no rollout begins there until `deployctl env unlock " +
               printable(options.environment) + " --reason TEXT`; going back is never locked\n";
    };
    print(session, result);
    return ExitCode::done;
}

void need_consent(
    const Options& options, const LockOrder& order, const engine::EnvironmentLock& standing
) {
    const bool is_own = person_of(standing.by) == person_of(order.by);
    if (!is_own && options.confirm != options.environment) {
        throw Error(
            ExitCode::usage,
            engine::to_text(standing) + "; it is not yours to take away without a word",
            "ask them; --confirm=" + options.environment + " takes it away all the same"
        );
    }
}

ExitCode unlock(const Options& options, Session& session) {
    const auto order = order_of(options, session, "unlock");
    const auto standing = find_lock(session, options.environment);
    if (!standing) {
        throw Error(ExitCode::usage, options.environment + " is not locked", "nothing was changed");
    }
    need_consent(options, order, *standing);
    take_lock_away(session, order, *standing);
    Result result;
    result.value = value_of(*standing);
    result.names = {options.environment};
    result.text = [&](const Style& style) {
        return sign(style, Sign::done) + " " + printable(options.environment) +
               " is open again; the record of the lock stays: deployctl history --kind env.\n";
    };
    print(session, result);
    return ExitCode::done;
}

void declare(Form& form, Options& options) {
    form.add_argument("ENV", "the environment", into(options.environment));
    form.add_option("--reason", "TEXT", "why, for the record; needed", into(options.reason));
}

}  // namespace

Run env_lock(Form& form) {
    const auto options = std::make_shared<Options>();  // shared with the form's readers
    declare(form, *options);
    form.describe(
        "A Lease in the environment's namespace says so: it holds for every app there and for "
        "every machine. Rollouts under way, and going back, are not stopped."
    );
    form.add_example("deployctl env lock production --reason \"audit until noon\"", "hands off");
    return [options](Session& session) { return lock(*options, session); };
}

Run env_unlock(Form& form) {
    const auto options = std::make_shared<Options>();  // shared with the form's readers
    declare(form, *options);
    form.add_option(
        "--confirm", "ENV", "where somebody else has locked it: its name", into(options->confirm)
    );
    form.add_example("deployctl env unlock production --reason \"audit is over\"", "open again");
    form.add_example(
        "deployctl env unlock production --confirm production --reason \"ada is away\"",
        "somebody else's"
    );
    return [options](Session& session) { return unlock(*options, session); };
}

}  // namespace deployctl::cli::commands
