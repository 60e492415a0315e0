// SPDX-License-Identifier: Apache-2.0
// The apply of a saved plan: written down before it begins, told while it goes on, and believed
// only once a second plan shows nothing new.
#include "model/text.hpp"
#include "plugins/system/host_runners.hpp"
#include "plugins/terraform/halts.hpp"
#include "plugins/terraform/stack.hpp"
#include "plugins/terraform/state_copies.hpp"
#include "ports/printed.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

namespace deployctl::plugins::terraform {

namespace {

constexpr const char* stream_name = "apply.jsonl";

std::set<std::string> addresses_of(const StackPlan& plan) {
    std::set<std::string> addresses;
    for (const auto& change : plan.changes) {
        addresses.insert(change.address);
    }
    return addresses;
}

/// What goes out of the state when the plan is carried out.
std::int64_t going(const StackPlan& plan) {
    return std::ranges::count_if(plan.changes, [](const StackChange& change) {
        const bool goes = change.kind == ChangeKind::remove || change.kind == ChangeKind::forget ||
                          change.kind == ChangeKind::replace;
        return goes && change.type != output_type;
    });
}

/// Empty where the state after it can be what it should be.
std::string damage(const PlannedChanges& planned, const StateFacts& after) {
    const auto& before = planned.state;
    if (before.lineage.empty()) {
        return "";
    }
    if (after.lineage != before.lineage) {
        return "the state after it is another one (lineage " + after.lineage + ", was " +
               before.lineage + ")";
    }
    if (after.serial < before.serial) {
        return "the state after it is an older one (serial " + std::to_string(after.serial) +
               ", was " + std::to_string(before.serial) + ")";
    }
    const auto gone =
        going(planned.plan) + std::ssize(planned.plan.drift);  // drift may be forgotten, too
    if (after.resources < before.resources - gone) {
        return "resources are missing in the state after it: " + std::to_string(after.resources) +
               " of " + std::to_string(before.resources) + " are left";
    }
    return "";
}

Halt cannot_tell(std::string why, std::string what_to_do) {
    return {Halt::Kind::cannot_tell, std::move(why), std::move(what_to_do)};
}

Halt not_copied(const std::string& why) {
    return {Halt::Kind::failed, "no copy of the state can be kept: " + why, "nothing was applied"};
}

/// An apply of this machine, no older than `since`; the tool tells its time to people.
bool may_be_of(const StateLock& lock, const std::string& host, WallTime since) {
    const auto created = lock.created.substr(0, 10) + "T" +
                         (lock.created.size() > 19 ? lock.created.substr(11, 8) : "") + "Z";
    const auto at = read_rfc3339(created);
    const bool is_utc = lock.created.find(" +0000 UTC") != std::string::npos;
    const auto whole_second = std::chrono::floor<std::chrono::seconds>(since);
    return lock.operation == std::string_view("OperationTypeApply") &&
           lock.who.ends_with("@" + host) && is_utc && at && *at >= whole_second;
}

/// The tool went on to its end while nobody could write down what it did.
Halt untold(const std::string& how_it_ended, const std::string& why) {
    return cannot_tell(
        "the tool ended (" + how_it_ended + "), but what it did could not be written down: " + why,
        "once it can be: apply again, which takes up what is left of it"
    );
}

}  // namespace

/// The state as it is before the apply; a saved plan is stale where it has moved since. Empty:
/// kept, or not to be kept.
std::string Stack::copy_state(const PlannedChanges& planned) const {
    if (planned.state.lineage.empty()) {
        return "";
    }
    const auto rule = copy_rule(folder_.path());
    if (rule.kind == CopyRule::Kind::none) {
        say(Value::map({{"type", "warning"}, {"text", "no copy of the state is kept: " + rule.why}})
        );
        return "";
    }
    const auto serial = planned.state.serial;
    const auto now = machine_.clock.now();
    return keep_state_copy(folder_.path(), rule, serial, planned.state_text, now);
}

Task<AppliedChanges> Stack::apply(PlannedChanges planned, std::string owner) {
    AppliedChanges applied;
    if (const auto failure = copy_state(planned); !failure.empty()) {
        applied.halt = not_copied(failure);
        co_return applied;
    }
    StackRun run;
    run.owner = std::move(owner);
    run.dir = dir_;
    run.digest = planned.digest;
    run.changes = lines_of(planned.plan.changes);
    run.lineage = planned.state.lineage;
    run.serial = planned.state.serial;
    folder_.note(run);
    RunStory story;
    auto command = call(apply_arguments(order_.settings, dir_, planned.file));
    command.output_name = stream_name;
    command.output = ToolCall::Output::keep;
    command.on_start = [this, &run](int pid) {
        run.process = child_of(machine_.runners.self(), pid);
        folder_.note(run);
    };
    command.on_line = [this, &story](std::string_view line) {
        if (auto fact = story.take(line)) {
            say(std::move(*fact));
        }
    };
    LockSearch search;
    search.is_over = backend_in(folder_.path()) != Backend::other;
    search.since = machine_.clock.now();
    auto* const sought = &search;
    auto* const noted = &run;
    const auto* const told = &story;
    command.meanwhile = [this, sought, noted, told] { return attend(sought, noted, told); };
    const auto ended = co_await tool_.run(command);
    remove_plan();
    if (!ended.untold.empty()) {
        story = read_story(folder_.path() + "/" + stream_name);  // it said more than was heard
    }
    applied.completed = story.completed();
    applied.orphans = story.open();
    if (!ended.untold.empty()) {
        applied.halt = untold(how_it_ended(command, ended), ended.untold);
        co_return applied;  // the run stays noted, for who takes it up
    }
    if (!ended.is_done()) {
        const auto halt = halt_of(command, ended, "apply");
        applied.halt = halt_of(story.errors(), halt);
    }
    const bool is_half_known = ended.kind == ToolEnd::Kind::signalled;
    if (is_half_known) {
        applied.halt->kind = Halt::Kind::cannot_tell;
        applied.halt->what_to_do = "apply again: it takes up what is left of it";
        co_return applied;  // the run stays noted, for who takes it up
    }
    auto looked_after = co_await look_after(planned, applied);
    co_return looked_after;
}

/// An apply that works on a resource now has had its lock all the time: whoever held it when the
/// question was answered is the apply. One that has ended meanwhile is not looked at again, and the
/// answer may name another's.
Task<> Stack::attend(LockSearch* search, StackRun* run, const RunStory* story) {
    const bool works = !story->open().empty();
    if (!search->candidate.empty() && works) {
        run->lock_id = std::exchange(search->candidate, "");
        folder_.note(*run);
    }
    if (!search->is_over && (works || !story->completed().empty())) {
        search->is_over = true;
        search->candidate = co_await ask_for_lock(search->since);
    }
    if (order_.meanwhile) {
        auto care = order_.meanwhile();
        co_await std::move(care);
    }
}

/// Who holds the lock of a running apply is the apply; the answer to a second question names it.
/// Empty: nobody does whom this machine could have begun.
Task<std::string> Stack::ask_for_lock(WallTime since) {
    RunStory story;
    auto question = call(lock_question(order_.settings, dir_));
    question.output_name = "lock-question";
    question.timeout = seconds(60);
    question.on_line = [&story](std::string_view line) { story.take(line); };
    co_await tool_.run(question);
    for (const auto& error : story.errors()) {
        const auto lock = lock_of(error);
        if (lock && may_be_of(*lock, machine_.runners.self().host, since)) {
            co_return lock->id;
        }
    }
    co_return "";
}

Task<AppliedChanges> Stack::look_after(PlannedChanges planned, AppliedChanges applied) {
    if (applied.halt && applied.halt->kind == Halt::Kind::stopped) {
        co_return applied;  // no more questions; the run stays noted
    }
    const auto pulled = co_await pull();
    applied.state = pulled.facts;
    const auto harm = pulled.halt ? "the state cannot be read: " + pulled.halt->why
                                  : damage(planned, pulled.facts);
    if (!harm.empty()) {
        applied.halt = cannot_tell(
            harm,
            "the state before it had serial " + std::to_string(planned.state.serial) +
                "; copies of it are in " + folder_.path() +
                "/states, and what `deployctl infra backup` keeps"
        );
        co_return applied;
    }
    if (applied.halt) {
        const auto errored = std::filesystem::path(dir_) / "errored.tfstate";
        if (!std::filesystem::exists(errored)) {
            folder_.forget_run();  // how it ended is known, and saved
        }
        co_return applied;
    }
    folder_.note_applied(dir_, {planned.configuration_hash, mark_of(applied.state)});
    folder_.forget_run();
    std::vector<Complaint> errors;
    auto* const complaints = &errors;
    const auto second = co_await plan_once(complaints);
    remove_plan();
    if (second.halt) {
        applied.halt = second.halt;
        applied.halt->why = "applied, but the second plan failed: " + second.halt->why;
        co_return applied;
    }
    const auto expected = addresses_of(planned.plan);
    std::vector<std::string> fresh;
    for (const auto& change : second.plan.changes) {
        auto& list = expected.contains(change.address) ? applied.unsettled : fresh;
        list.push_back(without_fingerprint(to_text(change)));
    }
    if (!fresh.empty()) {
        applied.halt = Halt{
            Halt::Kind::failed,
            "applied, but a second plan shows what the first one did not: " +
                first_few(fresh, ", "),
        };
        co_return applied;
    }
    remove_plain_copies(folder_.path());
    co_return applied;
}

}  // namespace deployctl::plugins::terraform
