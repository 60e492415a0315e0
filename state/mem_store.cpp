// SPDX-License-Identifier: Apache-2.0
#include "state/mem_store.hpp"

#include "state/failure.hpp"
#include "state/freezes.hpp"
#include "state/projection.hpp"

#include <algorithm>
#include <ranges>
#include <stdexcept>
#include <utility>

namespace deployctl::state {

namespace {

std::string key_of(const Target& target) {
    return target.cluster_uid + "\n" + target.kube_namespace + "\n" + target.app;
}

bool passes(const RolloutRecord& record, const RolloutFilter& filter) {
    return (filter.which == RolloutFilter::Which::all || !is_terminal(record.state)) &&
           (filter.app.empty() || filter.app == record.target.app) &&
           (filter.environment.empty() || filter.environment == record.target.environment) &&
           (!filter.since || record.started >= *filter.since);
}

}  // namespace

class MemStore::Writer {
public:
    Writer(Facts& facts, const Journal& before) : facts_(facts), before_(before) {}

    void operator()(const IntentRecorded& entry) {
        if (state_of(entry.attempt)) {
            throw std::logic_error("attempt " + entry.attempt + " was intended already");
        }
        facts_.open.push_back({entry, AttemptState::intent});
    }

    void operator()(const OutcomeRecorded& entry) {
        require_open(entry.attempt, state_of(entry.attempt));
        const auto found = find_open(entry.attempt);
        found->state = entry.state;
        if (!is_open(entry.state)) {
            facts_.open.erase(found);
            facts_.just_settled[entry.attempt] = entry.state;
        }
    }

    void operator()(const CauseFound& entry) { facts_.cause = entry.cause; }

    void operator()(const RequestTaken& entry) {
        std::erase_if(facts_.pending, [&](const Request& request) {
            return request.id == entry.request;
        });
    }

    // The record and the event say all there is.
    template <class Other>
    void operator()(const Other&) {}

private:
    std::vector<OpenAttempt>::iterator find_open(const std::string& id) {
        return std::ranges::find_if(facts_.open, [&](const OpenAttempt& made) {
            return made.intent.attempt == id;
        });
    }

    std::optional<AttemptState> state_of(const std::string& id) {
        if (const auto open = find_open(id); open != facts_.open.end()) {
            return open->state;
        }
        for (const Outcomes* settled : {&std::as_const(facts_.just_settled), &before_.settled}) {
            if (const auto found = settled->find(id); found != settled->end()) {
                return found->second;
            }
        }
        return std::nullopt;
    }

    Facts& facts_;
    const Journal& before_;
};

MemStore::Journal* MemStore::journal(const RolloutId& rollout) {
    const auto found =
        std::ranges::find(journals_, rollout, [](const Journal& one) { return one.record.id; });
    return found == journals_.end() ? nullptr : &*found;
}

MemStore::Journal& MemStore::known_journal(const RolloutId& rollout) {
    auto* found = journal(rollout);
    if (found == nullptr) {
        throw unknown_rollout(rollout);
    }
    return *found;
}

Event MemStore::next_event(const RolloutRecord& record, const Entry& entry, WallTime at) {
    return event_of(record, entry, at, ++last_seq_[key_of(record.target)]);
}

AppendResult MemStore::settle(
    const Journal& journal, std::int64_t expected_version, const std::vector<Entry>& entries
) {
    const auto at = static_cast<std::size_t>(expected_version);
    if (expected_version > 0 && at < journal.appends.size()) {
        const auto& events = journal.events;
        const auto end = at + 1 < journal.appends.size() ? journal.appends[at + 1] : events.size();
        const std::vector<Event> written(
            events.begin() + static_cast<std::ptrdiff_t>(journal.appends[at]),
            events.begin() + static_cast<std::ptrdiff_t>(end)
        );
        if (is_written_as(entries, written)) {
            return {AppendAnswer::committed, written, expected_version + 1};
        }
    }
    return {AppendAnswer::conflict, {}, journal.record.version};
}

Task<BeginAnswer> MemStore::begin(NewRollout rollout) {
    if (const auto* present = journal(rollout.record.id)) {
        require_same(present->record, rollout.record);
        BeginAnswer again{BeginAnswer::Kind::begun, present->record};
        co_return again;
    }
    for (const auto& other : journals_) {
        if (!is_terminal(other.record.state) &&
            is_same_target(other.record.target, rollout.record.target)) {
            BeginAnswer refused{BeginAnswer::Kind::another_is_active, other.record};
            co_return refused;
        }
    }
    Journal made;
    made.appends.push_back(0);
    made.record = std::move(rollout.record);
    made.record.number = static_cast<std::int64_t>(journals_.size()) + 1;
    made.record.version = 1;
    made.record.started = clock_.now();
    made.plan = std::move(rollout.plan);
    made.events.push_back(next_event(made.record, rollout.begun, made.record.started));
    BeginAnswer answer{BeginAnswer::Kind::begun, made.record};
    journals_.push_back(std::move(made));
    co_return answer;
}

Task<AppendResult> MemStore::append(
    RolloutId rollout, std::int64_t expected_version, std::vector<Entry> entries
) {
    auto& present = known_journal(rollout);
    if (present.record.version != expected_version) {
        co_return settle(present, expected_version, entries);
    }
    AppendResult result;
    // On copies, so that an entry that is refused leaves nothing of those before it.
    auto record = present.record;
    auto facts = present.facts;
    const auto at = clock_.now();
    Writer writer(facts, present);
    for (const auto& entry : entries) {
        fold(record, entry, at);
        std::visit(writer, entry);
    }
    for (const auto& entry : entries) {
        result.events.push_back(next_event(record, entry, at));
    }
    ++record.version;
    present.settled.merge(facts.just_settled);
    facts.just_settled.clear();
    present.appends.push_back(present.events.size());
    present.events.insert(present.events.end(), result.events.begin(), result.events.end());
    present.record = std::move(record);
    present.facts = std::move(facts);
    result.answer = AppendAnswer::committed;
    result.version = present.record.version;
    co_return result;
}

Task<std::optional<RolloutRecord>> MemStore::find(std::string reference) {
    const auto wanted = read_reference(reference);
    const auto count = static_cast<std::int64_t>(journals_.size());
    if (wanted.number && *wanted.number <= count) {
        co_return journals_[static_cast<std::size_t>(*wanted.number - 1)].record;
    }
    std::optional<RolloutRecord> found;
    for (const auto& one : journals_) {
        if (wanted.prefix && one.record.id.starts_with(*wanted.prefix)) {
            if (found) {
                co_return std::nullopt;
            }
            found = one.record;
        }
    }
    co_return found;
}

Task<std::vector<RolloutRecord>> MemStore::list(RolloutFilter filter) {
    std::vector<RolloutRecord> found;
    for (const auto& one : journals_ | std::views::reverse) {
        if (passes(one.record, filter)) {
            found.push_back(one.record);
        }
    }
    if (filter.order == RolloutFilter::Order::end) {
        std::ranges::stable_sort(found, ended_later);
    }
    found.resize(std::min(found.size(), static_cast<std::size_t>(std::max(0, filter.at_most))));
    co_return found;
}

Task<Value> MemStore::plan(RolloutId rollout) {
    const auto* found = journal(rollout);
    co_return found == nullptr ? Value() : found->plan;
}

Task<std::vector<Event>> MemStore::events(RolloutId rollout, std::int64_t after) {
    std::vector<Event> later;
    if (const auto* found = journal(rollout)) {
        std::ranges::copy_if(found->events, std::back_inserter(later), [&](const Event& event) {
            return event.seq > after;
        });
    }
    co_return later;
}

Task<std::vector<OpenAttempt>> MemStore::open_attempts(RolloutId rollout) {
    const auto* found = journal(rollout);
    co_return found == nullptr ? std::vector<OpenAttempt>() : found->facts.open;
}

Task<std::optional<Cause>> MemStore::cause(RolloutId rollout) {
    const auto* found = journal(rollout);
    co_return found == nullptr ? std::nullopt : found->facts.cause;
}

Task<> MemStore::make_request(RolloutId rollout, Request request) {
    auto& found = known_journal(rollout);
    const bool waits = std::ranges::any_of(found.facts.pending, [&](const Request& other) {
        return is_same_wish(other, request);
    });
    if (waits) {
        co_return;
    }
    request.id = ++last_request_;
    found.facts.pending.push_back(std::move(request));
    co_return;
}

Task<std::vector<Request>> MemStore::pending_requests(RolloutId rollout) {
    const auto* found = journal(rollout);
    co_return found == nullptr ? std::vector<Request>() : found->facts.pending;
}

Task<Freeze> MemStore::keep_freeze(Freeze freeze) {
    const auto present = std::ranges::find(freezes_, freeze.id, &Freeze::id);
    if (present != freezes_.end()) {
        *present = with_removal_of(std::move(*present), freeze);
        co_return *present;
    }
    freeze.number = std::ssize(freezes_) + 1;
    freezes_.push_back(freeze);
    co_return freeze;
}

Task<> MemStore::keep_approval(Approval approval) {
    known_journal(approval.rollout);
    if (std::ranges::count(approvals_, approval.id, &Approval::id) == 0) {
        approvals_.push_back(std::move(approval));
    }
    co_return;
}

Task<std::vector<Approval>> MemStore::approvals(RolloutId rollout) {
    std::vector<Approval> found;
    std::ranges::copy_if(approvals_, std::back_inserter(found), [&](const Approval& one) {
        return one.rollout == rollout;
    });
    std::ranges::stable_sort(found, {}, &Approval::at);
    co_return found;
}

Task<std::vector<Freeze>> MemStore::freezes(std::string app) {
    std::vector<Freeze> found;
    std::ranges::copy_if(freezes_, std::back_inserter(found), [&](const Freeze& freeze) {
        return freeze.app == app;
    });
    co_return found;
}

}  // namespace deployctl::state
