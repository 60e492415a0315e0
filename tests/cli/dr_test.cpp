// SPDX-License-Identifier: Apache-2.0
// Drills, failovers and failbacks on two simulated clusters: every stage and its failure, the loss
// of the runner in the middle, consent, figures.
#include "documents/json.hpp"
#include "plugins/backup/artefact_folder.hpp"
#include "simcluster/run.hpp"
#include "tests/cli/shell.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

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
  production: {context: kind-prod, namespace: shop, strategy: rolling, protected: true}
  dr: {context: kind-dr, namespace: shop-dr, strategy: rolling}
dr:
  primary: production
  standby: dr
  rto: 15m
  rpo: 5m
  replica: {run: [lag, "${to}"], timeout: 10s}
  promote: {run: [promote], timeout: 1m}
  traffic: {run: [switch, "${from}", "${to}"], timeout: 1m}
  verify: {run: [verify, "${to}"], timeout: 1m}
)";

const std::string approval_yaml = R"(  approval: sre
approvals:
  sre: {count: 1}
)";

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// What is out of the ordinary.
struct Trouble {
    std::string settings = {};  ///< more of them
    std::string failing = {};   ///< a program that fails once
    std::string lag = "42\n";
};

struct Regions : Shell {
    explicit Regions(const Trouble& trouble = {})
        : file(folder.write("deploy.yaml", shop_yaml + trouble.settings)) {
        auto web = simcluster::a_deployment("web").replicas(2).image("registry/shop/web:v1");
        auto service = simcluster::a_service("web");
        parts.world_in("shop-dr")
            .add(web.set("/metadata/namespace", "shop-dr"))
            .add(service.build())
            .settle();
        parts.world_in("shop-dr").behave("v5-crash", simcluster::crashing());
        if (!trouble.failing.empty()) {
            CommandResult bad;
            bad.exit_code = 1;
            bad.error_output = "no way\n";
            parts.programs.on({trouble.failing}, bad);
        }
        parts.programs.on({"lag"}, trouble.lag);
        parts.programs.on({"promote"}, "").on({"switch"}, "").on({"verify"}, "");
        REQUIRE(in("rollout start v2 -e production -q -y").exit == 0);
    }

    tests::Answer in(const std::string& line) { return run("-f " + file + " " + line); }

    bool is_locked(const std::string& kube_namespace) {
        auto& world = kube_namespace == "shop" ? parts.world : parts.world_in(kube_namespace);
        const ObjectRef lock{Kind::lease, kube_namespace, "deployctl.environment-lock"};
        return simcluster::run(world.get(lock)).has_value();
    }

    std::string standby_image() {
        const ObjectRef web{Kind::deployment, "shop-dr", "web"};
        return simcluster::run(parts.world_in("shop-dr").get(web))
            .value()
            .text("/spec/template/spec/containers/0/image");
    }

    int count_of(const std::string& program) {
        int count = 0;
        for (const auto& command : parts.programs.commands()) {
            count += command.argv.front() == program ? 1 : 0;
        }
        return count;
    }

    /// Its runner is gone, between two stages or in one.
    void lose_runner() {
        parts.people = simcluster::ScriptedRunners("ada@laptop", 200);
        parts.people.say("ada@laptop", Liveness::dead);
    }

    Folder folder;
    std::string file;
};

const std::string rows = "all the rows\n";

/// Its data is brought over by a backup.
struct BackedUp : Regions {
    explicit BackedUp(const std::string& settings = {})
        : Regions({"  database: main\n" + settings + backup_yaml}) {
        auto yaml = folder.read("deploy.yaml");
        const std::string lag = "  replica: {run: [lag, \"${to}\"], timeout: 10s}\n";
        yaml.erase(yaml.find(lag), lag.size());
        const std::string dir = "FOLDER";
        yaml.replace(yaml.find(dir), dir.size(), folder.path("backups"));
        folder.write("deploy.yaml", yaml);
        REQUIRE(artefacts().make().empty());
        parts.programs.on({"restore"}, "");
    }

    plugins::backup::ArtefactFolder artefacts() const {
        return plugins::backup::ArtefactFolder(folder.path("backups"));
    }

    /// Lies there, made so many hours ago, and no journal knows of it.
    plugins::backup::Artefact has(int hours, char digit) {
        plugins::backup::Artefact artefact;
        artefact.id = "019ae00" + std::string(1, digit) + "-0000-7000-8000-00000000000" + digit;
        artefact.scope = {"web", "production", "main"};
        artefact.making.started = parts.time.now() - std::chrono::hours(hours);
        artefact.making.ended = artefact.making.started;
        artefact.making.bytes = std::ssize(rows);
        artefact.making.sha256 = documents::sha256_hex(rows);
        artefact.file = plugins::backup::file_name(
            artefact.scope, artefact.making.started, artefact.id, ".dump"
        );
        REQUIRE(artefacts().publish(artefact, folder.write("partial", rows)).empty());
        return artefact;
    }

    static constexpr const char* backup_yaml = R"(backup:
  dir: FOLDER
  databases:
    main: {run: [dump, "${artifact}"], restore: [restore, "${artifact}"]}
)";
};

}  // namespace

TEST_CASE("a drill brings the version out in the standby and switches no traffic", "[cli]") {
    Regions shop;
    const auto drill = shop.in("dr drill --reason quarterly -y");
    INFO(drill.err);
    CHECK(drill.exit == 0);
    CHECK(contains(drill.out, "RTO"));
    CHECK(contains(drill.out, "RPO 42s (target 5m): met"));
    CHECK(contains(shop.standby_image(), "registry/shop/web:v2"));
    CHECK(shop.count_of("switch") == 0);
    CHECK(shop.count_of("verify") == 1);
    CHECK_FALSE(shop.is_locked("shop"));
    for (const auto& command : shop.parts.programs.commands()) {
        if (command.argv.front() == "promote") {
            CHECK(command.environment.at("DEPLOYCTL_DRILL") == "true");
            CHECK(command.environment.at("DEPLOYCTL_TO") == "dr");
        }
    }
    const auto status = shop.in("dr status -o json");
    CHECK(contains(status.out, "\"drill_overdue\": false"));
    CHECK(contains(status.out, "\"rpo_seconds\": 42"));
    CHECK(contains(shop.in("history --kind dr.").out, "dr.drill"));
}

TEST_CASE("without a drill one is overdue, and again after drill_every", "[cli]") {
    Regions shop({"  drill_every: 24h\n", ""});
    CHECK(contains(shop.in("dr status").out, "no drill has ended well yet"));
    CHECK(shop.in("dr drill -y").exit == 0);
    CHECK(shop.in("dr status -o name").out == "practised\n");
    shop.parts.time.advance(std::chrono::hours(25));
    CHECK(shop.in("dr status -o name").out == "overdue\n");
}

TEST_CASE("a failover needs the name, locks the primary and switches the traffic last", "[cli]") {
    Regions shop;
    const auto bare = shop.in("dr failover --reason fire -y");
    CHECK(bare.exit == 2);
    CHECK(contains(bare.err, "--confirm=dr"));
    CHECK(shop.parts.programs.commands().empty());
    const auto moved = shop.in("dr failover --confirm=dr --reason fire");
    INFO(moved.err);
    CHECK(moved.exit == 0);
    CHECK(shop.is_locked("shop"));
    CHECK(
        contains(shop.parts.programs.commands_text(), "promote\nswitch production dr\nverify dr\n")
    );
    CHECK(shop.in("rollout start v1 -e production -q -y").exit == 4);

    const auto back = shop.in("dr failback --confirm=production --reason home");
    INFO(back.err);
    CHECK(back.exit == 0);
    CHECK(contains(shop.parts.programs.commands_text(), "switch dr production\nverify production\n")
    );
    CHECK_FALSE(shop.is_locked("shop"));
    CHECK_FALSE(shop.is_locked("shop-dr"));
}

TEST_CASE("a failed drill ends, opens what it has locked, and is exit 6", "[cli]") {
    const auto program = GENERATE(std::string("lag"), "promote", "verify");
    CAPTURE(program);
    Regions shop({"", program});
    const auto drill = shop.in("dr drill -y");
    CHECK(drill.exit == 6);
    CHECK(contains(drill.err, "no way"));
    CHECK_FALSE(shop.is_locked("shop"));
    const auto status = shop.in("dr status -o json");
    CHECK(contains(status.out, "\"last_good_drill\": null"));
    CHECK(contains(status.out, "\"failed_stage\""));
    CHECK(shop.in("dr resume").exit == 2);
}

TEST_CASE("a bad version fails the drill, and the standby goes back", "[cli]") {
    Regions shop;
    const auto drill = shop.in("dr drill --tag v5-crash -y");
    CHECK(drill.exit == 6);
    CHECK(contains(drill.err, "was not promoted"));
    CHECK(contains(shop.standby_image(), "registry/shop/web:v1"));
    CHECK_FALSE(shop.is_locked("shop"));
}

TEST_CASE("a drill that misses a target has failed", "[cli]") {
    Regions shop({"", "", "301\n"});
    const auto drill = shop.in("dr drill -y");
    CHECK(drill.exit == 6);
    CHECK(contains(drill.out, "RPO 5m01s (target 5m): missed"));
}

TEST_CASE("a failover stands where a stage fails, and is gone on with from there", "[cli]") {
    Regions shop({"", "promote"});
    const auto stuck = shop.in("dr failover --confirm=dr");
    CHECK(stuck.exit == 7);
    CHECK(contains(stuck.err, "dr resume"));
    CHECK(shop.count_of("switch") == 0);
    CHECK(shop.in("dr failover --confirm=dr").exit == 9);
    CHECK(shop.in("dr drill -y").exit == 9);
    shop.lose_runner();
    const auto moved = shop.in("dr resume");
    INFO(moved.err);
    CHECK(moved.exit == 0);
    CHECK(shop.count_of("lag") == 1);
    CHECK(shop.count_of("switch") == 1);
}

TEST_CASE(
    "in a failover a primary out of reach, and an unknown lag, are told and passed", "[cli]"
) {
    Regions shop({"", "lag"});
    shop.parts.world.forbid("create", "leases");
    const auto moved = shop.in("dr failover --confirm=dr");
    INFO(moved.err);
    CHECK(moved.exit == 0);
    CHECK(contains(moved.err, "cannot be locked"));
    CHECK(contains(moved.out, "RPO - (target 5m): not measured"));
    CHECK_FALSE(shop.is_locked("shop"));
}

TEST_CASE("nothing begins before the approval, and who began it does not give it", "[cli]") {
    Regions shop({approval_yaml});
    const auto waits = shop.in("dr failover --confirm=dr");
    CHECK(waits.exit == 5);
    CHECK(contains(waits.err, "dr approve"));
    CHECK_FALSE(shop.is_locked("shop"));
    const auto own = shop.in("dr approve --reason please");
    CHECK(own.exit == 4);
    CHECK(contains(own.err, "who began it"));
    shop.lose_runner();
    CHECK(shop.in("dr resume").exit == 5);
    shop.parts.people = simcluster::ScriptedRunners("bob@desk");
    shop.parts.people.say("ada@laptop", Liveness::dead);
    CHECK(shop.in("dr approve --reason seen").exit == 0);
    CHECK(shop.in("dr resume").exit == 0);
    CHECK(shop.count_of("switch") == 1);
}

TEST_CASE("one that is given up ends as failed, and a drill opens what it locked", "[cli]") {
    Regions shop({"", "promote"});
    CHECK(shop.in("dr failover --confirm=dr").exit == 7);
    shop.lose_runner();
    CHECK(shop.in("dr abandon").exit == 2);
    CHECK(shop.in("dr abandon --reason 'it is back'").exit == 0);
    CHECK(shop.is_locked("shop"));
    CHECK(shop.in("dr resume").exit == 2);
    CHECK(contains(shop.in("show op-1").out, "it is back"));
}

TEST_CASE("what a lost runner may have run is run again only where somebody says so", "[cli]") {
    Regions shop({"", "promote"});
    CHECK(shop.in("dr failover --confirm=dr").exit == 7);
    auto& operations = shop.parts.operations();
    const auto one = simcluster::run(operations.find_operation("1")).value();
    OperationEvent event;
    event.type = "stage.started";
    event.data = Value::map({{"stage", 3}, {"step", "promote"}});
    REQUIRE(simcluster::run(operations.note_operation(one.id, one.runner, event)));
    shop.lose_runner();
    const auto asked = shop.in("dr resume");
    CHECK(asked.exit == 4);
    CHECK(contains(asked.err, "--repeat"));
    CHECK(shop.in("dr resume --repeat").exit == 0);
}

TEST_CASE("a living runner keeps its failover", "[cli]") {
    Regions shop({"", "promote"});
    CHECK(shop.in("dr failover --confirm=dr").exit == 7);
    shop.parts.people = simcluster::ScriptedRunners("eve@desk", 7);
    shop.parts.people.say("ada@laptop", Liveness::alive);
    const auto refused = shop.in("dr resume");
    CHECK(refused.exit == 9);
    CHECK(contains(refused.err, "which is alive"));
    CHECK(shop.in("dr resume --takeover").exit == 0);
}

TEST_CASE("a secret among the words of a program is refused, and is kept nowhere", "[cli]") {
    const std::string words = GENERATE(
        std::string("[promote, --password, hunter2-long]"),
        "[promote, \"postgres://u:hunter2secretpw@db/x\"]"
    );
    Regions shop;
    auto yaml = shop.folder.read("deploy.yaml");
    const std::string before = "[promote]";
    yaml.replace(yaml.find(before), before.size(), words);
    shop.folder.write("deploy.yaml", yaml);
    for (const auto* format : {"", " -o json"}) {
        const auto plan = shop.in(std::string("dr plan failover") + format);
        CHECK(plan.exit == 4);
        CHECK(contains(plan.out, "promote"));
        CHECK(contains(plan.err, "stage promote: a word of its program looks like a secret"));
        CHECK_FALSE(contains(plan.out + plan.err, "hunter2"));
    }
    CHECK(shop.in("dr failover --confirm=dr").exit == 4);
    CHECK(shop.in("dr drill -y").exit == 4);
    OperationFilter all;
    for (const auto& one : simcluster::run(shop.parts.operations().operations(all))) {
        CHECK_FALSE(contains(documents::write_json(one.plan), "hunter2"));
    }
    CHECK(shop.parts.programs.commands().empty());
}

TEST_CASE("the newest good backup of the folder is restored, whoever has made it", "[cli]") {
    BackedUp shop;
    CHECK(contains(shop.in("dr plan failover").err, "there is no good backup of main"));
    shop.has(50, '1');
    const auto good = shop.has(2, '2');
    auto disproved = shop.has(1, '3');
    disproved.verified = {shop.parts.time.now(), "ada", plugins::backup::Proof::failed, "no rows"};
    REQUIRE(shop.artefacts().keep(disproved).empty());
    std::filesystem::remove(shop.artefacts().path_of(shop.has(0, '4').file));
    const auto moved = shop.in("dr failover --confirm=dr");
    INFO(moved.err);
    CHECK(moved.exit == 0);
    CHECK(contains(moved.out, "RPO 2h"));
    const auto restored = "restore " + shop.artefacts().path_of(good.file) + "\n";
    CHECK(contains(shop.parts.programs.commands_text(), restored));
    CHECK(shop.count_of("restore") == 1);
}

TEST_CASE("a backup of the right size that is not what was made is not restored", "[cli]") {
    BackedUp shop;
    const auto path = shop.artefacts().path_of(shop.has(2, '1').file);
    shop.folder.write(
        "backups/" + std::filesystem::path(path).filename().string(), "all the rowz\n"
    );
    const auto stuck = shop.in("dr failover --confirm=dr");
    CHECK(stuck.exit == 7);
    CHECK(contains(stuck.err, "its checksum is another; nothing was restored"));
    CHECK(contains(stuck.err, "dr abandon 1"));
    CHECK(shop.count_of("restore") == 0);
    CHECK(shop.count_of("switch") == 0);
}

TEST_CASE("a backup that goes before its stage comes is told, and put back restores", "[cli]") {
    BackedUp shop(approval_yaml);
    const auto made = shop.has(2, '1');
    const auto manifest = shop.artefacts().path_of(made.file) + ".manifest.json";
    CHECK(shop.in("dr failover --confirm=dr").exit == 5);
    std::filesystem::rename(manifest, manifest + ".away");
    shop.lose_runner();
    shop.parts.people = simcluster::ScriptedRunners("bob@desk");
    shop.parts.people.say("ada@laptop", Liveness::dead);
    CHECK(shop.in("dr approve --reason seen").exit == 0);
    const auto stuck = shop.in("dr resume");
    CHECK(stuck.exit == 7);
    CHECK(contains(stuck.err, "is gone: its manifest is not there any more"));
    CHECK(shop.count_of("restore") == 0);
    std::filesystem::rename(manifest + ".away", manifest);
    CHECK(shop.in("dr resume").exit == 0);
    CHECK(shop.count_of("restore") == 1);
}

TEST_CASE("a failover runs the scripts that were there when it was planned", "[cli]") {
    Regions shop;
    auto yaml = shop.folder.read("deploy.yaml");
    const std::string before = "run: [verify, \"${to}\"]";
    yaml.replace(yaml.find(before), before.size(), "run: [./verify.sh, \"${to}\"]");
    shop.folder.write("deploy.yaml", yaml);
    const auto missing = shop.in("dr plan failover");
    CHECK(missing.exit == 4);
    CHECK(contains(missing.err, "stage verify: ./verify.sh cannot be read: No such file"));
    shop.parts.files.has("./verify.sh", "exit 0\n");
    CHECK(shop.in("dr plan failover").exit == 0);
    shop.parts.programs.on({"./verify.sh"}, "");
    CHECK(shop.in("dr failover --confirm dr --reason test -q").exit == 0);
    const auto failed = shop.folder.write("not-executable.sh", "exit 0\n");
    yaml.replace(yaml.find("./verify.sh"), 11, failed);
    shop.folder.write("deploy.yaml", yaml);
    shop.parts.files.has(failed, "exit 0\n");
    CHECK(contains(shop.in("dr plan failover").err, "is not executable: chmod +x"));
}

TEST_CASE("a version that the registry does not have is told before a drill", "[cli]") {
    Regions shop;
    const auto plan = shop.in("dr plan drill --tag v9");
    CHECK(plan.exit == 4);
    CHECK(contains(plan.err, "the registry has no registry/shop/web:v9"));
    const auto earnest = shop.in("dr plan failover --tag v9");
    CHECK(earnest.exit == 4);
    CHECK(contains(earnest.err, "the registry has no registry/shop/web:v9"));
}

TEST_CASE("a tag that was moved since is the image that was promoted by it", "[cli]") {
    Regions shop;
    const auto promoted = shop.in("dr plan failover -o json");
    const auto before = documents::read_json(promoted.out).text("/digest");
    REQUIRE_FALSE(before.empty());
    shop.parts.images.has("registry/shop/web:v2", "sha256:" + std::string(64, 'e'));
    const auto plan = shop.in("dr plan failover --tag v2 -o json");
    CHECK(documents::read_json(plan.out).text("/digest") == before);
    shop.parts.images.go_away();
    const auto unseen = shop.in("dr plan failover --tag v2");
    CHECK(unseen.exit == 0);
    CHECK(contains(unseen.err, "connection refused"));
    const auto unknown = shop.in("dr plan failover --tag v1");
    CHECK(unknown.exit == 4);
    shop.parts.images.come_back();
    const auto other = shop.in("dr plan failover --tag v1 -o json");
    CHECK(documents::read_json(other.out).text("/digest").starts_with("sha256:"));
}

TEST_CASE("a failover does not bring a version out under somebody else's lock", "[cli]") {
    Regions shop;
    REQUIRE(shop.in("env lock dr --reason hands-off").exit == 0);
    const auto stuck = shop.in("dr failover --confirm=dr");
    CHECK(stuck.exit == 7);
    CHECK(contains(stuck.err, "hands-off"));
    CHECK(contains(shop.standby_image(), "registry/shop/web:v1"));
    REQUIRE(shop.in("env unlock dr --reason done").exit == 0);
    shop.lose_runner();
    CHECK(shop.in("dr resume").exit == 0);
}

TEST_CASE("dr plan shows the stages and changes nothing", "[cli]") {
    Regions shop;
    const auto plan = shop.in("dr plan failover");
    CHECK(plan.exit == 0);
    CHECK(contains(plan.out, "traffic   switch production dr"));
    CHECK(contains(shop.in("dr plan -o json").out, "\"exercise\": \"drill\""));
    CHECK(shop.parts.programs.commands().empty());
    CHECK(shop.in("history --kind all -o name").out.empty());
    CHECK(shop.in("dr plan earthquake").exit == 2);
}
