// SPDX-License-Identifier: Apache-2.0
#include "cli/asking_interrupts.hpp"

namespace deployctl::cli {

namespace {

constexpr Duration time_to_answer = seconds(10);

std::vector<std::string> question() {
    return {
        "Ctrl-C: [k]eep going  [h]old here  [s]hift traffic to stable  [r]oll back",
        "        no answer in 10s holds; Ctrl-C again does what --on-interrupt says",
    };
}

}  // namespace

AskingInterrupts::AskingInterrupts(Session& session, ProgressViews& views)
    : session_(session), views_(views), signals_(session.parts.interrupts()) {}

std::optional<Interrupt> AskingInterrupts::take() {
    const auto signal = signals_.take();
    if (!signal) {
        return open_ ? read_answer() : std::nullopt;
    }
    if (open_) {
        return act(*signal, "doing what --on-interrupt says");
    }
    if (*signal == Interrupt::interrupt && may_ask() && ask()) {
        return std::nullopt;
    }
    has_acted_ = true;
    return signal;
}

/// Once it was acted upon, a signal means: leave at once. A program that reads the progress is not
/// asked either.
bool AskingInterrupts::may_ask() const {
    const auto& globals = session_.globals;
    return !has_acted_ && session_.terminal.ends.can_ask && !globals.consent.no_input &&
           globals.look.progress != ProgressStyle::json;
}

bool AskingInterrupts::ask() {
    auto keys = session_.terminal.listen();
    if (!keys) {
        return false;
    }
    open_ = Open{std::move(keys), session_.parts.clock().boot_time() + time_to_answer};
    views_.ask(question());
    return true;
}

std::optional<Interrupt> AskingInterrupts::read_answer() {
    while (const auto key = open_->keys->take()) {
        switch (*key) {
            case 'k': go_on(); return std::nullopt;
            case 'h': return act(Interrupt::hold, "hold here");
            case 's': return act(Interrupt::shift, "traffic to stable, then stop");
            case 'r': return act(Interrupt::rollback, "roll back");
            default: break;  // no answer of ours: the question stands
        }
    }
    if (session_.parts.clock().boot_time() >= open_->until) {
        return act(Interrupt::hold, "no answer, hold here");
    }
    return std::nullopt;
}

std::optional<Interrupt> AskingInterrupts::act(Interrupt how, const char* words) {
    has_acted_ = true;
    open_.reset();
    views_.answer(words);
    return how;
}

void AskingInterrupts::go_on() {
    open_.reset();
    views_.answer("keep going");
}

}  // namespace deployctl::cli
