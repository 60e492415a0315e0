// SPDX-License-Identifier: Apache-2.0
// What `assess --live` takes from the journal: drills, ways back, restores of backups.
#include "documents/json.hpp"
#include "simcluster/run.hpp"
#include "tests/cli/shell.hpp"

#include <catch2/catch.hpp>

#include <chrono>

using namespace deployctl;
using namespace deployctl::tests;

namespace {

const std::string shop_yaml = R"(apiVersion: deployctl/v1
app:
  name: web
  image: registry/shop/web
  workload: {kind: Deployment, name: web}
environments:
  production: {context: kind-prod, namespace: shop, strategy: rolling}
  dr: {context: kind-dr, namespace: shop-dr, strategy: rolling}
dr: {primary: production, standby: dr, rto: 15m, rpo: 5m, drill_every: 24h}
backup:
  databases:
    main: {run: [dump], verify: [restore]}
)";

struct Shop : Shell {
    Shop() : file(folder.write("deploy.yaml", shop_yaml)) {}

    /// One that has begun now, and takes a second.
    void did(
        const std::string& kind, const std::string& subject, OperationState state, Value result
    ) {
        Operation one;
        one.id = "operation-" + std::to_string(++count);
        one.kind = kind;
        one.app = "web";
        one.environment = "production";
        one.subject = subject;
        one.started = parts.time.now();
        simcluster::run(parts.deeds->begin_operation(one));
        parts.time.advance(std::chrono::seconds(1));
        one.state = state;
        one.ended = parts.time.now();
        one.result = std::move(result);
        REQUIRE(simcluster::run(parts.deeds->end_operation(one)));
    }

    /// Promoted never: it turned, and was back after that long.
    void went_back(std::chrono::seconds span) {
        NewRollout made;
        made.record.id = "rollout-" + std::to_string(++count);
        made.record.target = {"web", "production", "shop", "uid"};
        simcluster::run(parts.entries->begin(made));
        using enum RolloutState;
        const std::vector<Entry> turn{
            StateChanged{pending, running, Direction::forward, "", {}},
            StateChanged{running, rolling_back, Direction::back, "", {}},
        };
        const auto turned = simcluster::run(parts.entries->append(made.record.id, 1, turn));
        parts.time.advance(span);
        const std::vector<Entry> end{
            StateChanged{rolling_back, rolled_back, Direction::back, "", ExitCode::rolled_back},
        };
        simcluster::run(parts.entries->append(made.record.id, turned.version, end));
    }

    /// "fail: no drill has ended well yet", or "" where the check was not asked.
    std::string verdict(const std::string& check) {
        const auto answer =
            run("-f " + file + " assess " + folder.path("") + " -e production --live -o json");
        CAPTURE(answer.err);
        const auto report = documents::read_json(answer.out);
        for (const auto& rule : report.items("/rules")) {
            if (rule.view("/id") == check && !rule.items("/subjects").empty()) {
                const auto& subject = rule.items("/subjects").front();
                return subject.text("/outcome") + ": " + subject.text("/observed");
            }
        }
        return "";
    }

    Folder folder;
    std::string file;
    int count = 0;
};

}  // namespace

TEST_CASE("drills of the journal are held against what deploy.yaml promises", "[cli]") {
    Shop shop;
    CHECK(shop.verdict("DR-16") == "fail: no drill has ended well yet");
    CHECK(shop.verdict("DR-17").empty());
    shop.did(
        "dr.drill",
        "",
        OperationState::done,
        Value::map({{"rto_seconds", 1000.5}, {"rpo_seconds", 42}})
    );
    CHECK(shop.verdict("DR-16") == "pass: drill 1, 1s ago");
    CHECK(shop.verdict("DR-18") == "fail: drill 1 took 16m40s");
    CHECK(shop.verdict("DR-19") == "pass: drill 1 would have lost 42s");
    shop.did("dr.drill", "", OperationState::failed, Value());
    CHECK(shop.verdict("DR-17") == "fail: drill 2, 1s ago, has not ended well");
    shop.parts.time.advance(std::chrono::hours(25));
    CHECK(shop.verdict("DR-16") == "fail: drill 1 is 25h00m old");
}

TEST_CASE("how long ways back took is held against the RTO", "[cli]") {
    Shop shop;
    CHECK(shop.verdict("DR-20").empty());
    for (const auto span : {10, 20, 2000}) {
        shop.went_back(std::chrono::seconds(span));
    }
    CHECK(shop.verdict("DR-20") == "pass: the median of 3 rollbacks is 20s");
    shop.went_back(std::chrono::seconds(3000));
    shop.went_back(std::chrono::seconds(3000));
    CHECK(shop.verdict("DR-20").starts_with("fail: the median of 5 rollbacks is 33m"));
}

TEST_CASE("a backup counts once it was restored", "[cli]") {
    Shop shop;
    CHECK(shop.verdict("BACKUP-21") == "fail: no restore is in the journal");
    shop.did("backup.run", "main", OperationState::done, Value::map({{"verified", Value()}}));
    CHECK(shop.verdict("BACKUP-21") == "fail: no restore is in the journal");
    const auto passed = Value::map({{"verified", Value::map({{"result", "passed"}})}});
    const auto failed = Value::map({{"verified", Value::map({{"result", "failed"}})}});
    shop.did("backup.verify", "main", OperationState::done, passed);
    CHECK(shop.verdict("BACKUP-21") == "pass: the last restore was 0s ago");
    shop.did("backup.verify", "main", OperationState::failed, failed);
    CHECK(shop.verdict("BACKUP-21").starts_with("fail: the last restore, 0s ago, has failed"));
    shop.did("backup.run", "main", OperationState::done, passed);
    shop.parts.time.advance(std::chrono::hours(25));
    CHECK(shop.verdict("BACKUP-21") == "pass: the last restore was 25h00m ago");
}

TEST_CASE("a journal that cannot be read is not assessed, and all else is", "[cli]") {
    Shop shop;
    shop.parts.journal_is_damaged = true;
    CHECK(shop.verdict("DR-20").starts_with("not-assessed"));
    CHECK(shop.verdict("BACKUP-21").starts_with("not-assessed"));
    const auto answer = shop.run(
        "-f " + shop.file + " assess " + shop.folder.path("") + " -e production --live -o json"
    );
    const auto report = documents::read_json(answer.out);
    const auto unread = documents::write_json(report.at("/files/unread"));
    CHECK(unread.find("file is not a database") != std::string::npos);
}

TEST_CASE("without --live nobody is asked about the journal", "[cli]") {
    Shop shop;
    const auto answer =
        shop.run("-f " + shop.file + " assess " + shop.folder.path("") + " -e production -o json");
    const auto report = documents::read_json(answer.out);
    for (const auto& rule : report.items("/rules")) {
        if (rule.view("/id") == "DR-16" || rule.view("/id") == "LIVE-1") {
            CHECK(rule.items("/subjects").empty());
        }
    }
}
