// SPDX-License-Identifier: Apache-2.0
// A rollout that an older program began is brought to its end by this one; what a newer one wrote
// is left alone.
#include "state/maintenance.hpp"
#include "state/migrations.hpp"
#include "state/sqlite_store.hpp"
#include "tests/state/aftermath.hpp"
#include "tests/state/fixture.hpp"
#include "tests/state/frozen.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <catch2/catch.hpp>

#include <cstdlib>

using namespace deployctl;
using namespace deployctl::tests;
using Catch::Matchers::Contains;
using state::SqliteStore;

namespace {

int newest_schema() {
    return static_cast<int>(state::all_migrations().size());
}

int schema_of(const std::filesystem::path& file) {
    return SQLite::Database(file.string()).execAndGet("PRAGMA user_version").getInt();
}

}  // namespace

TEST_CASE("every schema has a frozen rollout", "[state]") {
    if (std::getenv("DEPLOYCTL_ACCEPT") != nullptr && !is_frozen(newest_schema())) {
        keep_frozen(newest_schema(), freeze_rollout());
        FAIL("frozen: look at it, then run again without DEPLOYCTL_ACCEPT");
    }
    for (int schema = 1; schema <= newest_schema(); ++schema) {
        INFO("DEPLOYCTL_ACCEPT=1 freezes one of the newest schema");
        CHECK(is_frozen(schema));
    }
}

TEST_CASE("a rollout begun under any older schema is resumed to its end: I35", "[state]") {
    for (int schema = 1; schema <= newest_schema(); ++schema) {
        CAPTURE(schema);
        const TempFolder folder;
        const auto file = folder / "state.db";
        const auto frozen = read_frozen(schema);
        Stage stage;
        thaw_cluster(frozen, stage);
        thaw_journal(frozen, file);
        REQUIRE(schema_of(file) == schema);

        SqliteStore store({file}, stage.clock);
        const auto rollout = run(store.list({})).at(0);
        REQUIRE(rollout.state == RolloutState::running);
        REQUIRE(run(store.open_attempts(rollout.id)).size() == 1);
        const auto ports = stage.ports_to(stage.cluster, store, stage.runners);
        engine::RunOptions options;
        options.lock = engine::LockPolicy::wait;
        const auto result = run(engine::resume(ports, rollout, options));
        CHECK(result.exit == ExitCode::done);
        CHECK(stage.end_state() == "registry/shop/web:v2 x4, candidate x0, app=web");
        CHECK(schema_of(file) == newest_schema());
        CHECK(run(store.open_attempts(rollout.id)).empty());
        const auto chain = state::verify_chain(file, 1'000'000);
        CHECK(chain.checked > 30);
        CHECK(chain.faults.empty());
    }
}

TEST_CASE("what a newer program wrote is refused, and not one file is touched", "[state]") {
    const TempFolder folder;
    const auto newer = std::to_string(newest_schema() + 1);
    std::filesystem::create_directory(folder / "journal");
    thaw_journal(read_frozen(newest_schema()), folder / "journal/state.db");
    SQLite::Database((folder / "journal/state.db").string(), SQLite::OPEN_READWRITE)
        .exec("PRAGMA user_version = " + newer);
    const auto before = read_files(folder / "journal");
    StillClock clock;
    for (const auto access : {state::Access::read_write, state::Access::read_only}) {
        CHECK_THAT(
            message_of([&] { SqliteStore({folder / "journal/state.db", access}, clock); }),
            Contains("newer deployctl: needs schema " + newer)
        );
    }
    CHECK(read_files(folder / "journal") == before);
}
