// SPDX-License-Identifier: Apache-2.0
#include "engine/journal.hpp"

#include <stdexcept>

namespace deployctl::engine {

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
    co_await write_all(entries);
}

Task<> Journal::write_all(std::vector<Entry> entries) {
    if (entries.empty()) {
        co_return;
    }
    const auto result = co_await store_.append(record_.id, record_.version, entries);
    if (result.answer == AppendAnswer::conflict) {
        throw LostControl("rollout " + std::to_string(record_.number) + " was taken over");
    }
    co_await catch_up();
    for (const auto& event : result.events) {
        sink_.on_event(event);
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
