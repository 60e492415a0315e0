// SPDX-License-Identifier: Apache-2.0
// The verbs that look after the journal: on files of their own, from export to prune.
#include "documents/json.hpp"
#include "simcluster/run.hpp"
#include "state/sqlite_store.hpp"
#include "tests/cli/golden_check.hpp"
#include "tests/cli/shell.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>

using namespace deployctl;
using simcluster::run;
using tests::Folder;
using tests::Shell;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

RolloutId id_of(int n) {
    return "0198f3c2-7d0e-7a41-9b1f-00000000000" + std::to_string(n);
}

/// A journal of three ended rollouts of web, and one of api under way.
struct Past {
    Past() {
        state::SqliteStore store({folder.path("state.db")}, shell.parts.time);
        for (int n = 1; n <= 3; ++n) {
            begin(store, n, "web");
            promote(store, n);
        }
        begin(store, 4, "api");
    }

    static void begin(
        Store& store, int n, const std::string& app, const std::string& kube_namespace = "shop"
    ) {
        NewRollout made;
        made.record.id = id_of(n);
        made.record.target = {app, "production", kube_namespace, "cluster-1"};
        made.record.previous_version = "v" + std::to_string(n);
        made.record.next_version = "v" + std::to_string(n + 1);
        made.begun = {"ada@laptop", "v1", "v2", StrategyKind::canary, 7};
        run(store.begin(made));
    }

    static void promote(Store& store, int n) {
        StateChanged end;
        end.from = RolloutState::pending;
        end.to = RolloutState::promoted;
        end.exit = ExitCode::done;
        run(store.append(id_of(n), 1, {end}));
    }

    /// `path` is told as DIR, so that it is the same in each run.
    tests::Answer run_state(const std::string& words, const std::string& journal = "state.db") {
        auto answer = shell.run("state " + words + " --state " + folder.path(journal));
        const auto place = folder.path("");
        for (auto* text : {&answer.out, &answer.err}) {
            for (auto at = text->find(place); at != std::string::npos; at = text->find(place)) {
                text->replace(at, place.size(), "DIR/");
            }
        }
        return answer;
    }

    Value data(const std::string& words, const std::string& journal = "state.db") {
        const auto answer = run_state(words + " -o json", journal);
        return documents::try_read_json(answer.out).value_or(Value());
    }

    Shell shell;
    Folder folder;
};

}  // namespace

TEST_CASE("an export is told, and one of one app goes into another journal", "[cli]") {
    Past past;
    const auto told = past.run_state("export " + past.folder.path("all.ndjson"));
    CHECK(told.exit == 0);
    tests::check_golden("state_export.txt", told.out);
    const auto lines = past.folder.read("all.ndjson");
    CHECK(lines.starts_with("{\"format\":\"deployctl.journal\""));
    CHECK(past.run_state("export -").out == lines);
    CHECK(past.run_state("export " + past.folder.path("all.ndjson")).exit == 2);

    const auto web = past.data("export " + past.folder.path("web") + " --app web");
    CHECK(web.number("/rollouts") == 3);
    CHECK(web.text("/app") == "web");
    const auto import = "import " + past.folder.path("web");
    CHECK(past.data(import + " --dry-run", "new.db").flag("/dry_run"));
    CHECK_FALSE(std::filesystem::exists(past.folder.path("new.db")));
    tests::check_golden("state_import.txt", past.run_state(import, "new.db").out);
    CHECK(past.data("check", "new.db").number("/events_checked") == 6);
    CHECK(past.run_state(import, "new.db").exit == 11);
}

TEST_CASE("after an import of older rollouts the last to end is still the last", "[cli]") {
    Past past;
    past.data("export " + past.folder.path("web") + " --app web");
    past.shell.parts.time.advance(std::chrono::hours(1));
    {
        state::SqliteStore own({past.folder.path("own.db")}, past.shell.parts.time);
        Past::begin(own, 9, "web", "shop-here");
        Past::promote(own, 9);
    }
    CHECK(past.data("import " + past.folder.path("web"), "own.db").number("/rollouts") == 3);
    state::SqliteStore all({past.folder.path("own.db")}, past.shell.parts.time);
    RolloutFilter newest;
    newest.app = "web";
    newest.order = RolloutFilter::Order::end;
    newest.at_most = 1;
    const auto last = simcluster::run(all.list(newest));
    REQUIRE(last.size() == 1);
    CHECK(last.front().id == id_of(9));
}

TEST_CASE("a file that cannot be read is said to be so, and why", "[cli]") {
    Past past;
    const auto file = past.folder.write("file", "");
    const auto refused = [&](const std::string& words, const std::string& why) {
        const auto answer = past.run_state(words, "new.db");
        CAPTURE(words, answer.err);
        CHECK(answer.exit == 2);
        CHECK(answer.out.empty());
        CHECK(contains(answer.err, why));
        CHECK(contains(answer.err, "nothing was imported"));
    };
    refused("import " + past.folder.path("none"), "none cannot be read: No such file or directory");
    refused("import " + file + "/below", "below cannot be read: Not a directory");
    refused("import " + past.folder.path(""), "cannot be read: it is a folder");
    refused("import /dev/null", "cannot be read: it is a device, pipe or socket");
    CHECK_FALSE(std::filesystem::exists(past.folder.path("new.db")));
    const std::vector<std::string> verbs{"backup " + past.folder.path("copy"), "export -"};
    for (const auto& verb : verbs) {
        const auto answer = past.run_state(verb, "none.db");
        CAPTURE(verb, answer.err);
        CHECK(answer.exit == 11);
        CHECK(contains(answer.err, "there is no journal"));
        CHECK(contains(answer.err, "--state"));
        CHECK(past.run_state(verb, ".").exit == 11);
    }
}

TEST_CASE("an import that is refused says the line", "[cli]") {
    Past past;
    const auto text = past.run_state("export -").out;
    const auto cut = past.folder.write("cut", text.substr(0, text.size() / 2));
    const auto answer = past.run_state("import " + cut, "new.db");
    CHECK(answer.exit == 11);
    CHECK(answer.out.empty());
    CHECK(contains(answer.err, "line "));
    CHECK(contains(answer.err, "nothing was imported"));
    CHECK_FALSE(std::filesystem::exists(past.folder.path("new.db")));
}

TEST_CASE("prune is told, shown without doing it, and needs a word of what to keep", "[cli]") {
    Past past;
    const auto none = past.run_state("prune");
    CHECK(none.exit == 2);
    CHECK(contains(none.err, "--keep N, --keep-days N, or both"));
    CHECK(past.run_state("prune --keep 0").exit == 2);
    CHECK(past.data("prune --keep 1 --keep-days 30").number("/rollouts") == 0);
    CHECK(past.data("prune --keep 1 --app api").number("/rollouts") == 0);

    const auto shown = past.data("prune --keep 1 --dry-run");
    CHECK(shown.number("/rollouts") == 2);
    CHECK(shown.flag("/dry_run"));
    CHECK(past.data("check").number("/events_checked") == 7);
    tests::check_golden("state_prune.txt", past.run_state("prune --keep 1").out);
    CHECK(past.data("check").number("/events_checked") == 3);
    CHECK(past.run_state("check").exit == 0);
}

TEST_CASE("the verbs of the journal explain themselves and are completed", "[cli]") {
    Shell shell;
    CHECK(contains(shell.run("state prune --help").out, "--keep-days"));
    CHECK(contains(shell.run("state import --help").out, "refused with its line"));
    CHECK(contains(shell.run("state export --help").out, "standard output"));
    for (const auto* kind : {"bash", "zsh", "fish"}) {
        const auto script = shell.run(std::string("completion ") + kind).out;
        CHECK(contains(script, "prune"));
        CHECK(contains(script, "export"));
        CHECK(contains(script, "import"));
    }
}

TEST_CASE("a check finds what is in no event, too", "[cli]") {
    Past past;
    CHECK(past.run_state("check").exit == 0);
    const std::string damage = GENERATE(
        "rollouts SET owner_json = 'nonsense' WHERE number = 2",
        "plans SET plan_json = '{\"schema\":1}'"
    );
    SQLite::Database(past.folder.path("state.db"), SQLite::OPEN_READWRITE).exec("UPDATE " + damage);
    CAPTURE(damage);
    const auto answer = past.run_state("check");
    CHECK(answer.exit == 11);
    CHECK(contains(
        answer.out,
        damage.front() == 'r'
            ? "rollouts number 2: owner_json is no JSON"
            : "plans rollout_id " + id_of(1) + ": plan_json is JSON of another shape"
    ));
}

TEST_CASE("what is no journal is not said to be a whole one", "[cli]") {
    Past past;
    CHECK(past.run_state("check", "none.db").exit == 11);
    past.folder.write("short.db", "x");
    CHECK(past.run_state("check", "short.db").exit == 11);
    CHECK(past.folder.read("short.db") == "x");
}

TEST_CASE("a copy needs a file of its own", "[cli]") {
    Past past;
    CHECK(past.run_state("backup -").exit == 2);
    CHECK(past.run_state("backup ''").exit == 2);
    CHECK_FALSE(std::filesystem::exists("-"));
}
