// SPDX-License-Identifier: Apache-2.0
// Progress for programs: one JSON record a line (docs/formats/events.md). The first line names the
// version. Engine's thread; the stream outlives it.
#pragma once

#include "ports/event_sink.hpp"

#include <iosfwd>

namespace deployctl::cli {

class EventStream final : public EventSink {
public:
    explicit EventStream(std::ostream& stream);

    void on_event(const Event& event) override;

    /// Nothing: what is not journalled is no event.
    void on_progress(const Progress&) override {}

    bool shows_progress() const override { return false; }

private:
    std::ostream& stream_;
};

Value to_value(const Event& event);

}  // namespace deployctl::cli
