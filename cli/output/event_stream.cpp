// SPDX-License-Identifier: Apache-2.0
#include "cli/output/event_stream.hpp"

#include "cli/version.hpp"
#include "documents/json.hpp"

#include <ostream>

namespace deployctl::cli {

Value to_value(const Event& event) {
    auto value = Value::map({
        {"v", 1},
        {"seq", event.seq},
        {"ts", to_rfc3339(event.at)},
        {"rollout", event.rollout},
        {"type", event.type},
        {"env", event.environment},
        {"step", nullptr},
        {"data", event.data},
    });
    if (event.step) {
        value.set("/step", *event.step);
    }
    return value;
}

EventStream::EventStream(std::ostream& stream) : stream_(stream) {
    const auto first = Value::map({{"v", 1}, {"type", "stream"}, {"program", version_text()}});
    stream_ << documents::write_json(first) << "\n";
    stream_.flush();
}

void EventStream::on_event(const Event& event) {
    stream_ << documents::write_json(to_value(event)) << "\n";
    stream_.flush();
}

}  // namespace deployctl::cli
