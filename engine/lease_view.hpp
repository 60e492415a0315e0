// SPDX-License-Identifier: Apache-2.0
// What a Lease says to whoever looks at it, its holder or not: for people and for decisions. Reads
// only. Engine's thread.
#pragma once

#include "model/rollout.hpp"
#include "model/time.hpp"
#include "ports/clock.hpp"
#include "ports/cluster.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace deployctl::engine {

inline constexpr Duration lease_duration = seconds(30);

/// Annotations with enough of the holder to prove on the same host that it is dead.
namespace lease_mark {
inline constexpr std::string_view host = "deployctl.dev/host";
inline constexpr std::string_view boot = "deployctl.dev/boot-id";
inline constexpr std::string_view pid_namespace = "deployctl.dev/pid-namespace";
inline constexpr std::string_view pid = "deployctl.dev/pid";
inline constexpr std::string_view pid_start = "deployctl.dev/pid-start";
inline constexpr std::string_view state = "deployctl.dev/state";
}  // namespace lease_mark

ObjectRef lease_ref(const Target& target);

/// Where a rollout stands, for whoever adopts it.
struct Standing {
    Direction direction{};
    int step = 0;
};

/// As the Lease, or an object that the rollout has written, says it; people can write there too.
Standing read_standing(const Value& object);

/// What the Lease says, whoever holds it.
struct LeaseView {
    bool exists = false;
    std::string uid;
    std::string holder;  ///< empty: nobody
    Runner runner;
    RolloutId rollout;
    std::string state;
    Direction direction{};  ///< as it was last told; the objects may be further on
    int step = 0;
    std::int64_t epoch = 0;
    std::string acquired;  ///< as the server prints it
    std::string renewed;
    Value body;
};

/// Of `target.app`, whoever asks.
Task<LeaseView> view_lease(Cluster& cluster, Target target);
/// Whether it names a rollout that, as far as the cluster knows, has not ended.
bool names_unfinished(const LeaseView& view);
/// "rollout 0190... (paused) of ada@laptop on laptop": whom it names.
std::string named_by(const LeaseView& view);
/// "ada@laptop on laptop, pid 812, heartbeat 4s ago, runs out in 26s": who holds it, for people.
/// Two clocks are compared here, so nothing is decided by it.
std::string held_by(const LeaseView& view, WallTime now);
/// How long ago its holder renewed it, as far as wall clocks agree.
std::optional<Duration> heartbeat_age(const LeaseView& view, WallTime now);
/// The view of a Lease object, whatever app it is of.
LeaseView read_lease(const Value& lease);

struct Silence {
    LeaseView seen;         ///< the last look
    bool is_alive = false;  ///< it was renewed, or changed hands
};

/// Looks until somebody lives there, or it was let go, or nothing has changed for its duration on
/// our clock: whose wall clock is right does not matter.
Task<Silence> await_silence(Cluster& cluster, Clock& clock, Target target, LeaseView seen);

}  // namespace deployctl::engine
