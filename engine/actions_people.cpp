// SPDX-License-Identifier: Apache-2.0
// The step that waits for people. The pods and the step's gates stay watched, no deadline runs, and
// whatever is said of it is journaled once, also what does not count.
#include "engine/actions.hpp"
#include "engine/approving.hpp"
#include "engine/rollout.hpp"

namespace deployctl::engine {

namespace {

constexpr Duration remind_every = minutes(10);

Outcome end_of(const Step& step, const Hearing& hearing) {
    const auto& tally = hearing.tally;
    Outcome outcome;
    outcome.detail = "approval " + hearing.name + ": " + to_text(tally);
    if (tally.is_given()) {
        return outcome;
    }
    auto& cause = outcome.cause;
    cause.stage = step.stage;
    cause.subject = hearing.name;
    cause.measured = to_text(tally);
    cause.limit = std::to_string(tally.needed);
    if (tally.denied) {
        outcome.end = Outcome::End::failed;
        cause.kind = denied_cause;
        cause.headline = "approval " + hearing.name + " denied by " + tally.denied->by + ": " +
                         tally.denied->reason;
    } else {
        outcome.end = Outcome::End::cannot_tell;
        cause.kind = approval_cause;
        cause.headline = "waits for approval " + hearing.name + ": " + to_text(tally);
    }
    return outcome;
}

std::set<std::string> heard_in(const std::vector<Event>& events) {
    std::set<std::string> ids;
    for (const auto& event : events) {
        if (event.type == approval_heard) {
            ids.insert(event.data.text("/id"));
        }
    }
    return ids;
}

}  // namespace

/// All that people have said by now; what is new of it goes into the events.
Task<> Actions::hear(Hearing* hearing) {
    const auto& record = journal_.record();
    const auto id = record.id;
    const auto said = co_await ports_.store.approvals(id);
    const ApprovalCase one{plan_, record, hearing->name, ports_.clock.now(), hearing->used};
    std::vector<Entry> news;
    for (const auto& word : said) {
        if (word.name == hearing->name && hearing->told.insert(word.id).second) {
            news.emplace_back(ApprovalHeard{record.step, word, why_not(one, word)});
        }
    }
    hearing->tally = tally_of(one, said);
    co_await journal_.write_all(news);
}

/// Told beside the journal, as what is waited for is in it already.
Event Actions::reminder_of(const Hearing& hearing) const {
    const auto& record = journal_.record();
    const auto settings = plan_.approvals.find(hearing.name);
    Value::Array people;
    for (const auto& person :
         settings == plan_.approvals.end() ? std::vector<std::string>() : settings->second.people) {
        people.emplace_back(person);
    }
    Event event;
    event.rollout = record.id;
    event.number = record.number;
    event.environment = record.target.environment;
    event.step = record.step;
    event.at = ports_.clock.now();
    event.type = "approval.reminder";
    event.data = Value::map({
        {"name", hearing.name},
        {"needed", hearing.tally.needed},
        {"given", static_cast<std::int64_t>(hearing.tally.given.size())},
        {"people", std::move(people)},
    });
    return event;
}

/// Once in a while it is said again for whom it waits: the first time has scrolled away by then.
Task<> Actions::attend(Hearing* hearing) {
    co_await hear(hearing);
    const auto now = ports_.clock.boot_time();
    const bool is_open = !hearing->tally.is_given() && !hearing->tally.denied;
    if (is_open && now >= hearing->remind_at) {
        hearing->remind_at = now + remind_every;
        ports_.sink.on_event(reminder_of(*hearing));
    }
}

Task<Outcome> Actions::act(Step step, AwaitApproval action) {
    const auto id = journal_.record().id;
    const auto events = co_await ports_.store.events(id, 0);
    Hearing hearing{
        action.name,
        used_words(events, plan_, action.name),
        heard_in(events),
        ports_.clock.boot_time() + remind_every,
        ApprovalTally{},
    };
    auto* const heard = &hearing;
    co_await hear(heard);
    if (!hearing.tally.is_given()) {
        Entry awaited = ApprovalAwaited{journal_.record().step, hearing.name, hearing.tally.needed};
        co_await journal_.write(awaited);
    }
    auto deadlines = vigil_.deadlines();
    deadlines.rollout = std::nullopt;  // counted anew afterwards, without this wait
    vigil_.obey(deadlines);
    const bool leaves = deadlines.leaves_people;
    auto wait = order(step, [heard, leaves](const World&) {
        const auto& tally = heard->tally;
        const bool is_over = tally.is_given() || tally.denied || leaves;
        return Reading{is_over, "approval " + heard->name + ": " + to_text(tally), 0};
    });
    wait.patience = std::nullopt;
    wait.upkeep = [this, heard](const World*) { return attend(heard); };
    auto outcome = co_await vigil_.until(wait);
    co_await hear(heard);  // what was said while it ended
    co_return outcome.end == Outcome::End::done ? end_of(step, hearing) : outcome;
}

}  // namespace deployctl::engine
