// SPDX-License-Identifier: Apache-2.0
// What runs where, and locks of environments: by the journal, and on their clusters.
#include "cli/environment_standing.hpp"
#include "simcluster/run.hpp"
#include "tests/cli/shell.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using tests::Folder;
using tests::Shell;

namespace {

const std::string shop_yaml = R"(apiVersion: deployctl/v1
app:
  name: web
  image: registry/shop/web
  workload: {kind: Deployment, name: web}
environments:
  staging: {context: kind-stage, namespace: stage, strategy: rolling}
  production: {context: kind-prod, namespace: shop, strategy: rolling, protected: true}
)";

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

struct Shop : Shell {
    Shop() : file(folder.write("deploy.yaml", shop_yaml)) {}

    tests::Answer in(const std::string& line) { return run("-f " + file + " " + line); }

    bool is_locked() {
        const ObjectRef lock{Kind::lease, "shop", "deployctl.environment-lock"};
        return simcluster::run(parts.world.get(lock)).has_value();
    }

    Folder folder;
    std::string file;
};

RolloutRecord promoted(const std::string& digest, int minute) {
    RolloutRecord made;
    made.digest = digest;
    made.next_version = digest;
    made.ended = WallTime() + minutes(minute);
    return made;
}

}  // namespace

TEST_CASE("how far behind: releases since the same digest, and since when", "[cli]") {
    using cli::Lag;
    const std::vector<RolloutRecord> leader{
        promoted("c", 30), promoted("b", 20), promoted("a", 10)
    };
    const auto now = WallTime() + minutes(40);
    CHECK(cli::lag_of({promoted("c", 35)}, leader, now).kind == Lag::Kind::none);
    const auto behind = cli::lag_of({promoted("a", 12)}, leader, now);
    CHECK(behind.kind == Lag::Kind::behind);
    CHECK(behind.releases == 2);
    CHECK(behind.since == minutes(20));
    CHECK(cli::to_text(behind, "staging") == "2 releases behind staging for 20m00s");
    CHECK(cli::lag_of({promoted("x", 12)}, leader, now).kind == Lag::Kind::never);
    CHECK(cli::lag_of({}, leader, now).kind == Lag::Kind::unknown);
    CHECK(cli::to_text({}, "") == "-");
}

TEST_CASE("a locked environment refuses what begins: exit 4, who, when, why", "[cli]") {
    Shop shop;
    CHECK(shop.in("env lock production").exit == 2);
    const auto locked = shop.in("env lock production --reason 'audit until noon'");
    CHECK(locked.exit == 0);
    CHECK(shop.is_locked());
    const auto refused = shop.in("rollout start v2 -e production -q -y");
    CHECK(refused.exit == 4);
    CHECK(contains(refused.err, "production is locked by ada@laptop since 2026-11-24"));
    CHECK(contains(refused.err, "audit until noon"));
    CHECK(shop.in("plan v2 -e production").exit == 4);
    CHECK(shop.in("rollout list -o name").out.empty());

    const auto again = shop.in("env lock production --reason more");
    CHECK(again.exit == 4);
    CHECK(contains(again.err, "audit until noon"));

    CHECK(shop.in("env unlock production --reason over").exit == 0);
    CHECK_FALSE(shop.is_locked());
    CHECK(shop.in("env unlock production --reason over").exit == 2);
    CHECK(shop.in("rollout start v2 -e production -q -y").exit == 0);
    const auto history = shop.in("history --kind env.");
    CHECK(contains(history.out, "env.lock"));
    CHECK(contains(history.out, "env.unlock"));
    CHECK(contains(shop.in("show op-1").out, "audit until noon"));
    CHECK(shop.in("show op-9").exit == 2);
}

TEST_CASE("a lock does not stop going back", "[cli]") {
    Shop shop;
    CHECK(shop.in("rollout start v2 -e production -q -y").exit == 0);
    CHECK(shop.in("env lock production --reason audit").exit == 0);
    CHECK(shop.in("rollout rollback -e production --reason bad -q -y").exit == 0);
}

TEST_CASE("a lock of somebody else is taken away only by its name", "[cli]") {
    Shop shop;
    CHECK(shop.in("env lock production --reason audit").exit == 0);
    shop.parts.people = simcluster::ScriptedRunners("eve@desk");
    const auto refused = shop.in("env unlock production --reason now");
    CHECK(refused.exit == 2);
    CHECK(contains(refused.err, "locked by ada@laptop"));
    CHECK(contains(refused.err, "--confirm=production"));
    CHECK(shop.is_locked());
    CHECK(shop.in("env unlock production --reason now --confirm=production").exit == 0);
    CHECK_FALSE(shop.is_locked());
}

TEST_CASE("env list shows the version, its age and the lock, and --live what runs", "[cli]") {
    Shop shop;
    CHECK(shop.in("rollout start v2 -e production -q -y").exit == 0);
    CHECK(shop.in("env lock production --reason audit").exit == 0);
    const auto list = shop.in("env list");
    CHECK(contains(list.out, "v2"));
    CHECK(contains(list.out, "ada@laptop: audit"));
    const auto live = shop.in("env show production --live -o json");
    CHECK(contains(live.out, "\"image\": \"registry/shop/web:v2"));
    CHECK(contains(live.out, "\"pods\": \"4/4\""));
    CHECK(contains(live.out, "\"config_hash\": \""));
    shop.parts.server_is_away = true;
    CHECK(shop.in("env diff staging production --live").exit == 10);
    const auto away = shop.in("env list --live");
    CHECK(away.exit == 0);
    CHECK(contains(away.out, "the API server does not answer"));
}

TEST_CASE("what was promoted in another namespace or cluster is not what stands here", "[cli]") {
    Shop shop;
    REQUIRE(shop.in("rollout start v2 -e production -q -y").exit == 0);
    REQUIRE(contains(shop.in("env show production").out, "v2"));
    const auto moved = GENERATE(
        std::string("context: kind-prod, namespace: elsewhere"),
        "context: kind-other, namespace: shop"
    );
    auto yaml = shop_yaml;
    const std::string before = "context: kind-prod, namespace: shop";
    yaml.replace(yaml.find(before), before.size(), moved);
    shop.folder.write("deploy.yaml", yaml);
    CHECK(contains(shop.in("env show production -o json").out, "\"version\": null"));
}

TEST_CASE("an environment further behind than its max_lag is warned of", "[cli]") {
    Shell shell;
    Folder folder;
    const auto file = folder.write("deploy.yaml", R"(apiVersion: deployctl/v1
app: {name: web, image: registry/shop/web}
environments:
  production: {namespace: web-production, strategy: rolling}
  dr: {namespace: web-dr, strategy: rolling, follows: production, max_lag: 15m}
)");
    const auto list = [&] { return shell.run("-f " + file + " env list"); };
    shell.parts.has_promoted("web", "production", "v1");
    shell.parts.has_promoted("web", "dr", "v1");
    shell.parts.has_promoted("web", "production", "v2");
    CHECK(list().err.empty());
    simcluster::run(shell.parts.time.sleep(minutes(20)));
    const auto late = list();
    CHECK(late.exit == 0);
    CHECK(contains(late.err, "dr is 1 release behind production for 20m00s, at most 15m (max_lag)")
    );
}

TEST_CASE("env diff tells what differs, and with --exit-code that it does", "[cli]") {
    Shop shop;
    CHECK(shop.in("rollout start v2 -e production -q -y").exit == 0);
    const auto diff = shop.in("env diff staging production --exit-code");
    CHECK(diff.exit == 3);
    CHECK(contains(diff.out, "version"));
    CHECK(contains(diff.out, "protected"));
    CHECK_FALSE(contains(diff.out, "strategy"));
    CHECK(shop.in("env diff staging production").exit == 0);
    const auto same = shop.in("env diff staging staging --exit-code");
    CHECK(same.exit == 0);
    CHECK(contains(same.out, "do not differ"));
    CHECK(shop.in("env diff staging nowhere").exit == 2);
}
