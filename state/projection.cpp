// SPDX-License-Identifier: Apache-2.0
#include "state/projection.hpp"

#include "documents/json.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <stdexcept>

namespace deployctl::state {

namespace {

constexpr std::size_t shortest_prefix = 6;

class Fold {
public:
    Fold(RolloutRecord& record, WallTime at) : record_(record), at_(at) {}

    void operator()(const LeaseTaken& entry) {
        record_.epoch = entry.epoch;
        record_.owner = entry.runner;
    }

    void operator()(const StateChanged& entry) {
        if (entry.from != record_.state || is_terminal(record_.state)) {
            throw std::logic_error(
                "rollout " + record_.id + " is " + to_text(record_.state) + " and cannot go from " +
                to_text(entry.from) + " to " + to_text(entry.to)
            );
        }
        if (entry.direction != record_.direction) {
            record_.step = 0;
        }
        record_.state = entry.to;
        record_.direction = entry.direction;
        record_.exit = entry.exit;
        const bool stands_still = entry.exit || is_terminal(entry.to);
        record_.end_reason = stands_still ? entry.reason : "";
        if (is_terminal(entry.to)) {
            record_.ended = at_;
        }
    }

    void operator()(const StepStarted& entry) { move_to(entry.direction, entry.step); }

    void operator()(const StepFinished& entry) {
        const bool is_over = entry.result != StepResult::failed;
        move_to(entry.direction, is_over ? entry.step + 1 : entry.step);
    }

    // The other entries have tables of their own.
    template <class Other>
    void operator()(const Other&) {}

private:
    void move_to(Direction direction, int step) {
        if (direction == record_.direction) {
            record_.step = step;
        }
    }

    RolloutRecord& record_;
    WallTime at_;
};

}  // namespace

void fold(RolloutRecord& record, const Entry& entry, WallTime at) {
    std::visit(Fold(record, at), entry);
}

Event event_of(const RolloutRecord& record, const Entry& entry, WallTime at, std::int64_t seq) {
    Event event = to_event(entry);
    event.seq = seq;
    event.at = at;
    event.rollout = record.id;
    event.number = record.number;
    event.environment = record.target.environment;
    return event;
}

bool is_written_as(const std::vector<Entry>& entries, const std::vector<Event>& events) {
    return !entries.empty() &&
           std::ranges::equal(entries, events, [](const Entry& entry, const Event& event) {
               const auto meant = to_event(entry);
               return meant.type == event.type && meant.step == event.step &&
                      documents::write_json(meant.data) == documents::write_json(event.data);
           });
}

void require_same(const RolloutRecord& present, const RolloutRecord& begun) {
    if (!is_same_target(present.target, begun.target) || present.plan_hash != begun.plan_hash) {
        throw std::logic_error("rollout " + begun.id + " was begun already");
    }
}

bool is_same_wish(const Request& waiting, const Request& made) {
    return waiting.kind == made.kind && waiting.by == made.by && waiting.reason == made.reason;
}

void require_open(const std::string& attempt, std::optional<AttemptState> state) {
    if (!state) {
        throw std::logic_error("outcome of attempt " + attempt + ", which nobody intended");
    }
    if (!is_open(*state)) {
        throw std::logic_error("attempt " + attempt + " is settled already: " + to_text(*state));
    }
}

bool is_open(AttemptState state) {
    return state == AttemptState::intent || state == AttemptState::unknown;
}

bool is_same_target(const Target& one, const Target& other) {
    return one.cluster_uid == other.cluster_uid && one.kube_namespace == other.kube_namespace &&
           one.app == other.app;
}

Reference read_reference(std::string_view text) {
    Reference reference;
    const auto number = whole_number(text);
    if (number && *number > 0 && !text.starts_with('0')) {
        reference.number = *number;
    }
    if (text.size() >= shortest_prefix) {
        reference.prefix = std::string(text);
    }
    return reference;
}

}  // namespace deployctl::state
