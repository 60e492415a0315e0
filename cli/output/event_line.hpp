// SPDX-License-Identifier: Apache-2.0
// One event as one line for people: a word of at most five letters, then what happened. Pure.
#pragma once

#include "cli/output/style.hpp"
#include "model/journal.hpp"

#include <optional>
#include <string>

namespace deployctl::cli {

/// From which `-v` on a line is shown; `attention` also where only changes are shown.
enum class Weight { attention, change, effect, detail };

struct EventLine {
    std::string word;  ///< "ok", "FAIL", "step"
    std::string text;
    Tone tone = Tone::plain;
    Weight weight = Weight::change;
};

/// Every event has a line; `weight` says who wants to see it. By itself, without what came before.
EventLine line_of(const Event& event, const Style& style);

/// Tells events in their order: remembers what a step was to do, and does not say a cause twice.
class Narrator {
public:
    explicit Narrator(Style style) : style_(style) {}

    EventLine tell(const Event& event);

private:
    Style style_;
    std::string step_text_;
    std::string cause_;
};

/// "12:28:59 ok    preflight 4s"
std::string to_text(const Event& event, const EventLine& line, const Style& style);

}  // namespace deployctl::cli
