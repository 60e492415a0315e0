// SPDX-License-Identifier: Apache-2.0
// The power goes while a rollout writes its journal: whoever comes next finds what the disk has
// kept, and brings the rollout to the end of an undisturbed one.
#include "state/sqlite_store.hpp"
#include "tests/engine/stage.hpp"
#include "tests/state/aftermath.hpp"
#include "tests/state/fixture.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::tests;
using state::SqliteStore;

namespace {

#ifdef NDEBUG
constexpr int stride = 3;
#else
constexpr int stride = 29;
#endif

constexpr auto promoted = "registry/shop/web:v2 x4, candidate x0, app=web";

engine::RunOptions options() {
    engine::RunOptions chosen;
    chosen.initiator = "ada@laptop";
    chosen.lock = engine::LockPolicy::wait;
    return chosen;
}

engine::Ports ports_of(Stage& stage, Store& store) {
    return stage.ports_to(stage.cluster, store, stage.runners);
}

/// What the disk did while the last call of the store was under way.
struct LastCall {
    std::vector<DiskEvent> events;  ///< and all before it
    std::size_t begin = 0;
};

/// Runs until the journal is written for the `write`-th time; nothing where the rollout has ended
/// before.
std::optional<LastCall> run_until(Stage& stage, const std::filesystem::path& folder, int write) {
    RecordingVfs disk;
    SqliteStore store({folder / "state.db"}, stage.clock);
    LastCall last;
    FaultPlan faults;
    faults.at_write(write, Fault::crash_after);
    faults.before_write(write, [&] { last.begin = disk.events().size(); });
    FaultyStore until_then(store, faults);
    const auto plan = stage.draft(StrategyKind::canary, "v2").plan;
    try {
        run(engine::start(ports_of(stage, until_then), plan, options()));
        return std::nullopt;
    } catch (const SimulatedCrash&) {
        stage.replace_runner();
    }
    last.events = disk.events();
    return last;
}

/// Some moment of the call and some kind of cut; over all calls each of them comes up.
DiskFiles left_by(const LastCall& last, int write) {
    const auto span = last.events.size() - last.begin + 1;
    const auto end = last.begin + static_cast<std::size_t>(write) * 7919 % span;
    CrashDisk disk(fresh_files());
    for (std::size_t event = 0; event < end; ++event) {
        disk.play(last.events[event]);
    }
    const auto cuts = all_power_cuts();
    return disk.after(cuts[static_cast<std::size_t>(write / stride) % cuts.size()]);
}

}  // namespace

TEST_CASE("after a power cut in any write of the journal the rollout goes on", "[state][slow]") {
    int cuts = 0;
    for (int write = 2;; write += stride) {
        CAPTURE(write);
        const TempFolder folder;
        Stage stage;
        write_files(folder / "disk", fresh_files());
        const auto last = run_until(stage, folder / "disk", write);
        if (!last) {
            break;
        }
        REQUIRE(last->begin < last->events.size());
        write_files(folder / "found", left_by(*last, write));
        RecordingVfs unsynced;
        SqliteStore found({folder / "found/state.db"}, stage.clock);
        const auto rollout = run(found.list({})).at(0);
        const auto result = run(engine::resume(ports_of(stage, found), rollout, options()));
        REQUIRE(result.exit == ExitCode::done);
        REQUIRE(stage.end_state() == promoted);
        REQUIRE(fault_in(folder / "found", {}) == "");
        ++cuts;
    }
    CHECK(cuts * stride > 30);
}
