// SPDX-License-Identifier: Apache-2.0
// Backups that the cluster makes, on a simulated one whose controllers the tests play.
#include "plugins/backup/cluster_backup.hpp"

#include "documents/json.hpp"
#include "plugins/backup/cluster_objects.hpp"
#include "plugins/backup/making.hpp"
#include "plugins/process/boost_process.hpp"
#include "simcluster/run.hpp"
#include "simcluster/sim_cluster.hpp"
#include "tests/plugins/scratch_folder.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>

using namespace deployctl;
using namespace deployctl::plugins::backup;
using simcluster::run;

namespace {

const std::string id = "019ae000-0000-7000-8000-00000000aaaa";

struct Bench {
    Bench() {
        order.id = id;
        order.scope = {"shop", "production", "Main_db"};
        order.kube_namespace = "shop";
        order.settings.timeout = minutes(5);
        order.settings.dir = folder.path() + "/backups";
    }

    void snapshots(const std::string& claim) { order.settings.volume_snapshot = {claim, "csi"}; }

    void jobs() {
        order.settings.cron_job = "nightly";
        cluster.add(documents::read_json(
            R"({"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "nightly"}, "spec":
               {"schedule": "0 3 * * *", "jobTemplate": {"metadata": {"labels": {"team": "db"}}, "spec":
               {"backoffLimit": 2, "template": {"spec": {"containers": [{"name": "dump"}]}}}}}})"
        ));
    }

    /// What the controller does after so long.
    void later(Duration delay, const std::string& status) {
        clock.call_in(delay, [this, status] {
            cluster.edit(ref_of(order), [&](Value& object) {
                object.set("/status", documents::read_json(status));
            });
        });
    }

    Taken take() { return run(ClusterBackup(cluster, clock).take(order)); }

    std::string remove(const Held& held) { return run(ClusterBackup(cluster, clock).remove(held)); }

    Made make() {
        BackupOrder wanted;
        wanted.id = id;
        wanted.scope = order.scope;
        wanted.settings = order.settings;
        wanted.by = "ada@laptop";
        wanted.cluster = &cluster;
        wanted.kube_namespace = "shop";
        BackupMaker maker(process, clock);
        return run(maker.make(wanted));
    }

    Value object() const { return cluster.object(ref_of(order)); }

    tests::ScratchFolder folder;
    plugins::BoostProcess process;
    simcluster::VirtualClock clock;
    simcluster::SimCluster cluster{clock};
    ClusterOrder order;
};

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

const std::string ready = R"({"readyToUse": true, "restoreSize": "10Gi"})";
constexpr std::int64_t ten_gibibytes = 10LL << 30;

}  // namespace

TEST_CASE("a snapshot of a claim is waited for, and is ours by label and uid", "[backup]") {
    Bench bench;
    bench.snapshots("data-0");
    bench.later(seconds(30), ready);
    const auto taken = bench.take();
    CHECK(taken.failure.empty());
    CHECK(bench.clock.elapsed() >= seconds(30));
    CHECK(taken.held.bytes == ten_gibibytes);
    CHECK(taken.held.name == "shop-main-db-0000aaaa");
    const auto object = bench.object();
    CHECK(taken.held.uid == object.text("/metadata/uid"));
    CHECK(object.text("/spec/source/persistentVolumeClaimName") == "data-0");
    CHECK(object.text("/spec/volumeSnapshotClassName") == "csi");
    CHECK(object.text("/metadata/labels/deployctl.dev~1app") == "shop");
    CHECK(object.text("/metadata/labels/deployctl.dev~1backup") == "Main_db");
    CHECK(object.text("/metadata/annotations/deployctl.dev~1backup-id") == id);
}

TEST_CASE("a snapshot that is not ready in time is removed, and its trouble told", "[backup]") {
    Bench bench;
    bench.snapshots("data-0");
    bench.later(seconds(5), R"({"readyToUse": false, "error": {"message": "the array is full"}})");
    const auto taken = bench.take();
    CHECK(contains(taken.failure, "is not done after 5m: the array is full; it was removed again"));
    CHECK(bench.object().is_null());
}

TEST_CASE("a snapshot that holds nothing, or too little, is no backup", "[backup]") {
    const auto status = GENERATE(
        R"({"readyToUse": true})",
        R"({"readyToUse": true, "restoreSize": "0"})",
        R"({"readyToUse": true, "restoreSize": "many"})",
        R"({"readyToUse": true, "restoreSize": "1Ki"})"
    );
    Bench bench;
    bench.snapshots("data-0");
    bench.order.settings.min_bytes = 4096;
    bench.later(seconds(1), status);
    const auto taken = bench.take();
    CHECK(contains(taken.failure, "less than 4096 bytes is no backup"));
    CHECK(bench.object().is_null());
}

TEST_CASE("a Job is made of the CronJob's template and ends by itself", "[backup]") {
    Bench bench;
    bench.jobs();
    bench.later(seconds(20), R"({"conditions": [{"type": "Complete", "status": "True"}]})");
    const auto taken = bench.take();
    CHECK(taken.failure.empty());
    CHECK(taken.held.kind == "Job");
    const auto job = bench.object();
    CHECK(job.text("/metadata/labels/team") == "db");
    CHECK(job.number("/spec/backoffLimit") == 2);
    CHECK(job.number("/spec/activeDeadlineSeconds") == 300);
    CHECK(job.number("/spec/ttlSecondsAfterFinished") == 86400);
    CHECK(bench.remove(taken.held).empty());
    CHECK_FALSE(bench.object().is_null());
}

TEST_CASE("a Job that fails, or has no CronJob, is told in its own words", "[backup]") {
    Bench bench;
    bench.order.settings.cron_job = "nightly";
    CHECK(contains(bench.take().failure, "there is no CronJob/nightly in shop"));
    bench.order.settings.cron_job = "../secrets/key";
    CHECK(contains(bench.take().failure, "cannot be the name of a CronJob"));
    bench.jobs();
    bench.later(
        seconds(2),
        R"({"conditions": [{"type": "Failed", "status": "True", "reason": "BackoffLimitExceeded",
            "message": "it crashed"}]})"
    );
    CHECK(contains(bench.take().failure, "BackoffLimitExceeded: it crashed"));
    CHECK_FALSE(bench.object().is_null());
}

TEST_CASE("what may not be made is said, and nothing is waited for", "[backup]") {
    Bench bench;
    bench.jobs();
    bench.cluster.forbid("create", "jobs");
    CHECK(contains(bench.take().failure, "Job/shop-main-db-0000aaaa cannot be made in shop"));
    CHECK(bench.clock.elapsed() < seconds(5));
}

TEST_CASE("only the very snapshot that was made here is ever removed", "[backup]") {
    Bench bench;
    bench.snapshots("data-0");
    bench.later(seconds(1), ready);
    const auto held = bench.take().held;
    auto another = held;
    another.uid = "somebody-else";
    CHECK(contains(bench.remove(another), "it stays"));
    another = held;
    another.cluster_uid = "elsewhere";
    CHECK(contains(bench.remove(another), "in another cluster"));
    bench.cluster.edit(ref_of(bench.order), [](Value& object) {
        object.erase("/metadata/labels/deployctl.dev~1backup");
    });
    CHECK(contains(bench.remove(held), "it stays"));
    CHECK_FALSE(bench.object().is_null());
    bench.cluster.edit(ref_of(bench.order), [](Value& object) {
        object.set("/metadata/labels/deployctl.dev~1backup", "Main_db");
    });
    CHECK(bench.remove(held).empty());
    CHECK(bench.object().is_null());
    CHECK(bench.remove(held).empty());
}

TEST_CASE("the record of a snapshot is a backup like any other", "[backup]") {
    Bench bench;
    bench.snapshots("data-0");
    bench.order.settings.min_bytes = 1 << 20;
    bench.order.settings.verify = {"sh", "-c", "grep -o 'data-0' \"$1\"", "sh", "${artifact}"};
    bench.later(seconds(1), ready);
    const auto made = bench.make();
    CHECK(made.failure.empty());
    REQUIRE(made.artefact);
    CHECK(made.artefact->file.ends_with("-0000aaaa.json"));
    REQUIRE(made.artefact->verified);
    CHECK(made.artefact->verified->result == Proof::passed);
    const auto listed = ArtefactFolder(bench.order.settings.dir).list();
    REQUIRE(listed.size() == 1);
    CHECK(listed.front().is_good());
    CHECK(listed.front().artefact == *made.artefact);
    CHECK(listed.front().artefact.making.held.bytes == ten_gibibytes);
}

TEST_CASE("a snapshot that fails leaves no record", "[backup]") {
    Bench bench;
    bench.snapshots("data-0");
    const auto made = bench.make();
    CHECK(contains(made.failure, "is not done after 5m"));
    CHECK_FALSE(made.artefact);
    CHECK(ArtefactFolder(bench.order.settings.dir).list().empty());
}
