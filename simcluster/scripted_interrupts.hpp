// SPDX-License-Identifier: Apache-2.0
// Signals of a test: now, or when virtual time gets there. One thread.
#pragma once

#include "ports/interrupts.hpp"
#include "simcluster/virtual_clock.hpp"

#include <deque>
#include <optional>

namespace deployctl::simcluster {

class ScriptedInterrupts final : public Interrupts {
public:
    explicit ScriptedInterrupts(VirtualClock& clock) : clock_(clock) {}

    std::optional<Interrupt> take() override {
        if (waiting_.empty()) {
            return std::nullopt;
        }
        const auto next = waiting_.front();
        waiting_.pop_front();
        return next;
    }

    bool is_asking() const override { return is_asking_; }

    void ask() { is_asking_ = true; }

    void answer() { is_asking_ = false; }

    void send(Interrupt interrupt) { waiting_.push_back(interrupt); }

    /// `when` counts from the begin of the test, as `VirtualClock::elapsed` does.
    void send_at(Duration when, Interrupt interrupt) {
        clock_.call_at(when, [this, interrupt] { send(interrupt); });
    }

private:
    VirtualClock& clock_;
    std::deque<Interrupt> waiting_;
    bool is_asking_ = false;
};

}  // namespace deployctl::simcluster
