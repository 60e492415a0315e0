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
enum class RivalKind {
    waits,
    takes_over,
    refuses,
    goes_back,
    starts,  ///< a rollout of its own; of stories, no seed draws it
};

/// What else somebody does to the cluster by hand.
enum class EditKind { pod_template, replicas, lease };

/// One thing that goes wrong, or that somebody does.
struct Mishap {
    enum class Kind {
        fault,    ///< `fault` at write `at`, of the cluster or the journal
        outage,   ///< `fault` at calls `at` to `at + length - 1`
        freeze,   ///< whoever makes write `at` stands still for `length` seconds before it is sent
        rival,    ///< `at` seconds after the begin another runner takes it up
        request,  ///< `at` seconds after the begin somebody asks for `request`
        edit,     ///< `at` seconds after the begin somebody does `edit` by hand
        jump,     ///< `at` seconds after the begin the wall clock jumps by `length` minutes
        stale,    ///< `at` seconds after the begin watches stand still for `length` seconds
        silence,  ///< the same of the metrics source: nobody answers
    } kind{};
    int at = 0;
    int length = 0;
    simcluster::Fault fault{};
    RivalKind rival{};
    RequestKind request{};
    EditKind edit{};
};

/// Whom a rollout asks: somebody before anything is changed, after a gate, and again where its
/// strategy has a place for it. No seed draws it.
enum class Questions {
    none,
    waited_for,    ///< the runner stays until it is told
    come_back_to,  ///< the runner leaves, and another one is started
};

/// What a release does beside its pods: a backup, an expand and a contract migration.
struct TaskShape {
    int seconds = 0;  ///< that each takes; 0: there are none
    bool expand_fails = false;
    bool contract_fails = false;  ///< once; going on runs it again
    AfterCrash after_crash{};
};

struct AppShape {
    StrategyKind strategy{};
    int replicas = 4;
    int max_unavailable = 0;
    int services = 1;
    bool autoscaled = false;
    std::vector<std::string> older;  ///< versions that were there before the present one
    std::vector<CanaryStep> steps;
    Duration keep_old{};
    Questions questions{};
    CanaryBaseline baseline{};
    TaskShape tasks;
};

enum class EventLog { left_out, kept };

/// Where runners keep what they write down: in one place, each on a machine of its own, or two
/// machines in turn, so that what one of them knows is behind.
enum class JournalPlaces { shared, one_each, two };
enum class Medium { memory, sqlite };

/// Where it goes once nothing goes wrong any more: on, or home, also by machines that know no more
/// of it than the cluster says.
/// Or home from where a runner has died.
enum class LastWill { on, back, back_without_journal, back_once_died };

/// What a seed draws besides.
struct Extras {
    bool edits = false;        ///< what somebody does by hand
    bool stale_looks = false;  ///< watches that stand still
    bool behind = false;       ///< two machines in turn, whose journals fall behind
    bool if_silent = false;    ///< whoever waits for the Lease leaves once its holder is heard, as
                               ///< every command does
    bool measured = false;     ///< a gate that judges by what is measured of live traffic
    bool fresh = false;        ///< canaries that are compared with a baseline as young as they are
    bool tasks = false;        ///< releases that do more than move pods

    friend bool operator==(const Extras&, const Extras&) = default;
};

struct Scenario {
    std::uint64_t seed = 0;
    Extras extras;
    AppShape app;
    VersionKind version{};
    bool is_measured = false;  ///< judged by a metrics source, not by asking its pods
    simcluster::Pace pace;
    bool one_host = true;  ///< a runner that died is known to be dead
    JournalPlaces journals{};
    Medium medium{};
    LastWill last_will{};
    std::vector<Mishap> mishaps;
    std::string planted;  ///< a secret among the app's variables and arguments; empty: none
};

/// " +edits +stale": empty where there are none.
std::string to_text(const Extras& extras);
Scenario draw_scenario(std::uint64_t seed, Extras extras = {});
/// The one that speed is measured with: a canary of four pods and five steps, and no mishap.
Scenario plain_scenario();
simcluster::Behaviour behaviour_of(VersionKind kind);
/// It must not be promoted, whatever goes wrong besides.
bool is_bad(VersionKind kind);

std::string to_text(const Mishap& mishap);
/// "canary of 4 pods, version crash" and so on, then the mishaps, one a line.
std::string to_text(const Scenario& scenario);

}  // namespace deployctl::simulation
