// SPDX-License-Identifier: Apache-2.0
#include "config/key_families.hpp"

namespace deployctl::config {

namespace {

using enum KeyType;
using enum Presence;

constexpr Key keys_of_environments[] = {
    {"environments.context",
     text,
     "The context of the kubeconfig; without it, the current one",
     "kind-dev"},
    {"environments.namespace", label, "The namespace", "shop", required},
    {"environments.strategy",
     choice,
     "How a new version takes over here",
     "canary",
     optional,
     "rolling|blue-green|canary"},
    {"environments.gates", names, "Instead of the gates of the strategy", "[health]"},
    {"environments.on_failure",
     choice,
     "Instead of the one in defaults",
     "hold",
     optional,
     "rollback|hold"},
    {"environments.protected", flag, "Ask before anything changes here", "true"},
    {"environments.preflight",
     names,
     "Gates that have to pass before anything is changed here",
     "[health]"},
    {"environments.approval",
     text,
     "People who have to say yes before anything is changed here, a name in `approvals`",
     "sre"},
    {"environments.replicas",
     integer,
     "How many pods the workload has here, from the next version on; without it, as many as it has",
     "3",
     optional,
     "1..10000"},
    {"environments.waves",
     map,
     "Several clusters, one wave after the other",
     "{clusters: [{name: eu, context: prod-eu}, {name: us, context: prod-us}], order: [[eu], [us]]}"
    },
    {"environments.waves.clusters",
     items,
     "The clusters",
     "[{name: eu, context: prod-eu}]",
     required},
    {"environments.waves.clusters.name", label, "What it is called here", "eu", required},
    {"environments.waves.clusters.context",
     text,
     "Its context of the kubeconfig",
     "prod-eu",
     required},
    {"environments.waves.clusters.namespace",
     label,
     "The namespace there; without it, that of the environment",
     "shop"},
    {"environments.waves.order",
     text_lists,
     "The waves, each with the clusters that go side by side; without it, one cluster after the "
     "other",
     "[[eu], [us, asia]]"},
    {"environments.waves.soak", duration, "How long a wave stands before the next begins", "30m"},
    {"environments.waves.on_failure",
     choice,
     "What a bad wave means for those before it",
     "stop",
     optional,
     "stop|rollback_all"},
    {"environments.follows",
     text,
     "Another environment, at whose version this one is kept",
     "production"},
    {"environments.max_lag",
     positive_duration,
     "How long it may be behind the one that it follows; `env list` warns of more",
     "15m"},
};

constexpr Key keys_of_promotion[] = {
    {"promotion",
     map,
     "How a version moves from one environment to the next",
     "{order: [dev, staging, production], require: {production: [staging]}}"},
    {"promotion.order", texts, "Environments, the first one first", "[dev, staging, production]"},
    {"promotion.require",
     texts_by_name,
     "Where a version has to stand before it comes into an environment",
     "{production: [staging]}"},
    {"promotion.soak",
     durations,
     "How long it has to have stood there, by the environment that it comes into",
     "{production: 24h}"},
    {"promotion.same_digest",
     flag,
     "The image of each environment is the one of the environment before it, and no other of that "
     "tag",
     "true"},

    {"group",
     map,
     "Services that are brought out together",
     "{name: shop, members: {web: {dir: services/web, needs: [cart]}, cart: {dir: services/cart}}}"
    },
    {"group.name", label, "What it is called", "shop", required},
    {"group.members",
     named,
     "The services, by names of yours",
     "{web: {dir: services/web, needs: [cart]}, cart: {dir: services/cart}}",
     required},
    {"group.members.dir", text, "The folder of its deploy.yaml", "services/web", required},
    {"group.members.needs", texts, "Members that come before it", "[cart]"},
    {"group.gates", names, "Gates of this file, asked before the group counts as good", "[health]"},

    {"dr",
     map,
     "How another environment takes over from one that is lost",
     "{primary: production, standby: standby, rto: 15m, rpo: 5m}"},
    {"dr.primary", text, "The environment that may be lost", "production", required},
    {"dr.standby", text, "The environment that takes over", "standby", required},
    {"dr.rto", positive_duration, "How long a failover may take", "15m"},
    {"dr.rpo", positive_duration, "How much of the newest data may be lost", "5m"},
    {"dr.database", text, "A name in `backup.databases`, restored in the standby", "web"},
    {"dr.stack", text, "A name in `infra.stacks`, applied for the standby", "standby"},
    {"dr.approval",
     text,
     "People who have to say yes before anything is changed, a name in `approvals`",
     "sre"},
    {"dr.replica",
     map,
     "A program that prints how many seconds the replica of the database is behind",
     "{run: [./ci/replica-lag.sh, \"${to}\"]}"},
    {"dr.promote",
     map,
     "A program that makes the replica the primary",
     "{run: [./ci/promote-replica.sh, \"${to}\"]}"},
    {"dr.traffic",
     map,
     "A program that moves traffic from environment `${from}` to `${to}`",
     "{run: [./ci/traffic.sh, \"${from}\", \"${to}\"]}"},
    {"dr.verify",
     map,
     "A program that proves that `${to}` serves",
     "{run: [./ci/smoke.sh, \"${to}\"], timeout: 5m}"},
    {"dr.drill_every", positive_duration, "How often this has to be rehearsed", "90d"},
};

constexpr std::string_view programs_of_disaster[] = {
    "dr.replica", "dr.promote", "dr.traffic", "dr.verify"
};

constexpr Key keys_of_one_program[] = {
    {"run",
     texts,
     "The program and its arguments, no shell; `${from}` and `${to}` are environments, `${drill}` "
     "is "
     "`true` or `false`",
     "[./ci/traffic.sh, \"${from}\", \"${to}\"]",
     required},
    {"timeout", positive_duration, "How long it may take", "10m"},
};

}  // namespace

std::span<const Key> promotion_keys() {
    static const std::vector<Key> keys = [] {
        KeyTable table;
        table.add(keys_of_environments);
        table.add(keys_of_promotion);
        table.add_below(programs_of_disaster, keys_of_one_program);
        return table.take();
    }();
    return keys;
}

}  // namespace deployctl::config
