// SPDX-License-Identifier: Apache-2.0
// SIGINT, SIGTERM and SIGHUP as values that the engine takes between two waits. One a program. It
// needs its io_context to run, and to outlive it. What was ignored when the program was started
// stays ignored.
#pragma once

#include "ports/interrupts.hpp"

#include <memory>

namespace boost::asio {
class io_context;
}

namespace deployctl::plugins {

class SignalInterrupts final : public Interrupts {
public:
    explicit SignalInterrupts(boost::asio::io_context& context);
    ~SignalInterrupts() override;

    std::optional<Interrupt> take() override;

    bool is_asking() const override { return false; }

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;  // shared with the handler that may still be queued
};

}  // namespace deployctl::plugins
