// SPDX-License-Identifier: Apache-2.0
// Progress for a person at a terminal: the rollout on a few lines that are painted again when
// something moves, at most ten times a second. What matters later stays above them. Engine's
// thread.
#pragma once

#include "cli/output/event_line.hpp"
#include "cli/output/live_area.hpp"
#include "cli/output/story.hpp"
#include "ports/clock.hpp"
#include "ports/event_sink.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl::cli {

/// What stands in the first line.
struct Headline {
    std::string app;
    std::string environment;
    std::string previous_version;
    std::string next_version;
    StrategyKind strategy{};
    std::int64_t number = 0;
    int steps = 0;
    int steps_back = 0;
};

/// The lines of one picture.
std::vector<std::string> draw(
    const Headline& headline,
    const Story& story,
    const std::optional<Progress>& progress,
    WallTime now,
    const Style& style
);

class LiveView final : public EventSink {
public:
    LiveView(LiveArea area, const Clock& clock, Headline headline, Story story, Style style);
    ~LiveView() override;

    void on_event(const Event& event) override;
    void on_progress(const Progress& progress) override;
    /// A question below the picture, until another one; empty: none.
    void ask(std::vector<std::string> question);

private:
    void paint();

    LiveArea area_;
    const Clock& clock_;
    Headline headline_;
    Story story_;
    Style style_;
    Narrator narrator_;

    struct Now {
        std::optional<Progress> progress;
        std::vector<std::string> question;
    } now_;

    std::optional<BootTime> painted_;
};

}  // namespace deployctl::cli
