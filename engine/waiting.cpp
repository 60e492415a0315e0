// SPDX-License-Identifier: Apache-2.0
#include "engine/waiting.hpp"

namespace deployctl::engine {

OnWait tell_of_waiting(const Ports& ports, const RolloutRecord& waiting, const Target& target) {
    Event event;
    event.rollout = waiting.id;
    event.number = waiting.number;
    event.environment = target.environment;
    event.type = "lock.waiting";
    return [event, &sink = ports.sink, &clock = ports.clock](const LeaseView& holder) {
        auto told = event;
        told.at = clock.now();
        told.data = Value::map({
            {"holder", holder.holder},
            {"host", holder.runner.host},
            {"pid", holder.runner.pid},
            {"rollout", holder.rollout},
            {"renewed", holder.renewed},
            {"held_by", held_by(holder, told.at)},
            {"silence_seconds", std::chrono::floor<seconds>(lease_duration).count()},
        });
        sink.on_event(told);
    };
}

}  // namespace deployctl::engine
