// SPDX-License-Identifier: Apache-2.0
// A secret is planted in the workload; no file that the journal leaves on the disk has it, nor does
// anything that is made from the journal. Those of the command line: tests/cli/secrets_test.cpp.
#include "documents/json.hpp"
#include "state/journal_export.hpp"
#include "state/maintenance.hpp"
#include "state/sqlite_store.hpp"
#include "tests/engine/stage.hpp"
#include "tests/state/aftermath.hpp"
#include "tests/state/fixture.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::tests;
using state::SqliteStore;

namespace {

const std::string planted = "hunter2";

void plant(Stage& stage) {
    stage.cluster.edit(in_shop(Kind::deployment, "web"), [](Value& web) {
        const std::string container = "/spec/template/spec/containers/0";
        web.set(
            container + "/env",
            Value::list({
                Value::map({{"name", "DATABASE_URL"}, {"value", "postgres://web:hunter2@db"}}),
                Value::map({{"name", "MODE"}, {"value", "hunter2"}}),
            })
        );
        web.set(container + "/args", Value::list({"--password=hunter2"}));
        web.set(container + "/command", Value::list({"serve", "hunter2"}));
        web.set(
            "/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration", "hunter2"
        );
    });
    stage.cluster.settle();
}

engine::RunResult run_rollout(Stage& stage, Store& store, const std::string& tag) {
    const auto ports = stage.ports_to(stage.cluster, store, stage.runners);
    engine::RunOptions options;
    options.initiator = "ada@laptop";
    return run(engine::start(ports, stage.draft(StrategyKind::canary, tag).plan, options));
}

}  // namespace

TEST_CASE("a planted secret is in no file of the journal, no copy and no event", "[state]") {
    const TempFolder folder;
    const auto place = folder / "state";
    Stage stage;
    plant(stage);
    stage.cluster.behave("v5", crashing().saying({"cannot open the database"}));
    SqliteStore store({place / "state.db"}, stage.clock);
    CHECK(run_rollout(stage, store, "v2").exit == ExitCode::done);
    CHECK(run_rollout(stage, store, "v5").exit == ExitCode::rolled_back);
    state::back_up(place / "state.db", place / "copy.db");
    state::export_to_file(place / "state.db", "", place / "export.ndjson");

    const auto files = read_files(place);
    CHECK(files.size() == 5);
    for (const auto& [name, bytes] : files) {
        CAPTURE(name);
        CHECK(bytes.find(planted) == std::string::npos);
    }
    CHECK(files.at("state.db").find("DATABASE_URL") != std::string::npos);
    for (const auto& event : stage.sink.events()) {
        CHECK(documents::write_json(event.data).find(planted) == std::string::npos);
    }
}
