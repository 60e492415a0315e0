// SPDX-License-Identifier: Apache-2.0
#include "gates/backup_age_gate.hpp"

#include "tests/gates/gate_bench.hpp"
#include "tests/gates/journal_rows.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using tests::GateBench;
using tests::noon;

namespace {

BackupAgeQuestion in_files(const std::string& files = "backups/*.dump") {
    return {files, "", 24h};
}

BackupAgeQuestion by_job() {
    return {"", "db-backup", 24h};
}

Verdict judged(WallTime modified, std::uint64_t bytes = 4096) {
    const FoundFile file{FoundFile::Kind::found, "backups/a.dump", bytes, modified, ""};
    return gates::judge(in_files(), file, noon);
}

Value cron_job(const Value& ended) {
    return Value::map({
        {"kind", "CronJob"},
        {"apiVersion", "batch/v1"},
        {"metadata", Value::map({{"name", "db-backup"}, {"namespace", "shop"}})},
        {"status", Value::map({{"lastSuccessfulTime", ended}})},
    });
}

Verdict judged_job(const Value& ended) {
    return gates::judge(by_job(), cron_job(ended), noon);
}

}  // namespace

TEST_CASE("the newest backup passes while it is young enough", "[gates]") {
    const auto young = judged(noon - 3h);
    CHECK(young.answer == Answer::pass);
    CHECK(young.measured == "3h00m");
    CHECK(young.limit == "at most 24h");
    CHECK(young.reason == "backups/a.dump is the newest, of 2026-11-30 09:00 UTC, 4096 bytes");
    CHECK(judged(noon - 24h).answer == Answer::pass);
    const auto old = judged(noon - 24h - 1us);
    CHECK(old.answer == Answer::fail);
    CHECK_THAT(old.reason, Contains("; make a backup first"));
    CHECK(judged(WallTime{}).answer == Answer::fail);
}

TEST_CASE("an empty file and a time that is yet to come say nothing of a backup", "[gates]") {
    const auto empty = judged(noon - 1h, 0);
    CHECK(empty.answer == Answer::error);
    CHECK_THAT(empty.reason, Contains("backups/a.dump is the newest, and empty"));
    const auto future = judged(noon + 5min + 1us);
    CHECK(future.answer == Answer::error);
    CHECK_THAT(future.reason, Contains("which is yet to come"));
    const auto nearly = judged(noon + 4min);
    CHECK(nearly.answer == Answer::pass);
    CHECK(nearly.measured == "0s");
}

TEST_CASE("the newest file of a pattern counts, in whichever order they lie there", "[gates]") {
    GateBench bench;
    const auto missing = bench.ask(in_files());
    CHECK(missing.answer == Answer::error);
    CHECK_THAT(missing.reason, Contains("backups/*.dump cannot be looked at: no ordinary file"));
    const auto now = bench.clock.now();
    bench.files.has("backups/a.dump", "old", now - 50h);
    CHECK(bench.ask(in_files()).answer == Answer::fail);
    bench.files.has("backups/b.dump", "new", now - 2h);
    bench.files.has("backups/c.txt", "no backup", now);
    bench.files.has("backups/c.dump", "older", now - 90h);
    const auto found = bench.ask(in_files());
    CHECK(found.answer == Answer::pass);
    CHECK_THAT(found.reason, Contains("backups/b.dump"));
    bench.files.has("backups/web-v2.dump", "", now);
    CHECK(bench.ask(in_files("backups/${app}-${version}.dump")).answer == Answer::error);
}

TEST_CASE("a CronJob counts by the end of its last run that succeeded", "[gates]") {
    const auto young = judged_job("2026-11-30T03:00:00Z");
    CHECK(young.answer == Answer::pass);
    CHECK(young.reason == "CronJob/db-backup is the newest, of 2026-11-30 03:00 UTC");
    CHECK(judged_job("2026-11-28T03:00:00Z").answer == Answer::fail);
    CHECK(judged_job("2026-11-30T12:06:00Z").answer == Answer::error);
    const auto never = gates::judge(by_job(), Value::map({{"kind", "CronJob"}}), noon);
    CHECK(never.answer == Answer::fail);
    CHECK(never.reason == "CronJob/db-backup has not succeeded once");
    auto suspended = cron_job("2026-11-30T03:00:00Z");
    suspended.set("/spec/suspend", true);
    CHECK_THAT(gates::judge(by_job(), suspended, noon).reason, Contains("it is suspended"));
    for (const auto& time :
         {Value("yesterday"), Value(7), Value(""), Value::list({"2026-11-30T03:00:00Z"})}) {
        CHECK(judged_job(time).answer == Answer::error);
    }
    CHECK(gates::judge(by_job(), std::optional<Value>(), noon).answer == Answer::error);
}

TEST_CASE(
    "a CronJob is looked for in the namespace of the app, where that is permitted", "[gates]"
) {
    GateBench bench;
    const auto missing = bench.ask(by_job());
    CHECK(missing.answer == Answer::error);
    CHECK_THAT(missing.reason, Contains("there is no CronJob/db-backup"));
    bench.cluster.add(cron_job(to_rfc3339(bench.clock.now() - 2h)));
    CHECK(bench.ask(by_job()).answer == Answer::pass);
    bench.cluster.forbid("get", "cronjobs");
    const auto forbidden = bench.ask(by_job());
    CHECK(forbidden.answer == Answer::error);
    CHECK(
        forbidden.reason ==
        "no permission to get cronjobs.batch in namespace shop: a Role has to grant it"
    );
}
