// SPDX-License-Identifier: Apache-2.0
// Keeps what the engine tells: all events, and the last progress. One thread.
#pragma once

#include "ports/event_sink.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl::tests {

class RecordingSink final : public EventSink {
public:
    void on_event(const Event& event) override { events_.push_back(event); }

    void on_progress(const Progress& progress) override {
        progress_ = progress;
        ++progress_count_;
    }

    const std::vector<Event>& events() const { return events_; }

    const std::optional<Progress>& progress() const { return progress_; }

    int progress_count() const { return progress_count_; }

    int count(const std::string& type) const;
    /// The newest event of the type; a default one where there is none.
    Event last(const std::string& type) const;
    /// The types one a line, `effect.*` left out: the course of a rollout at a glance.
    std::string types_text() const;

private:
    std::vector<Event> events_;
    std::optional<Progress> progress_;
    int progress_count_ = 0;
};

}  // namespace deployctl::tests
