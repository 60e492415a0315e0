// SPDX-License-Identifier: Apache-2.0
// approve, deny, approvals list: what people say goes into the journal, and whoever runs the
// rollout reads it there. It is judged here first, so that what would not count is refused with
// the reason.
#include "cli/commands/verbs.hpp"
#include "cli/finding.hpp"
#include "cli/output/fields.hpp"
#include "cli/output/result.hpp"
#include "engine/approving.hpp"
#include "engine/plan_json.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <memory>

namespace deployctl::cli::commands {

namespace {

struct Options {
    std::string reference;
    std::string name;
    std::string reason;
};

/// A rollout, and all that was said of it.
struct Subject {
    RolloutRecord rollout;
    Plan plan;
    std::vector<Event> events;
    std::vector<Approval> said;
};

Task<Subject> read_subject(Store* journal, RolloutRecord rollout) {
    Subject subject;
    const auto id = rollout.id;
    const auto plan = co_await journal->plan(id);
    subject.plan = engine::read_plan(plan);
    subject.events = co_await journal->events(id, 0);
    subject.said = co_await journal->approvals(id);
    subject.rollout = std::move(rollout);
    co_return subject;
}

Subject subject_of(Session& session, const RolloutRecord& rollout) {
    return wait_for(session.parts, read_subject(&session.parts.journal(), rollout));
}

engine::ApprovalCase case_of(const Subject& subject, const std::string& name, WallTime now) {
    return {
        subject.plan,
        subject.rollout,
        name,
        now,
        engine::used_words(subject.events, subject.plan, name),
    };
}

/// The named one; else the only one.
std::string choose(const Subject& subject, const std::string& name) {
    const auto names = engine::approvals_in(subject.plan);
    const auto number = std::to_string(subject.rollout.number);
    if (names.empty()) {
        throw Error(
            ExitCode::usage,
            "rollout " + number + " waits for nobody's approval",
            "deployctl show " + number + " has its steps"
        );
    }
    if (name.empty() && names.size() == 1) {
        return names.front();
    }
    if (std::ranges::count(names, name) > 0) {
        return name;
    }
    throw Error(
        ExitCode::usage,
        name.empty() ? "rollout " + number + " needs several approvals"
                     : "rollout " + number + " needs no approval `" + name + "`",
        "--approval NAME, one of " + join(names, ", ")
    );
}

void need_reason(const std::string& reason, Vote vote) {
    if (reason.empty()) {
        throw Error(
            ExitCode::usage,
            std::string(to_text(vote)) + " needs a reason: it is kept with your name",
            "--reason \"what you looked at\""
        );
    }
}

void need_active(const RolloutRecord& rollout) {
    if (is_terminal(rollout.state)) {
        throw Error(
            ExitCode::blocked,
            "rollout " + std::to_string(rollout.number) + " has ended: " + to_text(rollout.state),
            "deployctl approvals list shows those that wait"
        );
    }
}

void need_waiting(const Subject& subject, const std::string& name) {
    if (!engine::waits_later(subject.plan, subject.rollout, name)) {
        const auto number = std::to_string(subject.rollout.number);
        throw Error(
            ExitCode::blocked,
            "rollout " + number + " does not wait for approval " + name + " any more",
            "deployctl rollout abort " + number + " --reason TEXT sends it back"
        );
    }
}

Value to_value(const Approval& said, const std::string& trouble) {
    return Value::map({
        {"id", said.id},
        {"name", said.name},
        {"vote", to_text(said.vote)},
        {"by", said.by},
        {"reason", said.reason},
        {"at", to_rfc3339(said.at)},
        {"counts", trouble.empty()},
        {"why_not", trouble.empty() ? Value() : Value(trouble)},
    });
}

Value words_of(const Subject& subject, const engine::ApprovalCase& one) {
    Value::Array words;
    for (const auto& word : subject.said) {
        if (word.name == one.name) {
            words.push_back(to_value(word, engine::why_not(one, word)));
        }
    }
    return words;
}

std::string what_next(const Subject& subject, const engine::ApprovalTally& tally) {
    const auto number = std::to_string(subject.rollout.number);
    const bool is_decided = tally.is_given() || tally.denied;
    return subject.rollout.state == RolloutState::paused && is_decided
               ? "; nobody runs it: deployctl rollout resume " + number
               : "";
}

ExitCode say(Session& session, const Options& options, Vote vote) {
    need_reason(options.reason, vote);
    const auto rollout = find_rollout(session, options.reference);
    need_active(rollout);
    auto subject = subject_of(session, rollout);
    Approval mine;
    mine.name = choose(subject, options.name);
    mine.id = session.parts.ids().next();
    mine.rollout = rollout.id;
    mine.plan_hash = rollout.plan_hash;
    mine.by = session.parts.runners().self().identity;
    mine.vote = vote;
    mine.reason = options.reason;
    mine.at = session.parts.clock().now();
    need_waiting(subject, mine.name);
    const auto one = case_of(subject, mine.name, mine.at);
    if (const auto why = engine::why_not(one, mine); !why.empty()) {
        throw Error(
            ExitCode::blocked,
            std::string(to_text(vote)) + " of " + mine.name + " would not count: " + why,
            "nothing was recorded"
        );
    }
    session.parts.drive(session.parts.store().keep_approval(mine));
    subject.said.push_back(mine);
    const auto tally = engine::tally_of(one, subject.said);
    Result result;
    result.value = to_value(mine, "");
    result.value.set("/rollout", rollout.number);
    result.value.set("/given", static_cast<std::int64_t>(tally.given.size()));
    result.value.set("/needed", tally.needed);
    result.value.set("/is_given", tally.is_given());
    result.names = {mine.id};
    result.text = [&](const Style& style) {
        const auto head = tally.denied ? "denied" : engine::to_text(tally);
        return sign(style, tally.denied ? Sign::failed : Sign::done) + " rollout " +
               describe(rollout, style) + ", approval " + printable(mine.name) + ": " +
               printable(head + what_next(subject, tally)) + "\n";
    };
    print(session, result);
    return ExitCode::done;
}

Run declare_vote(Form& form, Vote vote) {
    const auto options = std::make_shared<Options>();  // shared with the form's readers
    form.add_optional_argument(
        "ID", "number or id (default: the active rollout)", into(options->reference)
    );
    form.add_option("--approval", "NAME", "which one, where it needs several", into(options->name));
    form.add_option("--reason", "TEXT", "why, for the record; needed", into(options->reason));
    return [options, vote](Session& session) { return say(session, *options, vote); };
}

/// One line of the listing.
Value waiting_value(Session& session, const Subject& subject, const std::string& name) {
    const auto one = case_of(subject, name, session.parts.clock().now());
    const auto tally = engine::tally_of(one, subject.said);
    const auto& rollout = subject.rollout;
    const auto step = static_cast<std::size_t>(rollout.step);
    const auto& steps = subject.plan.course.steps;
    const bool is_now = rollout.direction == Direction::forward && step < steps.size() &&
                        engine::waits_for(steps[step], name);
    Approval mine;
    mine.plan_hash = rollout.plan_hash;
    mine.by = session.parts.runners().self().identity;
    mine.at = one.now;
    return Value::map({
        {"rollout", rollout.number},
        {"app", rollout.target.app},
        {"environment", rollout.target.environment},
        {"version", rollout.next_version},
        {"approval", name},
        {"state",
         tally.denied       ? "denied"
         : tally.is_given() ? "given"
         : is_now           ? "waits"
                            : "later"},
        {"given", static_cast<std::int64_t>(tally.given.size())},
        {"needed", tally.needed},
        {"mine", engine::why_not(one, mine).empty()},
        {"by", rollout.initiator},
        {"words", words_of(subject, one)},
    });
}

struct Scope {
    bool mine = false;
    bool every_app = false;
};

/// Which part of the journal it is, where it is not all of it.
std::string scope_line(const RolloutFilter& filter) {
    return filter.app.empty()
               ? ""
               : "of " + printable(filter.app) + " alone; --all shows those of every app\n";
}

ExitCode list(Session& session, const Scope& scope) {
    RolloutFilter filter;
    filter.environment = session.globals.place.environment;
    if (!scope.every_app) {
        filter = filter_of(session);
    }
    filter.which = RolloutFilter::Which::active;
    Result result;
    Value::Array items;
    for (const auto& rollout : wait_for(session.parts, session.parts.journal().list(filter))) {
        const auto subject = subject_of(session, rollout);
        for (const auto& name : engine::approvals_in(subject.plan)) {
            auto item = waiting_value(session, subject, name);
            if (!scope.mine || item.flag("/mine")) {
                result.names.push_back(std::to_string(rollout.number));
                items.push_back(std::move(item));
            }
        }
    }
    result.value = Value::map({{"items", items}});
    result.text = [&items, &filter](const Style& style) {
        const auto rows = items.empty() ? std::string("no rollout needs an approval\n")
                                        : columns(
                                              items,
                                              {"rollout",
                                               "app",
                                               "environment",
                                               "version",
                                               "approval",
                                               "state",
                                               "given",
                                               "needed",
                                               "by"},
                                              style
                                          );
        return rows + scope_line(filter);
    };
    print(session, result);
    return ExitCode::done;
}

}  // namespace

Run approve(Form& form) {
    auto run = declare_vote(form, Vote::approve);
    form.describe(
        "It counts for this rollout's plan alone, once, and for as long as `approvals.<name>."
        "expires` says. It may be given before the rollout waits for it. One that would not count "
        "(yours to begin with, not among `people`) is refused with exit code 4. Under sudo it is "
        "said by whoever called sudo, as rollouts are begun by them."
    );
    form.add_example("deployctl approve 128 --reason \"looked at the errors at 25%\"", "by number");
    form.add_example(
        "deployctl approve --approval sre --reason \"PR 874\"", "where it needs several"
    );
    return run;
}

Run deny(Form& form) {
    auto run = declare_vote(form, Vote::deny);
    form.describe(
        "The rollout goes back as soon as it waits for this approval, and ends with exit code 6; "
        "where its first runner still waits and has changed nothing, with 4. `rollout abort` does "
        "not wait."
    );
    form.add_example("deployctl deny 128 --reason \"not before the weekend\"", "by number");
    return run;
}

Run approvals_list(Form& form) {
    const auto scope = std::make_shared<Scope>();  // shared with the form's readers
    form.add_flag("--mine", scope->mine, "only what you may approve");
    form.add_flag(
        "--all", scope->every_app, "of every app, not only the one of --app or deploy.yaml"
    );
    form.add_example("deployctl approvals list --mine", "what waits for you");
    form.add_example("deployctl approvals list --all", "of every app in this journal");
    return [scope](Session& session) { return list(session, *scope); };
}

}  // namespace deployctl::cli::commands
