// SPDX-License-Identifier: Apache-2.0
// SIGINT, SIGTERM and SIGHUP as values that the engine takes between two waits. One a program; needs its
// io_context to run.
#pragma once

#include <memory>

#include "ports/interrupts.hpp"

namespace boost::asio {
class io_context;
}

namespace deployctl::plugins {

class SignalInterrupts final : public Interrupts {
public:
    explicit SignalInterrupts(boost::asio::io_context& context);
    ~SignalInterrupts() override;

    std::optional<Interrupt> take() override;

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;  // shared with the handler that may still be queued
};

}  // namespace deployctl::plugins
