// SPDX-License-Identifier: Apache-2.0
#include "engine/journal.hpp"

#include <stdexcept>
#include <utility>

namespace deployctl::engine {

namespace {

constexpr int most_tries = 3;

/// The same call in the same words: where the first one was committed and only its answer lost, the
/// store says so, and nothing is written twice. What goes on failing is the store's trouble.
template <class Answer, class Call>
Task<Answer> until_it_tells(Call call) {
    for (int tries = 1; tries < most_tries; ++tries) {
        try {
            auto answer = co_await call();
            co_return answer;
        } catch (const Error& lost) {
            if (lost.exit() != ExitCode::state_unreadable) {
                throw;
            }
        }
    }
    auto answer = co_await call();
    co_return answer;
}

}  // namespace

Task<BeginAnswer> begin(Store& store, NewRollout rollout) {
    const auto call = [&] { return store.begin(rollout); };
    auto answer = co_await until_it_tells<BeginAnswer>(call);
    co_return answer;
}

Journal::Journal(Store& store, EventSink& sink, RolloutRecord record)
    : store_(store), sink_(sink), record_(std::move(record)) {}

Task<> Journal::catch_up() {
    auto record = co_await store_.find(record_.id);
    if (!record) {
        throw Error(
            ExitCode::state_unreadable, "rollout " + record_.id + " has gone from the journal"
        );
    }
    record_ = std::move(*record);
}

Task<> Journal::write(Entry entry) {
    std::vector<Entry> entries;
    entries.push_back(std::move(entry));
    co_await write_all(std::move(entries));
}

Task<AppendResult> Journal::append(std::vector<Entry> entries) {
    const auto call = [&] { return store_.append(record_.id, record_.version, entries); };
    auto result = co_await until_it_tells<AppendResult>(call);
    co_return result;
}

Task<> Journal::write_all(std::vector<Entry> entries) {
    if (entries.empty()) {
        co_return;
    }
    const auto result = co_await append(std::move(entries));
    if (result.answer == AppendAnswer::conflict) {
        throw LostControl("rollout " + std::to_string(record_.number) + " was taken over");
    }
    co_await catch_up();
    for (const auto& event : result.events) {
        sink_.on_event(event);
    }
    if (record_.version != result.version) {
        // Somebody has written since: on top of that this runner would go on in another's name.
        throw LostControl("rollout " + std::to_string(record_.number) + " was taken over");
    }
}

Task<> Journal::change_state(RolloutEvent event, Direction direction, std::string reason) {
    auto entry = state_change(event, direction, std::move(reason));
    co_await write(entry);
}

Task<> Journal::change_state(
    RolloutEvent event, Direction direction, std::string reason, ExitCode exit
) {
    auto entry = state_change(event, direction, std::move(reason), exit);
    co_await write(entry);
}

Entry Journal::state_change(
    RolloutEvent event, Direction direction, std::string reason, std::optional<ExitCode> exit
) const {
    const auto next = transition(record_.state, event);
    if (!next) {
        throw std::logic_error(
            std::string("no transition from ") + to_text(record_.state) + " by " + to_text(event)
        );
    }
    return StateChanged{record_.state, *next, direction, std::move(reason), exit};
}

}  // namespace deployctl::engine
