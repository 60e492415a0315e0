// SPDX-License-Identifier: Apache-2.0
// Gates that ask what was written down before, from the command line: `gate list`, `show` and
// `test`, and a rollout that waits for them before anything is changed.
#include "documents/json.hpp"
#include "simcluster/run.hpp"
#include "tests/cli/shell.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using tests::Folder;
using tests::Shell;

namespace {

const std::string yaml =
    "apiVersion: deployctl/v1\n"
    "app: {name: web, image: registry/shop/web}\n"
    "gates:\n"
    "  soak: {type: soak, env: staging, for: 24h}\n"
    "  payments: {type: dependency, app: payments, env: \"${env}\", min_version: 2.3.0}\n"
    "  ready: {type: readiness, report: ready.json, min_score: 85}\n"
    "  backup: {type: backup-age, files: \"backups/*.dump\"}\n"
    "  job: {type: backup-age, cron_job: db-backup}\n"
    "  load: {type: performance, report: \"load-${version}.json\", max_p95: 200ms}\n"
    "  room: {type: capacity, headroom: 20%}\n"
    "strategies: {canary: {steps: [{weight: 50}]}}\n"
    "environments:\n"
    "  staging: {context: stage, namespace: shop, strategy: rolling}\n"
    "  production: {namespace: shop, strategy: canary, preflight: [soak]}\n";

struct Shop {
    Shop() : file(folder.write("deploy.yaml", yaml)) {}

    void wait(Duration span) { simcluster::run(shell.parts.time.sleep(span)); }

    tests::Answer run(const std::string& line) { return shell.run("-f " + file + " " + line); }

    tests::Answer test(const std::string& gate) {
        return run("gate test " + gate + " -e production");
    }

    Shell shell;
    Folder folder;
    std::string file;
};

}  // namespace

TEST_CASE("gate test tells what the journal says, and when a soak passes", "[cli]") {
    Shop shop;
    const auto unknown = shop.test("soak");
    CHECK(unknown.exit == 4);
    CHECK_THAT(unknown.out, Contains("soak error") && Contains("state import"));
    shop.shell.parts.has_promoted("web", "staging", "v1");
    shop.wait(3h);
    const auto young = shop.test("soak");
    CHECK(young.exit == 4);
    CHECK_THAT(
        young.out,
        Contains("soak fail: 3h00m (limit at least 24h)") && Contains("passes at 2026-11-25 12:0")
    );
    shop.wait(21h);
    CHECK(shop.test("soak").exit == 0);
    CHECK_THAT(shop.test("payments").out, Contains("payments in production: no rollout there"));
    shop.shell.parts.has_promoted("payments", "production", "2.4.0");
    const auto there = shop.test("payments");
    CHECK(there.exit == 0);
    CHECK_THAT(there.out, Contains("payments pass: 2.4.0 (limit at least 2.3.0)"));
}

TEST_CASE("gate test reads reports and looks for backups", "[cli]") {
    Shop shop;
    auto& files = shop.shell.parts.files;
    const auto now = shop.shell.parts.time.now();
    for (const auto* gate : {"ready", "backup", "job", "load"}) {
        CAPTURE(gate);
        const auto answer = shop.test(gate);
        CHECK(answer.exit == 4);
        CHECK_THAT(answer.out, Contains(std::string(gate) + " error"));
    }
    files.has(
        "ready.json",
        R"({"v": 1, "coverage": 1, "score": 91, "findings": [], "assessed_at": ")" +
            to_rfc3339(now) + "\"}"
    );
    files.has("backups/1.dump", "data", now - 2h);
    files.has("load-v1.json", R"({"p95": 120, "requests": 5000, "errors": 1})", now);
    CHECK_THAT(shop.test("ready").out, Contains("ready pass: 91"));
    CHECK_THAT(shop.test("backup").out, Contains("backup pass: 2h00m"));
    CHECK_THAT(shop.test("load").out, Contains("load pass: p95 120 ms"));
}

TEST_CASE("a version that has not soaked is refused before anything is changed", "[cli]") {
    Shop shop;
    shop.shell.parts.has_promoted("web", "staging", "v2");
    shop.wait(1h);
    const auto early = shop.run("rollout canary v2 -q -e production");
    INFO(early.out << early.err);
    CHECK(early.exit == 4);
    CHECK_THAT(early.out + early.err, Contains("passes at"));
    CHECK(shop.shell.parts.world.writes_text().find("Deployment") == std::string::npos);
    shop.wait(23h);
    const auto good = shop.run("rollout canary v2 -q -e production");
    INFO(good.out << good.err);
    CHECK(good.exit == 0);
}

TEST_CASE("gates about what was written down are shown with what they ask", "[cli]") {
    Shop shop;
    const auto list = shop.run("gate list").out;
    CHECK_THAT(list, Contains("24h in staging"));
    CHECK_THAT(list, Contains("payments in ${env}, at least 2.3.0"));
    CHECK_THAT(list, Contains("backups/*.dump") && Contains("CronJob/db-backup"));
    CHECK_THAT(list, Contains("ready.json") && Contains("load-${version}.json"));
    const auto shown = [&](const std::string& gate) {
        return documents::write_json(
            documents::read_json(shop.run("gate show " + gate + " -o json").out)
        );
    };
    CHECK_THAT(shown("soak"), Contains(R"("for":"24h")"));
    CHECK_THAT(shown("payments"), Contains(R"("min_version":"2.3.0")"));
    CHECK_THAT(shown("ready"), Contains(R"("fail_on":["critical"])"));
    CHECK_THAT(shown("backup"), Contains(R"("files":"backups/*.dump")"));
    CHECK_THAT(shown("load"), Contains(R"("max_p95":"200ms")") && Contains(R"("max_p50":null)"));
}

TEST_CASE("gate test tells whether as many pods again would fit", "[cli]") {
    Shop shop;
    const auto none = shop.test("room");
    CHECK(none.exit == 4);
    CHECK_THAT(none.out, Contains("room fail: 4 more pods (limit what is left)"));
    CHECK_THAT(none.out, Contains("asks   quotas, the autoscaler and nodes"));
    auto node = Value::map({{"kind", "Node"}});
    node.set("/metadata/name", "node-1");
    node.set("/status/allocatable/pods", "110");
    const auto ready = Value::map({{"type", "Ready"}, {"status", "True"}});
    node.set("/status/conditions", Value::list({ready}));
    shop.shell.parts.world.add(node);
    const auto good = shop.test("room");
    CHECK(good.exit == 0);
    CHECK_THAT(good.out, Contains("1 of 1 node may take them"));
    CHECK_THAT(shop.run("gate show room -o json").out, Contains(R"("headroom": "20%")"));
    shop.shell.parts.world.forbid("list", "pods everywhere");
    CHECK_THAT(
        shop.test("room").out,
        Contains("kubectl create clusterrole deployctl-capacity --verb=list --resource=pods")
    );
}
