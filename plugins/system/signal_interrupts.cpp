// SPDX-License-Identifier: Apache-2.0
#include "plugins/system/signal_interrupts.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <deque>

namespace deployctl::plugins {

namespace {

/// `nohup` and a shell's background jobs have a signal ignored before we start: it stays ignored.
bool is_ignored(int signal) {
    struct sigaction present {};

    return sigaction(signal, nullptr, &present) == 0 && present.sa_handler == SIG_IGN;
}

}  // namespace

struct SignalInterrupts::Impl : std::enable_shared_from_this<Impl> {
    explicit Impl(boost::asio::io_context& context) : signals(context) {
        for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
            if (!is_ignored(signal)) {
                signals.add(signal);
            }
        }
    }

    void listen() {
        signals.async_wait([self = shared_from_this(
                            )](const boost::system::error_code& error, int signal) {
            if (!error) {
                self->taken.push_back(
                    signal == SIGINT ? Interrupt::interrupt : Interrupt::terminate
                );
                self->listen();
            }
        });
    }

    boost::asio::signal_set signals;
    std::deque<Interrupt> taken;
};

SignalInterrupts::SignalInterrupts(boost::asio::io_context& context)
    : impl_(std::make_shared<Impl>(context)) {
    impl_->listen();
}

SignalInterrupts::~SignalInterrupts() {
    impl_->signals.cancel();
}

std::optional<Interrupt> SignalInterrupts::take() {
    if (impl_->taken.empty()) {
        return std::nullopt;
    }
    const auto next = impl_->taken.front();
    impl_->taken.pop_front();
    return next;
}

}  // namespace deployctl::plugins
