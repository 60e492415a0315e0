// SPDX-License-Identifier: Apache-2.0
// A journal written as lines and read again (docs/formats/export.md): the same, or refused with the
// line, and nothing of it taken.
#include "documents/json.hpp"
#include "state/journal_export.hpp"
#include "state/journal_import.hpp"
#include "state/maintenance.hpp"
#include "state/portable.hpp"
#include "state/pruning.hpp"
#include "state/sqlite_operations.hpp"
#include "state/sqlite_store.hpp"
#include "tests/state/fixture.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <catch2/catch.hpp>

#include <functional>
#include <sstream>
#include <streambuf>
#include <sys/stat.h>

using namespace deployctl;
using namespace deployctl::tests;
using Catch::Matchers::Contains;
using state::ImportEffect;
using state::SqliteStore;

namespace {

using Lines = std::vector<std::string>;

std::string exported(const std::filesystem::path& file, const std::string& app = "") {
    std::ostringstream out;
    state::export_journal(file, app, out);
    return out.str();
}

Lines lines_of(const std::string& text) {
    Lines lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    return lines;
}

/// With an end that fits, so that only what is in the lines can be wrong.
std::string text_of(Lines lines) {
    lines.pop_back();
    std::string text;
    std::string digest;
    for (const auto& line : lines) {
        digest = documents::sha256_hex(digest + "\n" + line);
        text += line + "\n";
    }
    return text + R"({"end":{"digest":")" + digest + R"(","lines":)" +
           std::to_string(lines.size()) + "}}\n";
}

void write_operation(const std::filesystem::path& file, Clock& clock) {
    state::SqliteOperations operations({file}, clock);
    Operation drill;
    drill.id = id_of(50);
    drill.kind = "dr.drill";
    drill.app = "web";
    run(operations.begin_operation(drill));
    run(operations.note_operation(drill.id, drill.runner, {0, {}, "stage.ended", Value::map()}));
}

/// Two apps with all that a table can hold; web's first rollout was pruned.
void write_past(const std::filesystem::path& file) {
    StillClock clock;
    SqliteStore store({file}, clock);
    begin(store, 1);
    append(
        store, 1, {the_end(RolloutState::pending, RolloutState::aborted, ExitCode::blocked, "")}
    );
    begin(store, 2);
    Cause cause;
    cause.headline = "it's \"bad\"\n";
    append(
        store,
        2,
        {LeaseTaken{3, {"ada@laptop", "laptop", 42, 4242, "boot-1"}},
         to_state(RolloutState::pending, RolloutState::running),
         StepStarted{Direction::forward, 0, "25%", "scale"},
         an_intent("a-1"),
         GateEvaluated{0, "errors", {Answer::fail, "5 %", "1 of 20", "0 %", Value::map()}, 0, 1},
         CauseFound{cause},
         Noted{"\xe2\x9c\x93 done"}}
    );
    run(store.make_request(id_of(2), {0, RequestKind::pause, "ada", "lunch"}));
    begin(store, 3, "api");
    append(store, 3, {an_intent("a-2"), Noted{"other"}});
    auto freeze = run(store.keep_freeze(a_freeze(1)));
    freeze.removed = FreezeRemoval{"eve", "it is up", clock.now()};
    run(store.keep_freeze(freeze));
    run(store.keep_approval(an_approval(2)));
    run(store.keep_freeze(a_freeze(2, "api")));
    write_operation(file, clock);
    state::PruneRule rule;
    rule.keep = 1;
    rule.app = "web";
    state::prune(file, rule, clock.now());
}

state::Imported import_into(
    const std::filesystem::path& file,
    const std::filesystem::path& lines,
    ImportEffect effect = ImportEffect::write
) {
    return state::import_journal(lines, file, effect, WallTime());
}

struct TwoFiles {
    TwoFiles() {
        write_past(folder / "old.db");
        text = exported(folder / "old.db");
        write_text(folder / "lines", text);
    }

    /// An empty one, to import into.
    void make_journal() const {
        StillClock clock;
        SqliteStore({folder / "new.db"}, clock);
    }

    /// What is said of such lines; the journal must be as it was.
    std::string refusal(const std::string& lines) const {
        write_text(folder / "bad", lines);
        const auto before = read_text(folder / "new.db");
        const auto message = message_of([&] { import_into(folder / "new.db", folder / "bad"); });
        CHECK(read_text(folder / "new.db") == before);
        return message;
    }

    TempFolder folder;
    std::string text;
};

/// Somebody who takes lines and does something between two of them.
class SlowReader final : public std::streambuf {
public:
    explicit SlowReader(std::function<void()> meanwhile) : meanwhile_(std::move(meanwhile)) {}

    const std::string& taken() const { return taken_; }

protected:
    std::streamsize xsputn(const char* bytes, std::streamsize count) override {
        meanwhile_();
        taken_.append(bytes, static_cast<std::size_t>(count));
        return count;
    }

    int_type overflow(int_type letter) override {
        taken_ += traits_type::to_char_type(letter);
        return letter;
    }

private:
    std::function<void()> meanwhile_;
    std::string taken_;
};

std::size_t line_with(const Lines& lines, const std::string& part) {
    for (std::size_t at = 0; at < lines.size(); ++at) {
        if (lines[at].find(part) != std::string::npos) {
            return at;
        }
    }
    return lines.size();
}

void replace(std::string& text, const std::string& from, const std::string& to) {
    text.replace(text.find(from), from.size(), to);
}

/// What of a good export is changed, and what is said of the line then.
struct BadLine {
    const char* name;
    const char* part;  ///< of the line that is meant
    const char* from;
    const char* to;
    const char* why;
};

const BadLine bad_lines[] = {
    {"a column that is none",
     R"("table":"causes")",
     R"("at":)",
     R"("at); DROP TABLE events; --":1,"at":)",
     "causes has no column"},
    {"a word that is none", R"("table":"steps")", R"("running")", R"("walking")", "does not fit"},
    {"a value of another type", R"("table":"steps")", R"("scale")", "[]", "holds a value"},
    {"an owner that is no JSON",
     R"("owner_json":"{)",
     R"("owner_json":"{)",
     R"("owner_json":"nonsense)",
     "rollouts.owner_json is no JSON"},
    {"an owner of another shape",
     R"("owner_json":"{)",
     R"(\"pid\":)",
     R"(\"pid\":-)",
     "rollouts.owner_json is JSON of another shape"},
    {"a plan that is no JSON",
     R"("plan_json":"{)",
     R"("plan_json":"{)",
     R"("plan_json":"nonsense)",
     "plans.plan_json is no JSON"},
    {"a cause that is no JSON",
     R"("cause_json":"{)",
     R"("cause_json":"{)",
     R"("cause_json":"nonsense)",
     "causes.cause_json is no JSON"},
    {"a strategy that is none",
     R"("table":"rollouts")",
     R"("canary")",
     R"("coin toss")",
     "rollouts.strategy is a word"},
    {"a kind of object that is none",
     R"("table":"attempts")",
     R"("Deployment")",
     R"("Teapot")",
     "attempts.object_kind is a word"},
    {"a number from which no other one can follow",
     R"("number":2)",
     R"("number":2)",
     R"("number":9223372036854775807)",
     "rollouts.number is 9223372036854775807"},
    {"a version below all",
     R"("table":"rollouts")",
     R"("version":)",
     R"("version":-)",
     "rollouts.version is -"},
    {"a step below all",
     R"("table":"rollouts")",
     R"("step_idx":0)",
     R"("step_idx":-5)",
     "rollouts.step_idx is -5"},
    {"a table that is none",
     R"("table":"causes")",
     R"("table":"causes")",
     R"("table":"sqlite_schema")",
     "no row of a table"},
};

}  // namespace

TEST_CASE("an export taken into an empty journal is exported as the same lines", "[state]") {
    const TwoFiles given;
    const auto imported = import_into(given.folder / "new.db", given.folder / "lines");
    CHECK(imported.rollouts == 2);
    CHECK(imported.events == 11);
    CHECK(imported.first_number == 2);
    CHECK(imported.last_number == 3);
    CHECK(exported(given.folder / "new.db") == given.text);
    CHECK(state::verify_chain(given.folder / "new.db").checked == 12);
    CHECK(state::verify_chain(given.folder / "new.db").faults.empty());
    CHECK(exported(given.folder / "old.db") == given.text);
}

TEST_CASE("a rollout goes on while somebody takes the lines of an export slowly", "[state]") {
    const TwoFiles given;
    const auto file = given.folder / "old.db";
    StillClock clock;
    SqliteStore runner({file, state::Access::read_write, milliseconds(50)}, clock);
    int appended = 0;
    std::string trouble;
    SlowReader reader([&] {
        if (trouble.empty() && appended < 5) {
            trouble = message_of([&] { append(runner, 2, {Noted{"still here"}}); });
            ++appended;
        }
    });
    std::ostream out(&reader);
    state::export_journal(file, "", out);
    CHECK(trouble == "");
    CHECK(appended == 5);
    CHECK(reader.taken() == given.text);
}

TEST_CASE("every table of a journal is carried", "[state]") {
    const TwoFiles given;
    SQLite::Database database((given.folder / "old.db").string());
    SQLite::Statement tables(
        database,
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
        "AND name != 'schema_migrations'"
    );
    int seen = 0;
    while (tables.executeStep()) {
        const auto name = tables.getColumn(0).getString();
        CAPTURE(name);
        CHECK(given.text.find("\"table\":\"" + name + "\"") != std::string::npos);
        ++seen;
    }
    CHECK(seen == std::ssize(state::portable_tables()));
}

TEST_CASE("a rollout in flight goes on in the journal that it was brought to", "[state]") {
    const TwoFiles given;
    import_into(given.folder / "new.db", given.folder / "lines");
    StillClock clock;
    SqliteStore store({given.folder / "new.db"}, clock);
    CHECK(run(store.open_attempts(id_of(2))).size() == 1);
    CHECK(run(store.pending_requests(id_of(2))).size() == 1);
    append(store, 2, {OutcomeRecorded{"a-1", AttemptState::applied, ""}});
    CHECK(run(store.open_attempts(id_of(2))).empty());
    CHECK(state::verify_chain(given.folder / "new.db").faults.empty());
}

TEST_CASE("one app goes into the journal of others, with numbers after theirs", "[state]") {
    const TwoFiles given;
    write_text(given.folder / "web", exported(given.folder / "old.db", "web"));
    StillClock clock;
    SqliteStore store({given.folder / "new.db"}, clock);
    begin(store, 7, "jobs");
    append(store, 7, {an_intent("a-9")});
    run(store.make_request(id_of(7), {0, RequestKind::pause, "ada", ""}));
    const auto imported = import_into(given.folder / "new.db", given.folder / "web");
    CHECK(imported.rollouts == 1);
    CHECK(imported.first_number == 3);
    CHECK(run(store.find("3")).value().id == id_of(2));
    CHECK(run(store.find("3")).value().target.app == "web");
    CHECK_FALSE(run(store.find(id_of(3))));
    CHECK(run(store.open_attempts(id_of(2))).at(0).intent.attempt == "a-1");
    CHECK(run(store.pending_requests(id_of(2))).at(0).reason == "lunch");
    CHECK(run(store.pending_requests(id_of(7))).size() == 1);
    CHECK(state::verify_chain(given.folder / "new.db").checked == 11);
    CHECK(state::verify_chain(given.folder / "new.db").faults.empty());

    const auto again =
        message_of([&] { import_into(given.folder / "new.db", given.folder / "web"); });
    CHECK_THAT(
        again,
        Contains("line 2: the journal has rollouts of web in shop of this cluster already") &&
            Contains("--state") && !Contains("anew")
    );
    CHECK(run(store.list({})).size() == 2);
}

TEST_CASE("lines that were damaged are refused with their place", "[state]") {
    const TwoFiles given;
    given.make_journal();
    auto lines = lines_of(given.text);
    const auto event = line_with(lines, "it's");
    REQUIRE(event < lines.size());
    const auto place = "line " + std::to_string(event + 1) + ": ";
    SECTION("cut off between two lines") {
        lines.pop_back();
        std::string text;
        for (const auto& line : lines) {
            text += line + "\n";
        }
        CHECK_THAT(
            given.refusal(text),
            Contains("line " + std::to_string(lines.size() + 1) + ": is missing") &&
                Contains("cut off")
        );
    }
    SECTION("cut off within a line") {
        const auto half = given.text.size() - 40;
        CHECK_THAT(
            given.refusal(given.text.substr(0, half)),
            Contains("line " + std::to_string(lines.size()) + ": is no JSON")
        );
    }
    SECTION("a body that was changed, under an end that fits") {
        replace(lines[event], "it's", "it is");
        CHECK_THAT(given.refusal(text_of(lines)), Contains(place) && Contains("was changed after"));
    }
    SECTION("an event taken out, under an end that fits") {
        lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(event));
        CHECK_THAT(given.refusal(text_of(lines)), Contains(place) && Contains("is missing"));
    }
    SECTION("a row that no chain covers") {
        const auto step = line_with(lines, "\"table\":\"steps\"");
        replace(lines[step], "scale", "shrink");
        std::string text;
        for (const auto& line : lines) {
            text += line + "\n";
        }
        CHECK_THAT(
            given.refusal(text),
            Contains("line " + std::to_string(lines.size())) && Contains("changed, lost or added")
        );
    }
    SECTION("no JSON") {
        lines[event] = "{";
        CHECK_THAT(given.refusal(text_of(lines)), Contains(place + "is no JSON"));
    }
    SECTION("something behind the end") {
        CHECK_THAT(given.refusal(given.text + "{}\n"), Contains("stands behind the end"));
    }
    SECTION("not an export at all") {
        CHECK_THAT(given.refusal("hello\n"), Contains("line 1: this is no export of a journal"));
        CHECK_THAT(given.refusal(""), Contains("line 1: is missing"));
    }
}

TEST_CASE("lines that a journal cannot hold are refused with their place", "[state]") {
    const TwoFiles given;
    given.make_journal();
    for (const auto& bad : bad_lines) {
        CAPTURE(bad.name);
        auto lines = lines_of(given.text);
        const auto at = line_with(lines, bad.part);
        replace(lines.at(at), bad.from, bad.to);
        const auto message = given.refusal(text_of(lines));
        CHECK_THAT(message, Contains("line " + std::to_string(at + 1) + ": "));
        CHECK_THAT(message, Contains(bad.why));
    }
}

TEST_CASE("a line of another shape, or out of its place, is refused", "[state]") {
    const TwoFiles given;
    given.make_journal();
    auto lines = lines_of(given.text);
    SECTION("a plan that is a list") {
        const auto at = line_with(lines, "\"plan_json\":\"{");
        lines.at(at) =
            R"({"row":{"plan_json":"[]","rollout_id":")" + id_of(2) + R"("},"table":"plans"})";
        CHECK_THAT(given.refusal(text_of(lines)), Contains("plans.plan_json is JSON of another"));
    }
    SECTION("a table in the wrong place") {
        std::swap(lines[1], lines[lines.size() - 4]);
        CHECK_THAT(given.refusal(text_of(lines)), Contains("in the wrong place"));
    }
}

TEST_CASE("what a newer deployctl exported is refused by name", "[state]") {
    const TwoFiles given;
    given.make_journal();
    auto lines = lines_of(given.text);
    SECTION("another format") {
        replace(lines[0], "\"v\":1", "\"v\":2");
        CHECK_THAT(given.refusal(text_of(lines)), Contains("line 1: written by a newer deployctl"));
    }
    SECTION("another schema") {
        replace(lines[0], "\"schema\":6", "\"schema\":9");
        CHECK_THAT(given.refusal(text_of(lines)), Contains("schema 9"));
    }
}

TEST_CASE("a dry run of an import checks all and leaves all as it is", "[state]") {
    const TwoFiles given;
    const auto dry = [&] {
        return import_into(given.folder / "new.db", given.folder / "lines", ImportEffect::show);
    };
    CHECK(dry().rollouts == 2);
    CHECK_FALSE(std::filesystem::exists(given.folder / "new.db"));
    StillClock clock;
    SqliteStore store({given.folder / "new.db"}, clock);
    begin(store, 7, "jobs");
    CHECK(dry().first_number == 3);
    CHECK(run(store.list({})).size() == 1);
    begin(store, 8);
    CHECK_THAT(message_of(dry), Contains("already"));
}

TEST_CASE("an export that is imported twice is said to be there already", "[state]") {
    const TempFolder folder;
    StillClock clock;
    {
        SqliteStore store({folder / "old.db"}, clock);
        run(store.keep_freeze(a_freeze(1)));
    }
    const auto lines = folder / "lines";
    write_text(lines, exported(folder / "old.db"));
    import_into(folder / "new.db", lines);
    const auto told = message_of([&] { import_into(folder / "new.db", lines); });
    CHECK_THAT(told, Contains("`freezes` is there already") && Contains("was imported before"));
    CHECK(told.find("UNIQUE") == std::string::npos);
}

TEST_CASE("an export is its owner's alone, and none is left half written", "[state]") {
    const TwoFiles given;
    const auto copy = given.folder / "copy";
    CHECK(state::export_to_file(given.folder / "old.db", "api", copy).rollouts == 1);

    struct stat found {};

    REQUIRE(::stat(copy.c_str(), &found) == 0);
    CHECK((found.st_mode & 0777U) == 0600);
    CHECK(read_text(copy) == exported(given.folder / "old.db", "api"));
    CHECK(read_text(copy).find("\"app\":\"web\"") == std::string::npos);
    CHECK_THAT(
        message_of([&] { state::export_to_file(given.folder / "old.db", "api", copy); }),
        Contains("File exists")
    );
    CHECK_THAT(
        message_of([&] {
            state::export_to_file(given.folder / "old.db", "nobody", given.folder / "other");
        }),
        Contains("no rollout of the app nobody")
    );
    CHECK_FALSE(std::filesystem::exists(given.folder / "other"));
    CHECK_THAT(
        message_of([&] { exported(given.folder / "none"); }), Contains("there is no journal")
    );
}

TEST_CASE(
    "freezes go along with their app, and get numbers after those that are there", "[state]"
) {
    const TwoFiles given;
    write_text(given.folder / "api", exported(given.folder / "old.db", "api"));
    StillClock clock;
    SqliteStore store({given.folder / "new.db"}, clock);
    run(store.keep_freeze(a_freeze(7, "jobs")));
    import_into(given.folder / "new.db", given.folder / "api");
    auto expected = a_freeze(2, "api");
    expected.number = 3;
    CHECK(run(store.freezes("api")) == std::vector{expected});
    CHECK(run(store.freezes("web")).empty());
    CHECK_THAT(
        message_of([&] { import_into(given.folder / "new.db", given.folder / "api"); }),
        Contains("already")
    );
}
