// SPDX-License-Identifier: Apache-2.0
// A disk for SQLite that keeps a diary: every change of every file, with its bytes, in order, and
// every sync, so that tests/state/crash_disk.hpp can say what a power cut would have left. It can
// fail any call, too. While one lives it is the default VFS of SQLite; one at a time, one thread.
// What reaches the real disk is never synced: that makes no difference to anybody but a power cut.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace deployctl::tests {

struct DiskEvent {
    enum class Kind { create, write, truncate, sync, remove, remove_and_sync_folder } kind{};
    std::string file;         ///< without its folder
    std::int64_t offset = 0;  ///< of a write; the new size of a truncate
    std::string bytes = {};
};

enum class DiskCall { open, write, truncate, sync, lock, remove };

/// The `number`-th such call from now on fails with this result code, or each from it on.
struct DiskFault {
    DiskCall call{};
    int number = 1;
    int code = SQLITE_IOERR;
    enum class Lasts { once, for_ever } lasts = Lasts::once;
};

/// Put in the place of those that deployctl asks for, whatever it asks.
struct Durability {
    std::string journal_mode;  ///< "WAL"
    std::string synchronous;   ///< "NORMAL"
};

class RecordingVfs {
public:
    explicit RecordingVfs(std::optional<Durability> instead = std::nullopt);
    ~RecordingVfs();
    RecordingVfs(const RecordingVfs&) = delete;
    RecordingVfs& operator=(const RecordingVfs&) = delete;

    const std::vector<DiskEvent>& events() const { return events_; }

    /// From now on nothing is written into the diary.
    void stop() { is_recording_ = false; }

    void fail(DiskFault fault);

    void fail_no_more() { fault_.reset(); }

    /// Whether the fault was met at all.
    bool has_struck() const { return struck_; }

    /// Of the kind that was to fail, since then.
    int calls() const { return calls_; }

    // -- for the calls of SQLite --
    int strike(DiskCall call);
    void record(DiskEvent event);

    sqlite3_vfs* inner() const { return inner_; }

    /// What a pragma is answered, where its setting is not deployctl's to choose.
    std::optional<std::string> answer_to_pragma(const std::string& name) const;
    void choose(sqlite3* database);

private:
    sqlite3_vfs* inner_;
    sqlite3_vfs mine_;
    std::optional<Durability> instead_;
    std::vector<DiskEvent> events_;
    std::optional<DiskFault> fault_;
    int calls_ = 0;
    bool is_recording_ = true;
    bool is_choosing_ = false;
    bool struck_ = false;
};

}  // namespace deployctl::tests
