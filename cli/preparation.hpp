// SPDX-License-Identifier: Apache-2.0
// From what was typed to a plan that may start, or every reason why not: configuration, one look at
// the cluster, the tag's digest, preflight. Nothing is written. Throws Error for what makes a plan
// impossible.
#pragma once

#include "cli/freezing.hpp"
#include "cli/output/plan_view.hpp"
#include "cli/session.hpp"
#include "cli/underway.hpp"
#include "engine/hold_sight.hpp"
#include "engine/planning.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl::cli {

/// The workload where no configuration names it.
struct Unconfigured {
    std::string workload;  ///< "deploy/web"
    std::string image;
    std::string container;
};

/// Whether it stands still as configured on its way, or goes back to what is known to be good as
/// fast as pods get ready, and asks neither the environment's gates nor its people first.
enum class Haste { as_configured, no_pauses };

/// What a freeze means for an order.
struct FreezeRule {
    enum class Kind {
        heed,
        ahead,   ///< it begins later: a freeze of now is told, and no reason why not
        ignore,  ///< going back is never frozen
    } kind = Kind::heed;
    /// Why it starts in a freeze all the same; empty: it does not.
    std::string override_reason;
};

/// What a lock of the environment means: it stops whatever begins there, an emergency as well.
enum class LockRule { heed, ignore };

/// Forward, with all that belongs to a release, or back to what was good.
enum class Errand { brings_out, goes_back };

struct Manner {
    Haste haste = Haste::as_configured;
    Errand errand = Errand::brings_out;
};

/// What is recorded of a version that has run before.
struct RecordedRelease {
    std::optional<Value> pod_template;          ///< none: only its image is known
    std::optional<std::vector<Value>> objects;  ///< the others; none: not known
};

struct Order {
    std::string tag;
    std::string digest;  ///< known already; else the registry is asked
    std::optional<StrategyKind> strategy;
    std::optional<std::vector<int>> steps;
    std::optional<OnFailure> on_failure;
    std::optional<OnInterrupt> on_interrupt;
    Unconfigured unconfigured;
    std::optional<RecordedRelease> recorded;  ///< none: as it is configured today
    std::optional<Duration> wait_lock;        ///< for a rollout that is active; none: exit 9
    FreezeRule freeze;
    LockRule lock = LockRule::heed;
    Manner manner;
};

struct Prepared {
    engine::PlanDraft draft;
    ClusterChoice cluster;
    Underway underway;     ///< the rollout that is active, here or elsewhere
    FreezeFinding freeze;  ///< open where it is ignored
    std::vector<std::string>
        mute_gates;                    ///< why a gate cannot be asked; no hindrance to going back
    engine::PlanSight sight;           ///< what its holds can see at the present traffic
    std::string infra;                 ///< what happens to stacks, in one line; empty: nothing
    std::string freeze_override;       ///< who starts it in a freeze, and why; for the record
    LockRule lock = LockRule::ignore;  ///< heed: one that is put before the start is a refusal too
};

Prepared prepare(Session& session, const Order& order);
/// Its plan for people.
PlanView view_of(const Prepared& prepared, const Style& style, PlanView::Detail detail);

/// `--workload`, `--image`, `--container`, `--strategy`-independent options of an order.
void declare_order(Form& form, Order& order);
/// For the strategy itself, which some verbs take as an option and some as an argument.
ValueReader one_strategy(Order& order);
/// Exit 9 where another rollout is the reason for a refusal, or for there being no change.
void refuse_if_active(const Prepared& prepared);
/// Answers with exit 4 where there are refusals: prints them all.
void refuse_if_refused(const engine::PlanDraft& draft);

}  // namespace deployctl::cli
