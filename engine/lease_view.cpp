// SPDX-License-Identifier: Apache-2.0
#include "engine/lease_view.hpp"

#include "model/text.hpp"

#include <algorithm>
#include <limits>

namespace deployctl::engine {

ObjectRef lease_ref(const Target& target) {
    return {Kind::lease, target.kube_namespace, "deployctl-" + target.app};
}

Standing read_standing(const Value& object) {
    const auto annotation = [&](std::string_view key) {
        return annotation_of(object, key).text("");
    };
    Standing standing;
    const bool is_back = annotation(mark::direction) == to_text(Direction::back);
    standing.direction = is_back ? Direction::back : Direction::forward;
    const auto step = whole_number(annotation(mark::step)).value_or(0);
    standing.step =
        static_cast<int>(std::clamp<std::int64_t>(step, 0, std::numeric_limits<int>::max()));
    return standing;
}

LeaseView read_lease(const Value& body) {
    const auto annotation = [&](std::string_view key) { return annotation_of(body, key).text(""); };
    LeaseView view;
    view.exists = true;
    view.uid = body.text("/metadata/uid");
    view.holder = body.text("/spec/holderIdentity");
    view.runner.identity = view.holder;
    view.runner.host = annotation(lease_mark::host);
    view.runner.boot_id = annotation(lease_mark::boot);
    view.runner.pid_namespace = annotation(lease_mark::pid_namespace);
    view.runner.pid = whole_number(annotation(lease_mark::pid)).value_or(0);
    view.runner.pid_start = whole_number(annotation(lease_mark::pid_start)).value_or(0);
    view.rollout = annotation(mark::rollout);
    view.state = annotation(lease_mark::state);
    const auto standing = read_standing(body);
    view.direction = standing.direction;
    view.step = standing.step;
    view.epoch = body.number("/spec/leaseTransitions");
    view.acquired = body.text("/spec/acquireTime");
    view.renewed = body.text("/spec/renewTime");
    view.body = body;
    return view;
}

Task<LeaseView> view_lease(Cluster& cluster, Target target) {
    const auto place = lease_ref(target);
    const auto body = co_await cluster.get(place);
    co_return body ? read_lease(*body) : LeaseView{};
}

Task<Silence> await_silence(Cluster& cluster, Clock& clock, Target target, LeaseView seen) {
    const auto begun = clock.boot_time();
    while (clock.boot_time() - begun < lease_duration) {
        co_await clock.sleep(seconds(1));
        auto now = co_await view_lease(cluster, target);
        if (now.holder.empty()) {
            co_return Silence{std::move(now), false};
        }
        if (now.renewed != seen.renewed || now.holder != seen.holder) {
            co_return Silence{std::move(now), true};
        }
        seen = std::move(now);
    }
    co_return Silence{std::move(seen), false};
}

bool names_unfinished(const LeaseView& view) {
    const auto state = read_rollout_state(view.state);
    return view.exists && !view.rollout.empty() && !(state && is_terminal(*state));
}

std::string named_by(const LeaseView& view) {
    const auto state = view.state.empty() ? "state unknown" : view.state;
    const auto who = view.holder.empty() ? "" : " of " + view.holder;
    return "rollout " + view.rollout + " (" + state + ")" + who + " on " + view.runner.host;
}

std::optional<Duration> heartbeat_age(const LeaseView& view, WallTime now) {
    const auto renewed = read_rfc3339(view.renewed);
    return renewed ? std::optional(std::max(Duration(now - *renewed), Duration{})) : std::nullopt;
}

std::string held_by(const LeaseView& view, WallTime now) {
    auto text =
        view.holder + " on " + view.runner.host + ", pid " + std::to_string(view.runner.pid);
    const auto age = heartbeat_age(view, now);
    if (!age) {
        return text;
    }
    text += ", heartbeat " + to_short_text(*age) + " ago";
    const auto left = lease_duration - *age;
    return text + (left > Duration{} ? ", runs out in " + to_short_text(left) + " unless renewed"
                                     : std::string(", run out"));
}

}  // namespace deployctl::engine
