// SPDX-License-Identifier: Apache-2.0
// What one play is about: the app, its new version, the pace of the cluster, and the mishaps. All
// of it is drawn from one seed, so that the seed is all there is to remember. Values; any thread.
#pragma once

#include "model/journal.hpp"
#include "model/settings.hpp"
#include "simcluster/behaviour.hpp"
#include "simcluster/fault_plan.hpp"
#include "simcluster/pace.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace deployctl::simulation {

enum class VersionKind { good, slow, flaky, errors, crash, unready, turns_unready };

/// How whoever comes later treats the lock.
enum class RivalKind { waits, takes_over, refuses, goes_back };

/// One thing that goes wrong, or that somebody does.
struct Mishap {
    enum class Kind {
        fault,    ///< `fault` at write `at`, of the cluster or the journal
        outage,   ///< `fault` at calls `at` to `at + length - 1`
        freeze,   ///< whoever makes write `at` stands still for `length` seconds before it is sent
        rival,    ///< `at` seconds after the begin another runner takes it up
        request,  ///< `at` seconds after the begin somebody asks for `request`
        edit,     ///< `at` seconds after the begin somebody changes the pod template of web;
                  ///< not drawn, since pods that it takes are not the rollout's doing
        jump,     ///< `at` seconds after the begin the wall clock jumps by `length` minutes
    } kind{};
    int at = 0;
    int length = 0;
    simcluster::Fault fault{};
    RivalKind rival{};
    RequestKind request{};
};

struct AppShape {
    StrategyKind strategy{};
    int replicas = 4;
    int max_unavailable = 0;
    int services = 1;
    bool autoscaled = false;
    std::vector<CanaryStep> steps;
    Duration keep_old{};
};

enum class EventLog { left_out, kept };

struct Scenario {
    std::uint64_t seed = 0;
    AppShape app;
    VersionKind version{};
    simcluster::Pace pace;
    bool one_host = true;  ///< a runner that died is known to be dead
    std::vector<Mishap> mishaps;
    std::string planted;  ///< a secret among the app's variables and arguments; empty: none
};

Scenario draw_scenario(std::uint64_t seed);
/// The one that speed is measured with: a canary of four pods and five steps, and no mishap.
Scenario plain_scenario();
simcluster::Behaviour behaviour_of(VersionKind kind);
/// It must not be promoted, whatever goes wrong besides.
bool is_bad(VersionKind kind);

std::string to_text(const Mishap& mishap);
/// "canary of 4 pods, version crash" and so on, then the mishaps, one a line.
std::string to_text(const Scenario& scenario);

}  // namespace deployctl::simulation
