// SPDX-License-Identifier: Apache-2.0
#include "cli/output/lock_view.hpp"

#include <chrono>

namespace deployctl::cli {

std::string lock_text(const engine::LeaseView& lock, WallTime now) {
    if (!lock.exists) {
        return "no Lease";
    }
    const auto epoch = "; epoch " + std::to_string(lock.epoch);
    return (lock.holder.empty() ? std::string("held by nobody") : engine::held_by(lock, now)) +
           epoch;
}

Value lock_value(const engine::LeaseView& lock, WallTime now) {
    if (!lock.exists) {
        return nullptr;
    }
    const auto age = engine::heartbeat_age(lock, now);
    return Value::map({
        {"holder", lock.holder.empty() ? Value() : Value(lock.holder)},
        {"host", lock.runner.host},
        {"pid", lock.runner.pid},
        {"epoch", lock.epoch},
        {"acquired", lock.acquired},
        {"heartbeat", lock.renewed},
        {"heartbeat_age_seconds",
         age ? Value(std::chrono::floor<std::chrono::seconds>(*age).count()) : Value()},
        {"rollout", lock.rollout},
        {"state", lock.state},
    });
}

}  // namespace deployctl::cli
