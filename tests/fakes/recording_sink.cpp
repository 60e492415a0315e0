// SPDX-License-Identifier: Apache-2.0
#include "tests/fakes/recording_sink.hpp"

#include <algorithm>

namespace deployctl::tests {

int RecordingSink::count(const std::string& type) const {
    return static_cast<int>(std::ranges::count(events_, type, &Event::type));
}

Event RecordingSink::last(const std::string& type) const {
    const auto found = std::find_if(events_.rbegin(), events_.rend(), [&](const Event& event) {
        return event.type == type;
    });
    return found == events_.rend() ? Event{} : *found;
}

std::string RecordingSink::types_text() const {
    std::string text;
    for (const auto& event : events_) {
        if (!event.type.starts_with("effect.")) {
            text += event.type + "\n";
        }
    }
    return text;
}

}  // namespace deployctl::tests
