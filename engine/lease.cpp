// SPDX-License-Identifier: Apache-2.0
#include "engine/lease.hpp"

#include "engine/journal.hpp"

#include <algorithm>

namespace deployctl::engine {

namespace {

constexpr int most_tries = 5;
constexpr Duration shortest_pause = milliseconds(200);
/// A longer one is not slept while the world goes on unwatched.
constexpr Duration longest_pause = seconds(2);

/// By the fields that each of our writes changes.
bool is_same_writing(const Value& one, const Value& other) {
    return one.at("/spec/holderIdentity") == other.at("/spec/holderIdentity") &&
           one.at("/spec/leaseTransitions") == other.at("/spec/leaseTransitions") &&
           one.at("/spec/renewTime") == other.at("/spec/renewTime") &&
           annotation_of(one, lease_mark::pid) == annotation_of(other, lease_mark::pid);
}

/// A rollout that is named as ended, or has acted before and is not named, was ended elsewhere: the
/// cluster knows better than the journal.
bool may_take(const LeaseView& seen, const LeaseClaim& claim) {
    if (!seen.exists || seen.rollout.empty()) {
        return true;
    }
    if (seen.rollout == claim.rollout) {
        return names_unfinished(seen);
    }
    return claim.is_new && (!names_unfinished(seen) || seen.rollout == claim.ended);
}

}  // namespace

bool was_turned_elsewhere(const LeaseView& seen, const LeaseClaim& claim) {
    return seen.rollout == claim.rollout && seen.epoch > claim.last_known &&
           seen.direction == Direction::back;
}

Lease::Lease(Cluster& cluster, Clock& clock, Runners& runners, Target target)
    : cluster_(cluster), clock_(clock), runners_(runners), target_(std::move(target)) {}

ObjectRef Lease::ref() const {
    return lease_ref(target_);
}

Task<LeaseView> Lease::view() {
    auto seen = co_await view_lease(cluster_, target_);
    co_return seen;
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
    auto marks = lease.members("/metadata/annotations");
    marks[mark::app] = target_.app;
    marks[mark::rollout] = named_.rollout;
    if (named_.standing) {
        marks[mark::direction] = to_text(named_.standing->direction);
        marks[mark::step] = std::to_string(named_.standing->step);
    }
    marks[lease_mark::host] = self.host;
    marks[lease_mark::boot] = self.boot_id;
    marks[lease_mark::pid_namespace] = self.pid_namespace;
    marks[lease_mark::pid] = std::to_string(self.pid);
    marks[lease_mark::pid_start] = std::to_string(self.pid_start);
    lease.set("/metadata/annotations", std::move(marks));
    return lease;
}

Task<WriteReply> Lease::send(LeaseView seen, Value next) {
    const auto place = ref();
    if (!seen.exists) {
        auto created = co_await cluster_.create(place, next);
        co_return created;
    }
    const JsonPatch changes{
        {PatchVerb::test, "/metadata/uid", seen.uid},
        {PatchVerb::test, "/spec/holderIdentity", seen.body.at("/spec/holderIdentity")},
        {PatchVerb::test, "/spec/leaseTransitions", seen.body.at("/spec/leaseTransitions")},
        {PatchVerb::test, "/spec/renewTime", seen.body.at("/spec/renewTime")},
        {PatchVerb::replace, "/spec", next.at("/spec")},
        {PatchVerb::add, "/metadata/annotations", next.at("/metadata/annotations")},
    };
    auto patched = co_await cluster_.patch(place, changes);
    co_return patched;
}

void Lease::expect_held(const WriteReply& refused) const {
    if (epoch_ == 0) {
        throw Error(
            ExitCode::blocked,
            "no permission to write " + to_text(ref()) + ": " + refused.message,
            "grant get, create and patch on leases (coordination.k8s.io), then `deployctl rollout "
            "resume`"
        );
    }
}

/// An answer that says nothing of the outcome is settled by reading; what did not land, while
/// nobody else has written, is sent again.
Task<Lease::Written> Lease::write(LeaseView seen, Value next) {
    for (int tries = 0; tries < most_tries; ++tries) {
        const auto reply = co_await send(seen, next);
        if (reply.answer == WriteAnswer::done) {
            uid_ = reply.object.text("/metadata/uid", seen.uid);
            co_return Written::yes;
        }
        if (reply.answer == WriteAnswer::forbidden || reply.answer == WriteAnswer::invalid) {
            expect_held(reply);
            co_return Written::unanswered;  // whoever holds it already lives on trust, for a while
        }
        const auto now = co_await view();
        if (now.exists && is_same_writing(now.body, next)) {
            uid_ = now.uid;
            co_return Written::yes;
        }
        if (now.exists != seen.exists || (now.exists && !is_same_writing(now.body, seen.body))) {
            co_return Written::no;
        }
        const auto pause = std::max(reply.retry_after.value_or(Duration{}), shortest_pause);
        if (pause > longest_pause) {
            times_.not_before = clock_.boot_time() + pause;
            co_return Written::put_off;
        }
        co_await clock_.sleep(pause);
    }
    co_return Written::unanswered;
}

/// For who has nothing to watch yet.
Task<Lease::Written> Lease::write_with_patience(LeaseView seen, Value next) {
    const auto begun = clock_.boot_time();
    for (;;) {
        const auto now = clock_.boot_time();
        if (times_.not_before && now < *times_.not_before) {
            co_await clock_.sleep(*times_.not_before - now);
        }
        times_.renewed = clock_.boot_time();  // counted from before the request: the window may
                                              // only be shorter than the server's
        const auto written = co_await write(seen, next);
        const bool is_put_off = written == Written::put_off;
        if (!is_put_off || *times_.not_before - begun > longest_patience) {
            co_return written;
        }
    }
}

Task<LeaseAnswer> Lease::take(LeaseView seen, LeaseClaim claim) {
    if (claim.if_named && seen.rollout.empty()) {
        co_return LeaseAnswer{LeaseAnswer::Kind::names_nobody, std::move(seen)};
    }
    if (!may_take(seen, claim)) {
        co_return LeaseAnswer{LeaseAnswer::Kind::names_another, std::move(seen)};
    }
    const auto epoch = std::max(seen.epoch, claim.highest_seen) + 1;
    auto next = wanted(seen, epoch, runners_.self().identity);
    next.set(annotation_pointer(lease_mark::state), to_text(RolloutState::running));
    if (was_turned_elsewhere(seen, claim)) {  // until the journal knows it, only this says so
        next.set(annotation_pointer(mark::direction), to_text(Direction::back));
    }
    const auto written = co_await write_with_patience(seen, next);
    if (written == Written::unanswered || written == Written::put_off) {
        throw Error(
            ExitCode::stopped_watching,
            "the API server does not take the write of " + to_text(ref()) + ", again and again",
            "nothing else was changed: `deployctl rollout resume` once it does"
        );
    }
    if (written == Written::no) {
        auto now = co_await view();
        const bool is_free = now.holder.empty();  // whoever was quicker has gone already
        if (is_free || claim.policy == LockPolicy::take_over) {
            auto again = co_await take(now, claim);
            co_return again;
        }
        co_return LeaseAnswer{LeaseAnswer::Kind::held_by_other, std::move(now)};
    }
    epoch_ = epoch;
    times_.kept = clock_.boot_time();
    co_return LeaseAnswer{LeaseAnswer::Kind::taken, std::move(seen)};
}

/// A holder that renews meanwhile is alive: who only wants what a dead one has left is told so.
Task<LeaseAnswer> Lease::wait_for_expiry(LeaseView seen, LeaseClaim claim) {
    Silence heard{std::move(seen), true};
    while (heard.is_alive) {
        if (claim.on_wait) {
            claim.on_wait(heard.seen);
        }
        heard = co_await await_silence(cluster_, clock_, target_, heard.seen);
        if (heard.is_alive && claim.policy == LockPolicy::if_silent) {
            co_return LeaseAnswer{LeaseAnswer::Kind::held_by_other, std::move(heard.seen)};
        }
    }
    if (!heard.seen.exists) {  // deleted meanwhile: what the claimant has seen may be over as well
        co_return LeaseAnswer{LeaseAnswer::Kind::names_nobody, std::move(heard.seen)};
    }
    auto answer = co_await take(heard.seen, claim);
    co_return answer;
}

Task<LeaseAnswer> Lease::acquire(LeaseClaim claim) {
    named_.rollout = claim.rollout;
    auto seen = co_await view();
    const bool is_free = !seen.exists || seen.holder.empty() ||
                         runners_.liveness(seen.runner) == Liveness::dead ||
                         claim.policy == LockPolicy::take_over;
    const bool is_over = !claim.is_new && !may_take(seen, claim);  // nothing to wait for
    if (is_free || is_over) {
        auto answer = co_await take(seen, claim);
        co_return answer;
    }
    if (claim.policy == LockPolicy::wait || claim.policy == LockPolicy::if_silent) {
        auto answer = co_await wait_for_expiry(seen, claim);
        co_return answer;
    }
    co_return LeaseAnswer{LeaseAnswer::Kind::held_by_other, std::move(seen)};
}

void Lease::stand_at(Standing standing) {
    const bool turns = named_.standing && named_.standing->direction != standing.direction;
    named_.is_due = named_.is_due || turns;
    named_.standing = standing;
}

Task<> Lease::tell() {
    named_.is_due = true;
    co_await keep();
    if (named_.is_due) {
        throw Error(ExitCode::stopped_watching, "the Lease does not take where the rollout stands");
    }
}

Task<> Lease::keep() {
    const auto now = clock_.boot_time();
    const bool is_due = named_.is_due || now - times_.renewed >= renew_interval;
    const bool is_put_off = times_.not_before && now < *times_.not_before;
    if (is_due && !is_put_off) {
        co_await renew();
    }
    times_.kept = clock_.boot_time();
}

Task<> Lease::keep_trust() {
    const auto begun = clock_.boot_time();
    co_await keep();
    while (!is_trusted() && times_.not_before && *times_.not_before - begun <= longest_patience) {
        co_await clock_.sleep(*times_.not_before - clock_.boot_time());
        co_await keep();
    }
}

Task<> Lease::renew() {
    times_.not_before.reset();
    const auto seen = co_await view_own();
    const auto started = clock_.boot_time();
    const auto next = wanted(seen, epoch_, runners_.self().identity);
    const auto written = co_await write(seen, next);
    if (written == Written::yes) {
        times_.renewed = started;
        named_.is_due = false;
    }
    if (written == Written::no) {  // somebody has written it since it was seen
        co_await view_own();
    }
}

Task<LeaseView> Lease::view_own() {
    auto seen = co_await view();
    if (!seen.exists) {
        throw LostControl(to_text(ref()) + " was deleted while this rollout held it");
    }
    if (seen.epoch != epoch_ || seen.uid != uid_) {
        throw LostControl(to_text(ref()) + " was taken by " + named_by(seen));
    }
    co_return seen;
}

Task<> Lease::release(RolloutState state) {
    const auto seen = co_await view();
    if (!seen.exists || seen.epoch != epoch_ || seen.uid != uid_) {
        co_return;
    }
    auto next = wanted(seen, epoch_, "");
    next.set(annotation_pointer(lease_mark::state), to_text(state));
    co_await write_with_patience(seen, next);
}

Task<> Lease::settle(RolloutId rollout, RolloutState state) {
    const auto seen = co_await view();
    if (seen.rollout != rollout || !names_unfinished(seen)) {
        co_return;
    }
    named_.rollout = std::move(rollout);
    epoch_ = seen.epoch;
    uid_ = seen.uid;
    co_await release(state);
}

bool Lease::is_trusted() const {
    return clock_.boot_time() - times_.renewed < trust_window;
}

bool Lease::is_awake() const {
    return clock_.boot_time() - times_.kept < trust_window;
}

}  // namespace deployctl::engine
