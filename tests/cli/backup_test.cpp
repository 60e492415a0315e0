// SPDX-License-Identifier: Apache-2.0
// The verbs of `backup` on a folder of the test's own; its programs are scripted. The clock begins
// on Tuesday, 24 November 2026, at 12:00 UTC.
#include "documents/json.hpp"
#include "plugins/backup/artefact_folder.hpp"
#include "simcluster/run.hpp"
#include "tests/cli/shell.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace deployctl;
using plugins::backup::Artefact;
using plugins::backup::ArtefactFolder;
using plugins::backup::Proof;
using tests::Folder;
using tests::Shell;

namespace {

const std::string content = "all the rows\n";

CommandResult ended_with(int code, const std::string& error_output = "") {
    return {CommandResult::End::exited, code, "", error_output};
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

struct Shop : Shell {
    explicit Shop(const std::string& more_settings = "") {
        file = folder.write("deploy.yaml", R"(apiVersion: deployctl/v1
app:
  name: web
  image: registry/shop/web
  workload: {kind: Deployment, name: web}
strategies:
  canary: {steps: [{weight: 50, hold: 10s}]}
backup:
  dir: )" + folder.path("backups") + R"(
  databases:
    main:
      run: [dump, "${artifact}", "${env}"]
      verify: [check, "${artifact}"]
      restore: [load, "${artifact}", "${namespace}"]
      keep: {last: 2, days: 7}
)" + more_settings + R"(
environments:
  production: {context: kind-prod, namespace: shop, strategy: canary}
)");
    }

    tests::Answer in(const std::string& line) { return run("-f " + file + " " + line); }

    Value data(const std::string& line) { return documents::read_json(in(line + " -o json").out); }

    /// Lies there, made so many hours ago; the newest first by `digit`.
    Artefact has(int hours, char digit) {
        Artefact artefact;
        artefact.id = "019ae00" + std::string(1, digit) + "-0000-7000-8000-00000000000" + digit;
        artefact.scope = {"web", "production", "main"};
        artefact.making.started = parts.time.now() - std::chrono::hours(hours);
        artefact.making.ended = artefact.making.started;
        artefact.making.bytes = std::ssize(content);
        artefact.making.sha256 = documents::sha256_hex(content);
        artefact.file = plugins::backup::file_name(
            artefact.scope, artefact.making.started, artefact.id, ".dump"
        );
        const ArtefactFolder artefacts(folder.path("backups"));
        artefacts.make();
        artefacts.publish(artefact, folder.write("partial", content));
        return artefact;
    }

    std::vector<Operation> operations(const std::string& kind) {
        OperationFilter filter;
        filter.kind = kind;
        return simcluster::run(parts.operations().operations(filter));
    }

    Folder folder;
    std::string file;
};

}  // namespace

TEST_CASE("backup run holds a program to what it wrote, and writes down how it ended", "[cli]") {
    Shop shop;
    shop.parts.programs.on({"dump"}, "written");
    const auto answer = shop.in("backup run");
    CHECK(answer.exit == 4);
    CHECK(contains(answer.out, "main: dump ended well, but wrote nothing to ${artifact}"));
    CHECK(contains(answer.out, "nothing was kept"));
    const auto& command = shop.parts.programs.commands().front();
    CHECK(command.argv[1].starts_with(shop.folder.path("backups/web-main-20261124T")));
    CHECK(command.argv[2] == "production");
    CHECK(command.environment.at("DEPLOYCTL_ARTIFACT") == command.argv[1]);
    CHECK(command.environment.at("DEPLOYCTL_ENV") == "production");
    CHECK(command.environment.at("DEPLOYCTL_NAMESPACE") == "shop");
    const auto known = shop.operations("backup.run");
    REQUIRE(known.size() == 1);
    CHECK(known.front().state == OperationState::failed);
    CHECK(known.front().subject == "main");
    CHECK(contains(known.front().result.text("/failure"), "wrote nothing"));
}

TEST_CASE("backup list says how old, how good, and whether that is too old", "[cli]") {
    Shop shop("      max_age: 24h\n");
    CHECK(contains(shop.in("backup list").out, "main: it has no good backup (max_age 24h)"));
    const auto old = shop.has(30, '1');
    const auto answer = shop.in("backup list");
    CHECK(answer.exit == 0);
    CHECK(contains(answer.out, "019ae0"));
    CHECK(contains(answer.out, "not verified"));
    CHECK(contains(answer.out, "main: its newest good backup is 30h00m old"));
    CHECK(shop.data("backup list").flag("/databases/0/stale"));
    const auto young = shop.has(2, '2');
    CHECK(shop.in("backup list -o name").out == young.id + "\n" + old.id + "\n");
    const auto data = shop.data("backup list");
    CHECK(!data.flag("/databases/0/stale"));
    CHECK(data.number("/items/0/age_seconds") == 7200);
    CHECK(data.text("/items/0/file_is") == "whole");
    CHECK(data.text("/items/0/short_id") == "019ae002");
    std::filesystem::remove(shop.folder.path("backups/" + young.file));
    CHECK(contains(shop.in("backup list").out, "its file is gone"));
    CHECK(shop.data("backup list").flag("/databases/0/stale"));
}

TEST_CASE("backup prune says what goes and why, and does it but for a dry run", "[cli]") {
    Shop shop;
    const auto first = shop.has(24 * 9, '1');
    shop.has(24 * 3, '2');
    shop.has(24 * 2, '3');
    const auto would = shop.in("backup prune --dry-run");
    CHECK(would.exit == 0);
    CHECK(contains(would.out, "would go"));
    CHECK(contains(would.out, "9 days old, and none of the last 2"));
    CHECK(contains(would.out, "the newest good one"));
    CHECK(shop.data("backup list").items("/items").size() == 3);
    CHECK(shop.operations("backup.prune").empty());
    CHECK(shop.in("backup prune -o name").out == first.id + "\n");
    CHECK(shop.data("backup list").items("/items").size() == 2);
    CHECK(!std::filesystem::exists(shop.folder.path("backups/" + first.file)));
    CHECK(shop.operations("backup.prune").front().state == OperationState::done);
}

TEST_CASE("backup verify writes into the manifest what came of it", "[cli]") {
    Shop shop;
    const auto made = shop.has(1, '1');
    shop.parts.programs.on({"check"}, "12 rows\n");
    const auto answer = shop.in("backup verify");
    CHECK(answer.exit == 0);
    CHECK(contains(answer.out, "restored somewhere else: 12 rows"));
    CHECK(shop.data("backup list").text("/items/0/verified/result") == "passed");
    CHECK(shop.operations("backup.verify").front().state == OperationState::done);

    Shop bad;
    bad.has(1, '1');
    bad.parts.programs.on({"check"}, ended_with(1, "no rows"));
    CHECK(bad.in("backup verify main --backup " + made.id).exit == 4);
    CHECK(bad.data("backup list").text("/items/0/verified/result") == "failed");
    CHECK(contains(bad.in("backup list").out, "restore FAILED"));
    CHECK(bad.in("backup verify").exit == 4);  // none is good
    CHECK(bad.in("backup verify --backup 019ae0ff").exit == 2);
    CHECK(bad.in("backup verify nothere").exit == 2);
}

TEST_CASE(
    "backup restore tells its steps, and takes them once they are confirmed by name", "[cli]"
) {
    Shop shop;
    const auto made = shop.has(1, '1');
    const auto told = shop.in("backup restore main");
    CHECK(told.exit == 0);
    CHECK(contains(told.out, "1. check that " + shop.folder.path("backups/" + made.file)));
    CHECK(contains(told.out, "no restore of it was tried yet"));
    CHECK(contains(told.out, "2. run load "));
    CHECK(contains(told.out, "Nothing was done. Next: the same with --confirm=main"));
    CHECK(shop.in("backup restore main -y").out == told.out);
    CHECK(shop.in("backup restore main --confirm=mail").exit == 2);
    CHECK(shop.parts.programs.commands().empty());
    CHECK(shop.operations("backup.restore").empty());

    shop.parts.programs.on({"load"}, "");
    const auto done = shop.in("backup restore main --confirm=main");
    CHECK(done.exit == 0);
    CHECK(contains(done.out, "main is restored"));
    const auto& argv = shop.parts.programs.commands().front().argv;
    CHECK(
        argv == std::vector<std::string>{"load", shop.folder.path("backups/" + made.file), "shop"}
    );
    CHECK(shop.operations("backup.restore").front().state == OperationState::done);
}

TEST_CASE("a restore that is refused changed nothing, any other failure may have", "[cli]") {
    Shop refused;
    refused.has(1, '1');
    refused.parts.programs.on({"load"}, ended_with(4, "main is not empty"));
    const auto answer = refused.in("backup restore main --confirm=main");
    CHECK(answer.exit == 4);
    CHECK(contains(answer.out, "nothing was restored"));
    CHECK(contains(answer.out, "main is not empty"));

    Shop half;
    half.has(1, '1');
    half.parts.programs.on({"load"}, ended_with(1, "server closed the connection"));
    CHECK(half.in("backup restore main --confirm=main").exit == 7);
    CHECK(half.operations("backup.restore").front().state == OperationState::needs_human);

    Shop damaged;
    const auto made = damaged.has(1, '1');
    damaged.folder.write("backups/" + made.file, "ALL the rows\n");
    damaged.parts.programs.on({"load"}, "");
    CHECK(damaged.in("backup restore main --confirm=main").exit == 4);
    CHECK(damaged.parts.programs.commands().empty());
}

TEST_CASE("a folder of backups that cannot be read is not an empty one", "[cli]") {
    Shop shop("      max_age: 24h\n");
    shop.folder.write("backups", "no folder\n");
    const auto why = "the folder of backups " + shop.folder.path("backups") + " cannot be read: ";
    for (const auto* verb : {"list", "verify", "prune", "restore main"}) {
        const auto answer = shop.in(std::string("backup ") + verb);
        CAPTURE(verb, answer.out, answer.err);
        CHECK(answer.exit == 4);
        CHECK(contains(answer.err, why + "Not a directory"));
    }
    const auto plan = shop.in("plan v2");
    CHECK(plan.exit == 4);
    CHECK(contains(plan.out + plan.err, "database main: " + why));
}

TEST_CASE("a manifest that cannot be read is told wherever backups are counted", "[cli]") {
    Shop shop;
    shop.has(24 * 9, '1');
    shop.has(24 * 8, '2');
    const auto newest = shop.has(1, '3');
    const auto manifest = shop.folder.write("backups/" + newest.file + ".manifest.json", "{");
    shop.parts.programs.on({"check"}, "").on({"load"}, "");
    const auto words =
        newest.file + ".manifest.json cannot be read (it is no JSON); its artefact is not counted";
    CHECK(contains(shop.in("backup list").out, words));
    CHECK(contains(shop.in("backup prune --dry-run").out, words + ", and stays where it is"));
    CHECK(contains(shop.in("backup verify").err, words));
    CHECK(contains(shop.in("backup restore main").err, words));
    for (const auto* verb : {"list", "prune", "verify", "restore main"}) {
        const auto told = shop.data(std::string("backup ") + verb).at("/unreadable");
        CAPTURE(verb);
        REQUIRE(told.items("").size() == 1);
        CHECK(told.text("/0/manifest") == manifest);
        CHECK(told.text("/0/why") == "it is no JSON");
    }
    CHECK(std::filesystem::exists(shop.folder.path("backups/" + newest.file)));
    CHECK(std::filesystem::exists(manifest));
}

TEST_CASE("prune takes the manifest of a file that is gone, however young", "[cli]") {
    Shop shop;
    shop.has(30, '1');
    const auto lost = shop.has(2, '2');
    std::filesystem::remove(shop.folder.path("backups/" + lost.file));
    CHECK(contains(shop.in("backup prune --dry-run").out, "its file is gone"));
    CHECK(shop.in("backup prune -o name").out == lost.id + "\n");
    CHECK(!std::filesystem::exists(shop.folder.path("backups/" + lost.file + ".manifest.json")));
}

TEST_CASE("passwords that the programs of a backup print are kept nowhere", "[cli]") {
    Shop shop;
    const auto made = shop.has(1, '1');
    const std::string printed = "postgres://u:hunter2secret@h/db";
    shop.parts.programs.on({"check"}, printed).on({"load"}, ended_with(1, printed));
    const auto verified = shop.in("backup verify");
    CHECK(verified.exit == 0);
    CHECK(contains(verified.out, "postgres://u:***@h/db"));
    const auto restored = shop.in("backup restore main --confirm=main");
    CHECK(restored.exit == 7);
    const auto listed = shop.in("backup list -o json");
    for (const auto& text : {verified.out, restored.out, restored.err, listed.out}) {
        CHECK(!contains(text, "hunter2secret"));
    }
    for (const auto* kind : {"backup.verify", "backup.restore"}) {
        const auto known = shop.operations(kind);
        REQUIRE(known.size() == 1);
        CHECK(!contains(documents::write_json(known.front().result), "hunter2secret"));
    }
}

TEST_CASE("a restore that was cut off is told before the next one", "[cli]") {
    Shop shop;
    shop.has(1, '1');
    CHECK(shop.data("backup restore main").at("/earlier").is_null());
    Operation cut_off;
    cut_off.id = "019ad000-0000-7000-8000-000000000000";
    cut_off.kind = "backup.restore";
    cut_off.app = "web";
    cut_off.environment = "production";
    cut_off.subject = "main";
    cut_off.by = "eve@laptop";
    auto begun = simcluster::run(shop.parts.operations().begin_operation(cut_off)).operation;
    begun.state = OperationState::needs_human;
    begun.result = Value::map({{"failure", "its runner died while it worked"}});
    simcluster::run(shop.parts.operations().end_operation(begun));
    const std::string words = "UTC by eve@laptop was cut off: the database may be half restored";
    CHECK(contains(shop.in("backup restore main").out, words));
    CHECK(contains(shop.data("backup restore main").text("/earlier"), words));

    shop.parts.programs.on({"load"}, ended_with(4, "main is not empty"));
    CHECK(contains(shop.in("backup restore main --confirm=main").err, words));
    CHECK(contains(shop.in("backup restore main").out, words));  // a refusal has mended nothing
}

TEST_CASE("what another runner has under way is not begun twice", "[cli]") {
    Shop shop;
    shop.has(1, '1');
    Operation other;
    other.id = "019ad000-0000-7000-8000-000000000000";
    other.kind = "backup.restore";
    other.app = "web";
    other.environment = "production";
    other.subject = "main";
    other.by = "eve@elsewhere";
    other.runner.identity = "eve@elsewhere";
    other.runner.host = "elsewhere";
    simcluster::run(shop.parts.operations().begin_operation(other));
    shop.parts.programs.on({"load"}, "");
    const auto answer = shop.in("backup restore main --confirm=main");
    CHECK(answer.exit == 9);
    CHECK(contains(answer.err, "eve@elsewhere"));
    CHECK(shop.parts.programs.commands().empty());
}

TEST_CASE("a backup that is too old stops a rollout that makes none", "[cli]") {
    Shop shop("      max_age: 24h\n");
    shop.has(30, '1');
    const auto plan = shop.in("plan v2");
    CHECK(plan.exit == 4);
    CHECK(contains(plan.out + plan.err, "database main: its newest good backup is 30h00m old"));
    shop.has(3, '2');
    CHECK(shop.in("plan v2").exit == 0);

    Shop makes_one("      max_age: 24h\n      when: before_infra\n");
    const auto with_backup = makes_one.in("plan v2");
    CHECK(with_backup.exit == 0);
    CHECK(contains(with_backup.out, "backup-main"));
}
