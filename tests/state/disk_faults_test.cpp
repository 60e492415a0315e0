// SPDX-License-Identifier: Apache-2.0
// Each call of SQLite to the disk fails once, or from then on: what was acknowledged stays, what
// fails is said as an Error, and once the disk works again the same store writes on.
#include "state/sqlite_store.hpp"
#include "tests/state/aftermath.hpp"
#include "tests/state/fixture.hpp"

#include <catch2/catch.hpp>

#include <functional>
#include <memory>

using namespace deployctl;
using namespace deployctl::tests;
using state::SqliteStore;

namespace {

#ifdef NDEBUG
constexpr int stride = 1;
#else
constexpr int stride = 7;
#endif

using Lasts = DiskFault::Lasts;

/// What each call may say. BUSY is a lock's word: of a sync SQLite takes it for no failure at all,
/// and no disk says it.
const std::vector<std::pair<DiskCall, std::vector<int>>> faults_of_disks{
    {DiskCall::open, {SQLITE_CANTOPEN, SQLITE_FULL, SQLITE_NOMEM}},
    {DiskCall::write, {SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_IOERR_NOMEM}},
    {DiskCall::truncate, {SQLITE_FULL, SQLITE_IOERR_TRUNCATE, SQLITE_IOERR_NOMEM}},
    {DiskCall::sync, {SQLITE_FULL, SQLITE_IOERR_FSYNC, SQLITE_IOERR_NOMEM}},
    {DiskCall::lock, {SQLITE_BUSY, SQLITE_IOERR_LOCK, SQLITE_IOERR_NOMEM}},
};

/// A journal with a rollout, and no real ballast, closed.
DiskFiles prepared_files() {
    const TempFolder folder;
    write_files(folder / "disk", fresh_files());
    StillClock clock;
    {
        SqliteStore store({folder / "disk/state.db"}, clock);
        begin(store, 1);
    }
    return read_files(folder / "disk");
}

/// Opens a store, writes and asks, and keeps count of what was answered with success.
class Attempts {
public:
    explicit Attempts(std::filesystem::path file) : file_(std::move(file)) {}

    void make() {
        for (int n = 1; n <= 3; ++n) {
            promised_.events += is_done([&](Store& store) {
                append(store, 1, {Noted{std::to_string(n) + std::string(3000, 'x')}});
            });
        }
        promised_.requests += is_done([](Store& store) {
            run(store.make_request(id_of(1), {0, RequestKind::pause, "ada", ""}));
        });
        promised_.rollouts += is_done([](Store& store) { begin(store, 2, "api"); });
    }

    bool last_one() {
        return is_done([](Store& store) { append(store, 1, {Noted{"the disk works again"}}); }) ==
               1;
    }

    Promise promised() const {
        return {
            0, 1 + promised_.rollouts, 1 + promised_.events + promised_.rollouts, promised_.requests
        };
    }

private:
    /// 1 or 0. The only thing that a store may throw is an Error; all others end the test.
    int is_done(const std::function<void(Store&)>& call) {
        return message_of([&] {
                   if (!store_) {
                       const state::SqliteOptions options{
                           file_, state::Access::read_write, milliseconds(1)
                       };
                       store_ = std::make_unique<SqliteStore>(options, clock_);
                   }
                   call(*store_);
               }).empty()
                   ? 1
                   : 0;
    }

    std::filesystem::path file_;
    StillClock clock_;
    std::unique_ptr<SqliteStore> store_;
    Promise promised_;
};

/// False where the fault was not met: there are fewer such calls.
bool survives(const DiskFiles& prepared, const TempFolder& folder, DiskFault fault) {
    CAPTURE(static_cast<int>(fault.call), fault.number, fault.code, fault.lasts == Lasts::for_ever);
    write_files(folder / "disk", prepared);
    RecordingVfs disk;
    disk.stop();
    disk.fail(fault);
    Attempts attempts(folder / "disk/state.db");
    attempts.make();
    const bool has_struck = disk.has_struck();
    disk.fail_no_more();
    REQUIRE(fault_in(folder / "disk", attempts.promised()) == "");
    REQUIRE(attempts.last_one());
    return has_struck;
}

}  // namespace

TEST_CASE("no fault of the disk loses what was acknowledged", "[state][slow]") {
    const auto prepared = prepared_files();
    const TempFolder folder;
    int struck = 0;
    for (const auto& [call, codes] : faults_of_disks) {
        for (const int code : codes) {
            for (const auto lasts : {Lasts::once, Lasts::for_ever}) {
                int number = 1;
                while (survives(prepared, folder, {call, number, code, lasts})) {
                    number += stride;
                }
                REQUIRE(number > 1);
                struck += number / stride;
            }
        }
    }
    CHECK(struck > 1000 / stride);
}
