// SPDX-License-Identifier: Apache-2.0
// The one place where progress comes in, and the views that it is handed on to: a person's, a log
// file's, a program's. Owned by the command that runs; engine's thread.
#pragma once

#include "cli/output/live_view.hpp"
#include "cli/session.hpp"

#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

namespace deployctl::cli {

class ProgressViews final : public EventSink {
public:
    void add(std::unique_ptr<EventSink> view);

    /// The live view, which shows questions in its picture; where there is none they are lines.
    void show_live(std::unique_ptr<LiveView> view);

    void show_lines(std::ostream& stream) { lines_ = &stream; }

    void ask(const std::vector<std::string>& question);
    void answer(const std::string& words);

    void on_event(const Event& event) override;
    void on_progress(const Progress& progress) override;
    bool shows_progress() const override;

    /// Paints the last picture; what is printed next comes below it.
    void close();

private:
    LiveView* live_ = nullptr;       ///< one of the views
    std::ostream* lines_ = nullptr;  ///< outlives this
    std::vector<std::unique_ptr<EventSink>> views_;
};

struct ProgressOrder {
    Headline headline;
    Story story;
    std::string events;  ///< `--events`: a file, or "fd:3"; empty: none
};

/// Throws Error{usage} where a file cannot be written.
std::unique_ptr<ProgressViews> make_progress(const Session& session, ProgressOrder order);

}  // namespace deployctl::cli
