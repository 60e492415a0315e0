// SPDX-License-Identifier: Apache-2.0
// Progress for logs: one line a change, and one a minute where nothing changes. No cursor is moved.
// Folds the lines of a stage where the CI system can fold. Engine's thread; the stream outlives it.
#pragma once

#include "cli/output/event_line.hpp"
#include "ports/clock.hpp"
#include "ports/event_sink.hpp"

#include <iosfwd>
#include <string>

namespace deployctl::cli {

enum class Folds { none, github, gitlab };

struct PlainOptions {
    Style style;
    Weight most = Weight::change;  ///< lines of a greater weight are left out
    Folds folds = Folds::none;
    Duration heartbeat = seconds(60);
};

class PlainLines final : public EventSink {
public:
    PlainLines(std::ostream& stream, const Clock& clock, PlainOptions options);
    ~PlainLines() override;

    void on_event(const Event& event) override;
    void on_progress(const Progress& progress) override;

private:
    void enter_stage(const std::string& stage, WallTime at);
    void leave_stage(WallTime at);

    std::ostream& stream_;
    const Clock& clock_;
    PlainOptions options_;
    Narrator narrator_;
    std::string stage_;
    BootTime last_line_;
};

/// "25%  17s/1m00s  1 of 2 candidate pods are ready  stable 3/4  candidate 1/1  health 3 of 3"
std::string to_text(const Progress& progress);

}  // namespace deployctl::cli
