// SPDX-License-Identifier: Apache-2.0
// recover: rollouts that nobody runs are listed, and brought to their end one after the other.
#include "cli/commands/verbs.hpp"
#include "cli/output/result.hpp"
#include "cli/recovery.hpp"

#include <memory>
#include <ostream>

namespace deployctl::cli::commands {

namespace {

struct Options {
    bool mine = false;
    bool all = false;
    bool goes_back = false;
    bool dry_run = false;
    RunChoices run;
};

Task<std::vector<engine::LostRollout>> search(Parts* parts, Located place, engine::Whose whose) {
    const engine::Witnesses witnesses{
        parts->cluster(place.cluster), parts->journal(), parts->runners()
    };
    auto found = co_await engine::find_lost(witnesses, place.target, whose);
    co_return found;
}

std::vector<Recovery> find_recoveries(
    const Options& options, Session& session, const Located& place
) {
    const auto whose = options.all ? engine::Whose::all : engine::Whose::mine;
    const auto remedy = options.goes_back ? Remedy::rollback : Remedy::resume;
    std::vector<Recovery> recoveries;
    for (auto& lost : wait_for(session.parts, search(&session.parts, place, whose))) {
        const bool waits = engine::waits_for_somebody(lost);
        recoveries.push_back({std::move(lost), waits ? Remedy::leave : remedy});
    }
    if (!place.target.app.empty() && !session.globals.place.app.empty()) {
        std::erase_if(recoveries, [&](const Recovery& one) {
            return one.lost.rollout.target.app != place.target.app;
        });
    }
    return recoveries;
}

std::string swept_text(const std::vector<ObjectRef>& swept, const Style& style) {
    std::string text;
    for (const auto& ref : swept) {
        text += sign(style, Sign::done) + " removed " + printable(deployctl::to_text(ref)) +
                ", which an older rollout has left\n";
    }
    return text;
}

Value swept_value(const std::vector<ObjectRef>& swept) {
    Value::Array names;
    for (const auto& ref : swept) {
        names.push_back(deployctl::to_text(ref));
    }
    return Value(std::move(names));
}

void print_recoveries(
    Session& session, const std::vector<Recovery>& recoveries, const std::vector<ObjectRef>& swept
) {
    const auto now = session.parts.clock().now();
    Value::Array items;
    Result result;
    for (const auto& recovery : recoveries) {
        items.push_back(to_value(recovery, now));
        result.names.push_back(recovery.lost.rollout.id);
    }
    result.value = Value::map({
        {"items", std::move(items)},
        {"swept", swept_value(swept)},
        {"exit", static_cast<int>(worst_of(recoveries))},
    });
    result.text = [&](const Style& style) {
        std::string text;
        for (const auto& recovery : recoveries) {
            text += to_text(recovery, now, style);
        }
        if (text.empty()) {
            text = sign(style, Sign::done) + " no rollout is without a runner\n";
        }
        return text + swept_text(swept, style);
    };
    print(session, result);
}

ExitCode run(const Options& options, Session& session) {
    if (options.mine && options.all) {
        throw Error(ExitCode::usage, "--mine and --all are two answers", "say one of them");
    }
    need_writable_files(session, options.run);
    const auto place = locate(session);
    auto recoveries = find_recoveries(options, session, place);
    for (auto& recovery : recoveries) {
        if (options.dry_run) {
            continue;
        }
        if (recovery.remedy == Remedy::leave) {
            leave(recovery);
        } else {
            recover(session, options.run, place, recovery);
        }
    }
    std::vector<ObjectRef> swept;
    if (!options.dry_run) {
        swept = clear_away(session, place);
    }
    print_recoveries(session, recoveries, swept);
    return worst_of(recoveries);
}

}  // namespace

Run rollout_recover(Form& form) {
    const auto options = std::make_shared<Options>();  // shared with the form's readers
    form.add_flag(
        "--mine", options->mine, "those that you began, or that this host ran (the default)"
    );
    form.add_flag(
        "--all", options->all, "everybody's, and those that only a Lease of the namespace names"
    );
    form.add_flag("--rollback", options->goes_back, "send each one back instead of going on");
    form.add_flag("--dry-run", options->dry_run, "list them, and change nothing");
    form.add_option(
        "--timeout",
        "DURATION",
        "hold what runs here, and leave, after so long each; exit code 8",
        into(options->run.timeout)
    );
    form.add_option("--reason", "TEXT", "why, for the record", into(options->run.reason));
    declare_takeover(form, options->run);
    form.describe(
        "Lists the rollouts of a namespace that have no living runner: who held the lock and since "
        "when, which write was in flight, which Services are still pinned. Then goes on with each, "
        "one after the other; one that this journal does not know is adopted first. What is "
        "paused, "
        "or needs somebody, is only listed, and none is waited for at a pause. Candidates that "
        "ended "
        "rollouts have left a day ago or more are removed. The exit code is the worst of them: 5 "
        "where one was left to somebody."
    );
    form.add_example("deployctl rollout recover --mine -n shop", "after a restart of this machine");
    form.add_example("deployctl rollout recover --all --dry-run -n shop", "what is there to do?");
    form.add_example(
        "deployctl rollout recover --all --rollback --reason \"night shift\" -n shop",
        "back to what was"
    );
    return [options](Session& session) { return run(*options, session); };
}

}  // namespace deployctl::cli::commands
