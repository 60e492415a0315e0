// SPDX-License-Identifier: Apache-2.0
// Backups by real programs in a folder of the test's own. Time stands still but for the waits.
#include "documents/json.hpp"
#include "model/error.hpp"
#include "plugins/backup/backup_tasks.hpp"
#include "plugins/backup/making.hpp"
#include "plugins/backup/verifying.hpp"
#include "plugins/process/boost_process.hpp"
#include "simcluster/run.hpp"
#include "tests/fakes/sealing_keys.hpp"
#include "tests/plugins/scratch_folder.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <sys/stat.h>

using namespace deployctl;
using namespace deployctl::plugins;
using namespace deployctl::plugins::backup;
using simcluster::run;
using tests::ScratchFolder;

namespace {

namespace fs = std::filesystem;

class StandingClock final : public Clock {
public:
    WallTime now() const override { return time; }

    BootTime boot_time() const override { return {time.time_since_epoch()}; }

    std::string boot_id() const override { return "boot"; }

    Task<> sleep(Duration duration) override {
        time += duration;
        if (meanwhile) {
            meanwhile();
        }
        co_return;
    }

    WallTime time = tests::while_certificates_are_good;
    std::function<void()> meanwhile;
};

std::string read_file(const std::string& path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

std::vector<std::string> script(const std::string& text) {
    return {"sh", "-c", text, "sh", "${artifact}"};
}

struct Bench {
    Bench() {
        settings.dir = folder.path() + "/backups";
        settings.run = script("echo 'all the rows' > \"$1\"");
    }

    Made make(std::string id = "019ae000-0000-7000-8000-00000000aaaa") {
        BackupOrder order;
        order.id = std::move(id);
        order.scope = scope;
        order.settings = settings;
        order.by = "ada@laptop";
        order.tell = [this](Value fact) { facts.push_back(std::move(fact)); };
        BackupMaker maker(process, clock);
        return run(maker.make(order));
    }

    Read read(const Artefact& artefact, const std::string& text, const std::string& key = "") {
        Verifier verifier(process, clock);
        return run(verifier.read(
            artefact, Reading{settings.dir, script(text), seconds(30), key, scope, {}}
        ));
    }

    /// All but the locks.
    std::vector<std::string> names() const {
        std::vector<std::string> names;
        std::error_code missing;  // there may be no folder
        for (const auto& entry : fs::directory_iterator(settings.dir, missing)) {
            const auto name = entry.path().filename().string();
            if (!name.starts_with(".")) {
                names.push_back(name);
            }
        }
        std::ranges::sort(names);
        return names;
    }

    std::string write(const std::string& name, const std::string& text) const {
        std::ofstream(folder.path() + "/" + name) << text;
        return folder.path() + "/" + name;
    }

    ScratchFolder folder;
    BoostProcess process;
    StandingClock clock;
    Scope scope{"shop", "production", "main"};
    DatabaseSettings settings;
    std::vector<Value> facts;
};

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

const std::string first_file = "shop-main-20270101T000000Z-0000aaaa.dump";

}  // namespace

TEST_CASE("a backup is a file, its manifest beside it, for the owner alone", "[backup]") {
    Bench bench;
    bench.settings.run.emplace_back("--password=hunter2");
    const auto made = bench.make();
    REQUIRE(made.failure.empty());
    CHECK(bench.names() == std::vector{first_file, first_file + ".manifest.json"});
    CHECK(read_file(made.path) == "all the rows\n");
    const auto manifest_text = read_file(made.path + ".manifest.json");
    const auto manifest = documents::read_json(manifest_text);
    CHECK(manifest.text("/sha256") == documents::sha256_hex("all the rows\n"));
    CHECK(manifest.number("/bytes") == 13);
    CHECK(manifest.text("/database") == "main");
    CHECK(manifest.at("/verified").is_null());
    CHECK(!contains(manifest_text, "hunter2"));
    for (const auto& name : bench.names()) {
        struct stat facts {};

        stat((bench.settings.dir + "/" + name).c_str(), &facts);
        CHECK((facts.st_mode & 0777U) == 0600);
    }
    const auto listed = ArtefactFolder(bench.settings.dir).list();
    REQUIRE(listed.size() == 1);
    CHECK(listed.front().artefact == *made.artefact);
    CHECK(listed.front().is_good());
}

TEST_CASE("a program that lies leaves nothing that is called a backup", "[backup]") {
    struct Lie {
        std::vector<std::string> run;
        std::string why;
    };

    const std::vector<Lie> lies{
        {script("exit 0"), "wrote nothing"},
        {script("rm \"$1\""), "no ordinary file"},
        {script("rm \"$1\"; ln -s /etc/passwd \"$1\""), "no ordinary file"},
        {script("rm \"$1\"; mkdir \"$1\""), "no ordinary file"},
        {script("echo x > \"$1\""), "wrote 2 bytes; less than 5"},
        {script("echo 'half of it' > \"$1\"; echo 'server closed' >&2; exit 1"),
         "exit code 1: server closed"},
        {{"/no/such/program"}, "/no/such/program: "},
        {{}, "nothing is configured that makes it"},
    };
    for (const auto& lie : lies) {
        Bench bench;
        bench.settings.run = lie.run;
        bench.settings.min_bytes = 5;
        const auto made = bench.make();
        CHECK_THAT(made.failure, Catch::Contains(lie.why));
        CHECK(!made.artefact);
        CHECK(ArtefactFolder(bench.settings.dir).list().empty());
        for (const auto& name : bench.names()) {  // what somebody has made in place of the file
            CHECK(name.ends_with(".partial"));
            CHECK(fs::is_directory(bench.settings.dir + "/" + name));
        }
    }
}

TEST_CASE("a file that goes on changing is no backup", "[backup]") {
    Bench bench;
    bench.clock.meanwhile = [&bench] {
        std::ofstream(bench.settings.dir + "/" + first_file + ".partial", std::ios::app)
            << "one more row\n";
    };
    const auto made = bench.make();
    CHECK_THAT(made.failure, Catch::Contains("goes on changing"));
    CHECK(bench.names().empty());
}

TEST_CASE("a full disk leaves nothing that is called a backup", "[backup]") {
    Bench bench;
    // What a write to a full disk says, without the need of one.
    bench.settings.run = script("cat /dev/zero > /dev/full");
    const auto made = bench.make();
    CHECK_THAT(made.failure, Catch::Contains("No space left on device"));
    CHECK(bench.names().empty());
}

TEST_CASE("what a killed backup has left is gone with the next one, and nothing else", "[backup]") {
    Bench bench;
    fs::create_directories(bench.settings.dir);
    const std::string ours = "shop-main-20261231T000000Z-0123abcd.dump";
    const std::vector<std::string> leftovers{
        ours + ".partial",
        ours + ".manifest.json",
        "shop-main-20261231T000001Z-0123abcd.dump.partial.sealed.partial",
        "shop-main-20261231T000002Z-0123abcd.dump.opened-7.partial",
    };
    const std::vector<std::string> others{
        "mail-main-20261231T000000Z-0123abcd.dump.partial",
        "notes.partial",
        "shop-main-eu-20261231T000000Z-0123abcd.dump.partial",
        "shop-main-old.dump",
    };
    for (const auto& name : leftovers) {
        bench.write("backups/" + name, "half");
    }
    for (const auto& name : others) {
        bench.write("backups/" + name, "theirs");
    }
    REQUIRE(bench.make().failure.empty());
    for (const auto& name : leftovers) {
        CHECK(!fs::exists(bench.settings.dir + "/" + name));
    }
    for (const auto& name : others) {
        CHECK(fs::exists(bench.settings.dir + "/" + name));
    }
}

TEST_CASE("one backup of a database is made at a time", "[backup]") {
    Bench bench;
    REQUIRE(bench.make().failure.empty());
    {
        const auto elsewhere = ArtefactFolder(bench.settings.dir).lock(bench.scope);
        REQUIRE(elsewhere.is_open());
        CHECK_THAT(bench.make().failure, Catch::Contains("another backup of main"));
    }
    CHECK(bench.make("019ae000-0000-7000-8000-00000000bbbb").failure.empty());
}

TEST_CASE("a backup that is suddenly small is told of in its manifest", "[backup]") {
    Bench bench;
    REQUIRE(bench.make().artefact->making.warnings.empty());
    bench.clock.time += minutes(1);
    bench.settings.run = script("echo half > \"$1\"");
    const auto made = bench.make("019ae000-0000-7000-8000-00000000bbbb");
    REQUIRE(made.artefact->making.warnings.size() == 1);
    CHECK_THAT(made.artefact->making.warnings.front(), Catch::Contains("5 bytes after 13 bytes"));
}

TEST_CASE("names that would lead out of the folder make no backup", "[backup]") {
    Bench bench;
    bench.scope.database = GENERATE("../main", "a/b", ".hidden", "-rf", "", "a b", "a\nb");
    CHECK_THAT(bench.make().failure, Catch::Contains("cannot be part of a file's name"));
    CHECK(!fs::exists(bench.settings.dir));
}

TEST_CASE("a restore elsewhere proves a backup, or says that it is none", "[backup]") {
    Bench bench;
    bench.settings.verify = script("grep -q rows \"$1\" && echo '12 rows in 3 tables'");
    const auto good = bench.make();
    REQUIRE(good.artefact->verified);
    CHECK(good.artefact->verified->result == Proof::passed);
    CHECK(good.artefact->verified->detail == "12 rows in 3 tables");
    CHECK(good.artefact->verified->by == "ada@laptop");
    bench.settings.verify = script("echo 'table orders is empty' >&2; exit 1");
    const auto bad = bench.make("019ae000-0000-7000-8000-00000000bbbb");
    REQUIRE(bad.artefact->verified);
    CHECK(bad.artefact->verified->result == Proof::failed);
    CHECK_THAT(bad.artefact->verified->detail, Catch::Contains("table orders is empty"));
    const auto listed = ArtefactFolder(bench.settings.dir).list();
    REQUIRE(listed.size() == 2);
    CHECK(newest_good(listed)->artefact.id == good.artefact->id);
}

TEST_CASE("what verifies a backup must not change it", "[backup]") {
    Bench bench;
    bench.settings.verify = script("echo evil > \"$1\"");
    const auto made = bench.make();
    CHECK_FALSE(made.artefact);
    CHECK_THAT(made.failure, Catch::Contains("has changed it"));
    CHECK(bench.names().empty());
}

TEST_CASE("what is read is what was made", "[backup]") {
    Bench bench;
    const auto made = bench.make();
    CHECK(bench.read(*made.artefact, "cat \"$1\"").detail == "all the rows");
    const auto failed = bench.read(*made.artefact, "echo 'not empty' >&2; exit 4");
    CHECK(failed.kind == Read::Kind::failed);
    CHECK(failed.exit_code == 4);
    std::ofstream(made.path) << "ALL the rows\n";
    const auto changed = bench.read(*made.artefact, "cat \"$1\"");
    CHECK(changed.kind == Read::Kind::damaged);
    CHECK_THAT(changed.detail, Catch::Contains("its checksum is another"));
    std::ofstream(made.path) << "all\n";
    CHECK(bench.read(*made.artefact, "cat \"$1\"").kind == Read::Kind::damaged);
    fs::remove(made.path);
    CHECK(bench.read(*made.artefact, "cat \"$1\"").kind == Read::Kind::damaged);
    CHECK(ArtefactFolder(bench.settings.dir).list().front().presence == Presence::missing);
}

TEST_CASE("a sealed backup is proven, sealed, and opened by its key alone", "[backup]") {
    Bench bench;
    bench.settings.encrypt_to = bench.write("cert.pem", tests::curve_certificate);
    bench.settings.verify = script("grep -q rows \"$1\"");
    const auto made = bench.make();
    REQUIRE(made.failure.empty());
    CHECK(made.artefact->making.seal == Seal::sealed);
    CHECK(made.artefact->verified->result == Proof::passed);
    CHECK(!contains(read_file(made.path), "rows"));
    CHECK(bench.names().size() == 2);

    const auto opened = bench.read(*made.artefact, "cat \"$1\"", tests::curve_key);
    CHECK(opened.detail == "all the rows");
    CHECK_THROWS_WITH(bench.read(*made.artefact, "cat \"$1\""), Catch::Contains("no key"));
    CHECK_THROWS_WITH(
        bench.read(*made.artefact, "cat \"$1\"", tests::other_key),
        Catch::Contains("sealed for another key")
    );
    CHECK(bench.names().size() == 2);  // nothing that was opened stays
}

TEST_CASE("with a certificate that cannot be used nothing is made", "[backup]") {
    Bench bench;
    bench.settings.encrypt_to = bench.write("cert.pem", tests::curve_certificate);
    bench.clock.time = *read_rfc3339("2050-01-01T00:00:00Z");
    bench.settings.run = script("touch " + bench.folder.path() + "/ran; echo rows > \"$1\"");
    CHECK_THAT(bench.make().failure, Catch::Contains("has expired"));
    bench.settings.encrypt_to += ".not";
    CHECK_THAT(bench.make().failure, Catch::Contains("No such file"));
    CHECK(bench.names().empty());
    CHECK(!fs::exists(bench.folder.path() + "/ran"));
}

TEST_CASE("a backup larger than a part is measured and sealed as a whole", "[backup][slow]") {
    Bench bench;
    bench.settings.run = script("head -c 9437185 /dev/zero > \"$1\"");
    bench.settings.encrypt_to = bench.write("cert.pem", tests::curve_certificate);
    const auto made = bench.make();
    REQUIRE(made.failure.empty());
    const auto read = bench.read(*made.artefact, "wc -c < \"$1\"", tests::curve_key);
    CHECK(read.detail == "9437185");
}

TEST_CASE("a manifest that is not ours is no backup of ours", "[backup]") {
    Bench bench;
    const auto made = bench.make();
    const auto manifest = documents::read_json(read_file(made.path + ".manifest.json"));
    CHECK(read_artefact(manifest, first_file));
    for (const auto* key : {"/kind", "/id", "/file", "/app", "/database", "/started", "/ended"}) {
        auto changed = manifest;
        changed.set(std::string_view(key), "../../etc/passwd");
        if (std::string_view(key) != "/id") {
            CHECK(!read_artefact(changed, first_file));
        }
        changed.erase(std::string_view(key));
        CHECK(!read_artefact(changed, first_file));
    }
    auto elsewhere = manifest;
    elsewhere.set("/file", "../" + first_file);
    CHECK(!read_artefact(elsewhere, "../" + first_file));
    bench.write("backups/shop-main-x.manifest.json", "{\"kind\":");
    CHECK(ArtefactFolder(bench.settings.dir).list().size() == 1);
}

TEST_CASE("as a task of a rollout a backup is evidence, or a failure", "[backup]") {
    Bench bench;
    TaskOrder order;
    order.name = "backup-main";
    order.rollout = "019ae000-0000-7000-8000-000000000001";
    order.target = {"shop", "production", "shop", ""};
    order.version = "v2";
    order.attempt.id = "019ae000-0000-7000-8000-00000000aaaa";
    bench.settings.run = script("echo \"$DEPLOYCTL_VERSION $DEPLOYCTL_DATABASE\" > \"$1\"");
    bench.settings.verify = script("cat \"$1\"");
    order.task.work = BackupWork{"main", bench.settings};
    BackupTasks tasks(bench.process, bench.clock);
    const auto report = run(tasks.run(order));
    CHECK(report.end == TaskEnd::done);
    CHECK(report.evidence.text("/id") == order.attempt.id);
    CHECK(report.evidence.number("/bytes") == 8);
    CHECK(report.evidence.text("/sha256") == documents::sha256_hex("v2 main\n"));
    CHECK(report.evidence.text("/verified/detail") == "v2 main");
    CHECK_THAT(report.detail, Catch::Contains("restore check passed"));

    bench.settings.verify = script("exit 1");
    order.task.work = BackupWork{"main", bench.settings};
    order.attempt.id = "019ae000-0000-7000-8000-00000000bbbb";
    const auto unproven = run(tasks.run(order));
    CHECK(unproven.end == TaskEnd::failed);
    CHECK_THAT(unproven.detail, Catch::Contains("its restore failed"));
}

TEST_CASE("what looks like a secret in a command is covered", "[backup]") {
    const std::vector<std::string> argv{
        "dump", "--db-password", "a", "postgres://ada:b@db/main", "PGPASSWORD=c", "--host=db"
    };
    const std::vector<std::string> covered{
        "dump", "--db-password", "***", "postgres://ada:***@db/main", "PGPASSWORD=***", "--host=db"
    };
    CHECK(without_secrets(argv) == covered);
}

TEST_CASE("a program that leaves one behind that still writes has made no backup", "[backup]") {
    Bench bench;
    bench.settings.run =
        script("(for i in 1 2 3 4 5 6 7 8; do echo xxxx >> $1; sleep 1; done) & sleep 0.3; exit 0");
    const auto made = bench.make();
    CHECK(
        made.failure ==
        "sh: its program ended and left processes behind that still ran; they were ended, so the "
        "dump may not be whole"
    );
    CHECK(bench.names().empty());

    bench.settings.run = script("true & echo 'all the rows' > $1; sleep 0.1");
    CHECK(bench.make().failure.empty());  // what has ended by itself is none that was left
}

TEST_CASE("a manifest that tells nothing is named with the reason", "[backup]") {
    Bench bench;
    const auto made = bench.make();
    const ArtefactFolder folder(bench.settings.dir);
    CHECK(folder.unreadable(bench.scope).empty());
    const auto manifest = made.path + ".manifest.json";
    const auto good = read_file(manifest);
    const auto why = [&](const std::string& text) {
        std::ofstream(manifest) << text;
        CHECK(folder.list().empty());
        CHECK(folder.unreadable({"other", "production", "main"}).empty());
        const auto found = folder.unreadable(bench.scope);
        REQUIRE(found.size() == 1);
        CHECK(found.front().manifest == first_file + ".manifest.json");
        return found.front().why;
    };
    CHECK(why("{") == "it is no JSON");
    CHECK(why("") == "it is no JSON");
    CHECK(why("{}") == "a field that every manifest has is missing or wrong");
    auto moved = documents::read_json(good);
    moved.set("/file", "../../precious");
    CHECK(why(documents::write_json(moved)) == "its `file` is `../../precious`");
    fs::remove(manifest);
    fs::create_symlink(bench.write("elsewhere", good), manifest);
    CHECK(folder.unreadable(bench.scope).size() == 1);
    CHECK(folder.list().empty());
}
