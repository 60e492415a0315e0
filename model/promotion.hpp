// SPDX-License-Identifier: Apache-2.0
// How a version moves from one environment to the next, over clusters and beside other services,
// and how a region is failed over: `promotion`, `group` and `dr` of deploy.yaml. Values; any
// thread.
#pragma once

#include "model/time.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl {

/// What a bad wave means for those before it.
enum class WaveFailure { stop, rollback_all };

const char* to_text(WaveFailure policy);
std::optional<WaveFailure> read_wave_failure(std::string_view text);

/// One cluster of an environment that has several.
struct ClusterSettings {
    std::string name;
    std::string context;
    std::string kube_namespace;  ///< empty: the environment's

    friend bool operator==(const ClusterSettings&, const ClusterSettings&) = default;
};

/// One environment on several clusters, one wave after the other.
struct WaveSettings {
    std::vector<ClusterSettings> clusters;
    std::vector<std::vector<std::string>> order;  ///< names side by side; empty: one by one
    Duration soak{};                              ///< between two waves
    WaveFailure on_failure = WaveFailure::stop;

    friend bool operator==(const WaveSettings&, const WaveSettings&) = default;
};

struct PromotionSettings {
    std::vector<std::string> order;                           ///< of environments
    std::map<std::string, std::vector<std::string>> require;  ///< where it has to stand before
    std::map<std::string, Duration> soak;  ///< how long it has to have stood there, by environment
    bool same_digest = true;

    friend bool operator==(const PromotionSettings&, const PromotionSettings&) = default;
};

/// A service that is brought out together with others.
struct GroupMember {
    std::string dir;  ///< of its deploy.yaml
    std::vector<std::string> needs;

    friend bool operator==(const GroupMember&, const GroupMember&) = default;
};

struct GroupSettings {
    std::string name;
    std::map<std::string, GroupMember> members;
    std::vector<std::string> gates;  ///< of this file, before the group is called good

    friend bool operator==(const GroupSettings&, const GroupSettings&) = default;
};

/// A program of the user's own that moves data or traffic; argv with `${...}`, no shell.
struct DisasterHook {
    std::vector<std::string> run;
    Duration timeout = minutes(10);

    friend bool operator==(const DisasterHook&, const DisasterHook&) = default;
};

struct DisasterSettings {
    std::string primary;  ///< environments
    std::string standby;
    Duration rto = minutes(15);
    Duration rpo = minutes(5);
    std::string database;  ///< of `backup.databases`, restored in the standby; empty: none
    std::string stack;     ///< of `infra.stacks`, applied for the standby; empty: none
    std::string approval;  ///< before anything is changed; empty: none
    DisasterHook replica;  ///< prints how many seconds the replica is behind
    DisasterHook promote;  ///< makes the replica the primary
    DisasterHook traffic;  ///< `${to}` is the environment that takes it
    DisasterHook verify;
    Duration drill_every = std::chrono::days(90);

    friend bool operator==(const DisasterSettings&, const DisasterSettings&) = default;
};

}  // namespace deployctl
