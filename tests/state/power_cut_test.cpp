// SPDX-License-Identifier: Apache-2.0
// The power goes at every single change of the disk, and takes what was not synced in every way
// that a disk may: the journal is whole, and nothing that was acknowledged is missing.
#include "state/sqlite_store.hpp"
#include "tests/state/aftermath.hpp"
#include "tests/state/fixture.hpp"

#include <catch2/catch.hpp>

#include <functional>
#include <set>

using namespace deployctl;
using namespace deployctl::tests;
using Catch::Matchers::Contains;
using state::SqliteStore;

namespace {

#ifdef NDEBUG
constexpr std::size_t stride = 1;
#else
constexpr std::size_t stride = 17;
#endif

/// All that happened to a disk, and what was promised meanwhile.
struct Diary {
    DiskFiles before;
    std::vector<DiskEvent> events;
    std::vector<Promise> promises;
};

/// A store that notes each of its promises.
class Life {
public:
    Life(const RecordingVfs& disk, const std::filesystem::path& file)
        : disk_(disk), store_({file}, clock_) {}

    void begin_rollout(int n) {
        begin(store_, n);
        ++now_.rollouts;
        ++now_.events;
        promise();
    }

    void write(int n, const std::vector<Entry>& entries) {
        append(store_, n, entries);
        now_.events += static_cast<int>(entries.size());
        promise();
    }

    void ask(int n, RequestKind kind) {
        run(store_.make_request(id_of(n), {0, kind, "ada", "lunch"}));
        ++now_.requests;
        promise();
    }

    const std::vector<Promise>& promises() const { return promises_; }

private:
    void promise() {
        now_.at = disk_.events().size();
        promises_.push_back(now_);
    }

    const RecordingVfs& disk_;
    StillClock clock_;
    SqliteStore store_;
    Promise now_;
    std::vector<Promise> promises_{{}};
};

/// The file is made, migrated, and sees a rollout from its begin to its end, and another begun.
void live(Life& life) {
    life.begin_rollout(1);
    life.write(
        1,
        {LeaseTaken{3, {"ada@laptop", "laptop", 42, 4242, "boot-1"}},
         to_state(RolloutState::pending, RolloutState::running)}
    );
    life.write(1, {an_intent("a-1")});
    life.write(1, {OutcomeRecorded{"a-1", AttemptState::applied, ""}});
    life.write(1, {Noted{std::string(9000, 'x')}});
    life.ask(1, RequestKind::pause);
    life.write(1, {RequestTaken{1, RequestKind::pause, "ada", "lunch"}});
    life.write(1, {the_end(RolloutState::running, RolloutState::promoted, ExitCode::done, "")});
    life.begin_rollout(2);
}

Diary diary_of_life(RecordingVfs& disk) {
    const TempFolder folder;
    Diary diary;
    diary.before = fresh_files();
    write_files(folder / "disk", diary.before);
    Life life(disk, folder / "disk/state.db");
    live(life);
    disk.stop();
    diary.events = disk.events();
    diary.promises = life.promises();
    return diary;
}

const Promise& promised_at(const Diary& diary, std::size_t event) {
    const auto* last = &diary.promises.front();
    for (const auto& promise : diary.promises) {
        last = promise.at <= event ? &promise : last;
    }
    return *last;
}

std::size_t fingerprint(const DiskFiles& files, const Promise& promised) {
    std::string text = std::to_string(promised.at);
    for (const auto& [name, bytes] : files) {
        text += "\n" + name + "\n" + bytes;
    }
    return std::hash<std::string>()(text);
}

/// Looks at what each kind of cut leaves, and at no two files that are the same.
class Inspection {
public:
    explicit Inspection(const Diary& diary) : diary_(diary) {}

    /// The first one that says `what`; empty where no cut at any moment does such harm.
    std::string first_fault(const std::string& what = "") {
        CrashDisk disk(diary_.before);
        for (std::size_t event = 0; event <= diary_.events.size(); ++event) {
            if (event > 0) {
                disk.play(diary_.events[event - 1]);
            }
            if (event % stride != 0) {
                continue;
            }
            if (auto fault = fault_at(disk, event, what); !fault.empty()) {
                return fault;
            }
        }
        return "";
    }

    std::size_t looked_at() const { return seen_.size(); }

private:
    std::string fault_at(const CrashDisk& disk, std::size_t event, const std::string& what) {
        const auto& promised = promised_at(diary_, event);
        for (const auto cut : all_power_cuts()) {
            const auto files = disk.after(cut);
            if (!seen_.insert(fingerprint(files, promised)).second) {
                continue;
            }
            write_files(folder_ / "found", files);
            const auto fault = fault_in(folder_ / "found", promised);
            if (!fault.empty() && fault.find(what) != std::string::npos) {
                return "after change " + std::to_string(event) + ", " + to_text(cut) + ": " + fault;
            }
        }
        return "";
    }

    const Diary& diary_;
    TempFolder folder_;
    std::set<std::size_t> seen_;
};

}  // namespace

TEST_CASE("a power cut at any moment costs nothing that was acknowledged: I29", "[state][slow]") {
    RecordingVfs disk;
    const auto diary = diary_of_life(disk);
    REQUIRE(diary.promises.size() == 10);
    REQUIRE(diary.events.size() > 200);
    Inspection inspection(diary);
    CHECK(inspection.first_fault() == "");
    CHECK(inspection.looked_at() > diary.events.size() / stride);
}

TEST_CASE("weaker settings are seen to lose what was acknowledged", "[state]") {
    const auto weak = GENERATE(
        Durability{"WAL", "NORMAL"}, Durability{"TRUNCATE", "NORMAL"}, Durability{"DELETE", "FULL"}
    );
    CAPTURE(weak.journal_mode, weak.synchronous);
    RecordingVfs disk(weak);
    const auto diary = diary_of_life(disk);
    CHECK_THAT(Inspection(diary).first_fault("lost: "), Contains("were acknowledged"));
}

TEST_CASE("a diary played to its end is the disk as it is", "[state]") {
    RecordingVfs disk;
    const TempFolder folder;
    write_files(folder / "disk", fresh_files());
    {
        Life life(disk, folder / "disk/state.db");
        live(life);
    }
    CrashDisk played(fresh_files());
    for (const auto& event : disk.events()) {
        played.play(event);
    }
    CHECK(played.after({Unsynced::kept, Names::all}) == read_files(folder / "disk"));
}
