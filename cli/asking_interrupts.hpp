// SPDX-License-Identifier: Apache-2.0
// Signals, where somebody sits at the terminal: Ctrl-C asks what to do, and until there is an
// answer the rollout watches, but begins nothing new. A second Ctrl-C does not ask. One a run; the
// session and the views outlive it; engine's thread.
#pragma once

#include "cli/output/progress.hpp"
#include "cli/session.hpp"
#include "ports/interrupts.hpp"
#include "ports/keys.hpp"

#include <memory>
#include <optional>

namespace deployctl::cli {

class AskingInterrupts final : public Interrupts {
public:
    AskingInterrupts(Session& session, ProgressViews& views);

    /// Looks for a signal or an answer; never waits for one.
    std::optional<Interrupt> take() override;

    bool is_asking() const override { return open_.has_value(); }

private:
    /// A question that was asked and not answered yet.
    struct Open {
        std::unique_ptr<Keys> keys;
        BootTime until;
    };

    bool may_ask() const;
    bool ask();
    std::optional<Interrupt> read_answer();
    std::optional<Interrupt> act(Interrupt how, const char* words);
    void go_on();

    Session& session_;
    ProgressViews& views_;
    Interrupts& signals_;  ///< taken from the first moment on, so that none ends the program
    std::optional<Open> open_;
    bool has_acted_ = false;
};

}  // namespace deployctl::cli
