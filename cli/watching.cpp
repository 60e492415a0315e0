// SPDX-License-Identifier: Apache-2.0
#include "cli/watching.hpp"

#include "cli/turn.hpp"

namespace deployctl::cli {

namespace {

constexpr Duration poll_interval = milliseconds(300);

ExitCode exit_of(const RolloutRecord& rollout) {
    switch (rollout.state) {
        case RolloutState::promoted: return ExitCode::done;
        case RolloutState::rolled_back: return ExitCode::rolled_back;
        default: return rollout.exit.value_or(ExitCode::done);
    }
}

/// Where it ends now, if it does.
std::optional<ExitCode> end_of(
    Runners& runners, const RolloutRecord& rollout, const WatchOrder& order
) {
    if (is_terminal(rollout.state)) {
        return exit_of(rollout);
    }
    if (order.until == rollout.state) {
        return ExitCode::done;
    }
    const bool is_gone = runners.liveness(rollout.owner) == Liveness::dead;
    if (is_gone && stands_still(rollout.state)) {
        return rollout.exit.value_or(ExitCode::paused);
    }
    if (is_gone && rollout.state != RolloutState::pending) {
        return ExitCode::stopped_watching;
    }
    return std::nullopt;
}

Task<bool> tell_new_events(Store* journal, EventSink* sink, WatchOrder* order) {
    const auto events = co_await journal->events(order->rollout, order->after);
    bool is_heard = false;
    for (const auto& event : events) {
        order->after = event.seq;
        order->heard_within.reset();
        is_heard = is_heard || event.type == order->until_event;
        sink->on_event(event);
    }
    co_return is_heard;
}

}  // namespace

Task<WatchEnd> watch(Parts* parts, EventSink* sink, WatchOrder order) {
    auto& journal = parts->journal();
    auto& clock = parts->clock();
    auto& signals = parts->interrupts();
    auto* const wanted = &order;
    const auto begun = clock.boot_time();
    WatchEnd end;
    for (;;) {
        const auto found = co_await journal.find(order.rollout);
        const bool is_heard = co_await tell_new_events(&journal, sink, wanted);
        end.rollout = found.value_or(end.rollout);
        end.cause = co_await journal.cause(order.rollout);
        auto exit = end_of(parts->runners(), end.rollout, order);
        if (!exit && is_heard) {
            exit = ExitCode::done;
        }
        const bool is_late = order.timeout && clock.boot_time() - begun >= *order.timeout;
        if (!exit && (is_late || signals.take())) {
            exit = ExitCode::stopped_watching;
        }
        const bool is_silent =
            wanted->heard_within && clock.boot_time() - begun >= *wanted->heard_within;
        if (!exit && is_silent) {
            end.is_unheard = true;
            exit = ExitCode::stopped_watching;
        }
        if (exit) {
            end.exit = *exit;
            co_return end;
        }
        co_await clock.sleep(poll_interval);
    }
}

}  // namespace deployctl::cli
