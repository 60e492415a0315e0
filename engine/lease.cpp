// SPDX-License-Identifier: Apache-2.0
#include "engine/lease.hpp"

#include "engine/journal.hpp"

#include <algorithm>

namespace deployctl::engine {

namespace {

// Enough of the holder to prove on the same host that it is dead.
constexpr std::string_view host_mark = "deployctl.dev/host";
constexpr std::string_view boot_mark = "deployctl.dev/boot-id";
constexpr std::string_view pid_mark = "deployctl.dev/pid";
constexpr std::string_view pid_start_mark = "deployctl.dev/pid-start";
constexpr std::string_view state_mark = "deployctl.dev/state";

LeaseView read_lease(const Value& body) {
    const auto annotation = [&](std::string_view key) {
        return body.text(annotation_pointer(key));
    };
    LeaseView view;
    view.exists = true;
    view.uid = body.text("/metadata/uid");
    view.holder = body.text("/spec/holderIdentity");
    view.runner.identity = view.holder;
    view.runner.host = annotation(host_mark);
    view.runner.boot_id = annotation(boot_mark);
    view.runner.pid = std::atoll(annotation(pid_mark).c_str());
    view.runner.pid_start = std::atoll(annotation(pid_start_mark).c_str());
    view.rollout = annotation(mark::rollout);
    view.state = annotation(state_mark);
    view.epoch = body.number("/spec/leaseTransitions");
    view.renewed = body.text("/spec/renewTime");
    view.body = body;
    return view;
}

}  // namespace

Lease::Lease(Cluster& cluster, Clock& clock, Runners& runners, Target target)
    : cluster_(cluster), clock_(clock), runners_(runners), target_(std::move(target)) {}

ObjectRef Lease::ref() const {
    return {Kind::lease, target_.kube_namespace, "deployctl-" + target_.app};
}

Task<LeaseView> Lease::view() {
    const auto place = ref();
    const auto body = co_await cluster_.get(place);
    co_return body ? read_lease(*body) : LeaseView{};
}

Value Lease::wanted(const LeaseView& seen, std::int64_t epoch, const std::string& holder) const {
    const auto self = runners_.self();
    Value lease = seen.body;
    if (!seen.exists) {
        lease = Value::map({
            {"apiVersion", info(Kind::lease).api_version},
            {"kind", info(Kind::lease).name},
            {"metadata",
             Value::map({
                 {"name", ref().name},
                 {"namespace", target_.kube_namespace},
                 {"labels", Value::map({{std::string(mark::app), target_.app}})},
             })},
        });
    }
    const auto now = to_rfc3339(clock_.now());
    lease.set("/spec/holderIdentity", holder);
    lease.set("/spec/leaseDurationSeconds", std::chrono::floor<seconds>(lease_duration).count());
    lease.set("/spec/renewTime", now);
    lease.set("/spec/leaseTransitions", epoch);
    if (epoch != seen.epoch) {
        lease.set("/spec/acquireTime", now);
    }
    lease.set(annotation_pointer(mark::app), target_.app);
    lease.set(annotation_pointer(mark::rollout), rollout_);
    lease.set(annotation_pointer(host_mark), self.host);
    lease.set(annotation_pointer(boot_mark), self.boot_id);
    lease.set(annotation_pointer(pid_mark), std::to_string(self.pid));
    lease.set(annotation_pointer(pid_start_mark), std::to_string(self.pid_start));
    return lease;
}

Task<bool> Lease::write(LeaseView seen, Value next) {
    const auto place = ref();
    if (!seen.exists) {
        const auto created = co_await cluster_.create(place, next);
        if (created.answer == WriteAnswer::forbidden) {
            throw Error(
                ExitCode::blocked,
                "no permission to create Leases in namespace " + target_.kube_namespace + ": " +
                    created.message,
                "grant get, create and patch on leases (coordination.k8s.io)"
            );
        }
        uid_ = created.object.text("/metadata/uid");
        co_return created.answer == WriteAnswer::done;
    }
    JsonPatch changes{
        {PatchVerb::test, "/metadata/uid", seen.uid},
        {PatchVerb::test, "/spec/holderIdentity", seen.body.at("/spec/holderIdentity")},
        {PatchVerb::test, "/spec/leaseTransitions", seen.body.at("/spec/leaseTransitions")},
        {PatchVerb::test, "/spec/renewTime", seen.body.at("/spec/renewTime")},
        {PatchVerb::replace, "/spec", next.at("/spec")},
        {PatchVerb::add, "/metadata/annotations", next.at("/metadata/annotations")},
    };
    const auto patched = co_await cluster_.patch(place, changes);
    uid_ = seen.uid;
    if (patched.answer == WriteAnswer::done) {
        co_return true;
    }
    if (patched.answer != WriteAnswer::unknown) {
        co_return false;
    }
    const auto now = co_await view();
    co_return now.body.at("/spec/renewTime") == next.at("/spec/renewTime") &&
        now.body.at("/spec/holderIdentity") == next.at("/spec/holderIdentity");
}

Task<LeaseAnswer> Lease::take(LeaseView seen, std::int64_t highest_seen) {
    const auto epoch = std::max(seen.epoch, highest_seen) + 1;
    const auto next = wanted(seen, epoch, runners_.self().identity);
    const auto started = clock_.boot_time();
    const bool written = co_await write(seen, next);
    if (!written) {
        auto now = co_await view();
        co_return LeaseAnswer{LeaseAnswer::Kind::held_by_other, std::move(now)};
    }
    epoch_ = epoch;
    renewed_ = started;  // counted from before the request: the window may only be shorter than the
                         // server's
    co_return LeaseAnswer{LeaseAnswer::Kind::taken, std::move(seen)};
}

Task<LeaseAnswer> Lease::wait_for_expiry(LeaseView seen, std::int64_t highest_seen) {
    auto unchanged_since = clock_.boot_time();
    while (clock_.boot_time() - unchanged_since < lease_duration) {
        co_await clock_.sleep(seconds(1));
        auto now = co_await view();
        if (now.holder.empty()) {
            seen = std::move(now);
            break;
        }
        if (now.renewed != seen.renewed || now.holder != seen.holder) {
            unchanged_since = clock_.boot_time();
        }
        seen = std::move(now);
    }
    co_return co_await take(seen, highest_seen);
}

Task<LeaseAnswer> Lease::acquire(RolloutId rollout, LockPolicy policy, std::int64_t highest_seen) {
    rollout_ = std::move(rollout);
    auto seen = co_await view();
    const bool is_free = !seen.exists || seen.holder.empty() ||
                         runners_.liveness(seen.runner) == Liveness::dead ||
                         policy == LockPolicy::take_over;
    if (is_free) {
        co_return co_await take(seen, highest_seen);
    }
    if (policy == LockPolicy::wait) {
        co_return co_await wait_for_expiry(seen, highest_seen);
    }
    co_return LeaseAnswer{LeaseAnswer::Kind::held_by_other, std::move(seen)};
}

Task<> Lease::keep() {
    if (clock_.boot_time() - renewed_ < renew_interval) {
        co_return;
    }
    const auto seen = co_await view();
    if (!seen.exists || seen.epoch != epoch_ || seen.uid != uid_) {
        throw LostControl("the lease " + to_text(ref()) + " was taken by " + seen.holder);
    }
    const auto started = clock_.boot_time();
    const auto next = wanted(seen, epoch_, runners_.self().identity);
    const bool written = co_await write(seen, next);
    if (written) {
        renewed_ = started;
    }
}

Task<> Lease::release(RolloutState state) {
    const auto seen = co_await view();
    if (!seen.exists || seen.epoch != epoch_) {
        co_return;
    }
    auto next = wanted(seen, epoch_, "");
    next.set(annotation_pointer(state_mark), to_text(state));
    co_await write(seen, next);
}

bool Lease::is_trusted() const {
    return clock_.boot_time() - renewed_ < trust_window;
}

}  // namespace deployctl::engine
