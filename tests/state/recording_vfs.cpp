// SPDX-License-Identifier: Apache-2.0
#include "tests/state/recording_vfs.hpp"

#include <filesystem>
#include <stdexcept>
#include <utility>

namespace deployctl::tests {

namespace {

/// The one that lives; SQLite's hook for new connections has no argument of its own.
RecordingVfs* living = nullptr;

/// What SQLite has in its hands; the file of the real VFS lies behind it in the same memory.
struct Shim {
    sqlite3_file base;
    RecordingVfs* disk;
    const char* path;  ///< SQLite keeps it until the file is closed; null: a temporary file
};

Shim& shim(sqlite3_file* file) {
    return *reinterpret_cast<Shim*>(file);
}

sqlite3_file* inner(sqlite3_file* file) {
    return reinterpret_cast<sqlite3_file*>(&shim(file) + 1);
}

const sqlite3_io_methods& real(sqlite3_file* file) {
    return *inner(file)->pMethods;
}

std::string name_of(const char* path) {
    return std::filesystem::path(path).filename();
}

void record(sqlite3_file* file, DiskEvent::Kind kind, std::int64_t offset, std::string bytes) {
    if (shim(file).path != nullptr) {
        shim(file).disk->record({kind, name_of(shim(file).path), offset, std::move(bytes)});
    }
}

int close_file(sqlite3_file* file) {
    return real(file).xClose(inner(file));
}

int read_file(sqlite3_file* file, void* bytes, int count, sqlite3_int64 offset) {
    return real(file).xRead(inner(file), bytes, count, offset);
}

int write_file(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
    if (const int code = shim(file).disk->strike(DiskCall::write)) {
        return code;
    }
    const int code = real(file).xWrite(inner(file), bytes, count, offset);
    if (code == SQLITE_OK) {
        const auto size = static_cast<std::size_t>(count);
        record(
            file, DiskEvent::Kind::write, offset, std::string(static_cast<const char*>(bytes), size)
        );
    }
    return code;
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    if (const int code = shim(file).disk->strike(DiskCall::truncate)) {
        return code;
    }
    const int code = real(file).xTruncate(inner(file), size);
    if (code == SQLITE_OK) {
        record(file, DiskEvent::Kind::truncate, size, "");
    }
    return code;
}

int sync_file(sqlite3_file* file, int) {
    if (const int code = shim(file).disk->strike(DiskCall::sync)) {
        return code;
    }
    record(file, DiskEvent::Kind::sync, 0, "");
    return SQLITE_OK;
}

int size_of_file(sqlite3_file* file, sqlite3_int64* size) {
    return real(file).xFileSize(inner(file), size);
}

int lock_file(sqlite3_file* file, int level) {
    if (const int code = shim(file).disk->strike(DiskCall::lock)) {
        return code;
    }
    return real(file).xLock(inner(file), level);
}

int unlock_file(sqlite3_file* file, int level) {
    return real(file).xUnlock(inner(file), level);
}

int is_reserved(sqlite3_file* file, int* answer) {
    return real(file).xCheckReservedLock(inner(file), answer);
}

int control_file(sqlite3_file* file, int operation, void* argument) {
    if (operation == SQLITE_FCNTL_PRAGMA) {
        auto** words = static_cast<char**>(argument);  // the answer, the name, the value
        if (const auto answer = shim(file).disk->answer_to_pragma(words[1])) {
            words[0] = answer->empty() ? nullptr : sqlite3_mprintf("%s", answer->c_str());
            return SQLITE_OK;
        }
    }
    return real(file).xFileControl(inner(file), operation, argument);
}

int sector_size(sqlite3_file* file) {
    return real(file).xSectorSize(inner(file));
}

int characteristics(sqlite3_file* file) {
    return real(file).xDeviceCharacteristics(inner(file));
}

int map_shared(sqlite3_file* file, int page, int size, int extend, volatile void** memory) {
    return real(file).xShmMap(inner(file), page, size, extend, memory);
}

int lock_shared(sqlite3_file* file, int offset, int count, int flags) {
    return real(file).xShmLock(inner(file), offset, count, flags);
}

void fence_shared(sqlite3_file* file) {
    real(file).xShmBarrier(inner(file));
}

int unmap_shared(sqlite3_file* file, int remove) {
    return real(file).xShmUnmap(inner(file), remove);
}

// Version 2: with the shared memory of WAL, and without mapping the file itself.
constexpr sqlite3_io_methods methods{
    2,
    close_file,
    read_file,
    write_file,
    truncate_file,
    sync_file,
    size_of_file,
    lock_file,
    unlock_file,
    is_reserved,
    control_file,
    sector_size,
    characteristics,
    map_shared,
    lock_shared,
    fence_shared,
    unmap_shared,
    nullptr,
    nullptr,
};

RecordingVfs& disk_of(sqlite3_vfs* vfs) {
    return *static_cast<RecordingVfs*>(vfs->pAppData);
}

int open_file(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* given) {
    auto& disk = disk_of(vfs);
    file->pMethods = nullptr;
    if (const int code = disk.strike(DiskCall::open)) {
        return code;
    }
    constexpr int lasting = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL;
    const bool is_kept = path != nullptr && (flags & lasting) != 0;
    const bool was_there = is_kept && std::filesystem::exists(path);
    shim(file).disk = &disk;
    shim(file).path = is_kept ? path : nullptr;
    const int code = disk.inner()->xOpen(disk.inner(), path, inner(file), flags, given);
    if (inner(file)->pMethods != nullptr) {
        file->pMethods = &methods;
    }
    if (code == SQLITE_OK && !was_there) {
        record(file, DiskEvent::Kind::create, 0, "");
    }
    return code;
}

int remove_file(sqlite3_vfs* vfs, const char* path, int with_folder) {
    auto& disk = disk_of(vfs);
    if (const int code = disk.strike(DiskCall::remove)) {
        return code;
    }
    const int code = disk.inner()->xDelete(disk.inner(), path, 0);
    if (code == SQLITE_OK) {
        using Kind = DiskEvent::Kind;
        disk.record({with_folder != 0 ? Kind::remove_and_sync_folder : Kind::remove, name_of(path)}
        );
    }
    return code;
}

int on_connection(sqlite3* database, const char**, const sqlite3_api_routines*) {
    living->choose(database);
    return SQLITE_OK;
}

// SQLite takes a function of another type, and calls it as what it is.
void (*hook())() {
    return reinterpret_cast<void (*)()>(on_connection);
}

}  // namespace

RecordingVfs::RecordingVfs(std::optional<Durability> instead)
    : inner_(sqlite3_vfs_find(nullptr)), mine_(*inner_), instead_(std::move(instead)) {
    if (living != nullptr) {
        throw std::logic_error("one recording disk at a time");
    }
    living = this;
    mine_.zName = "recording";
    mine_.pAppData = this;
    mine_.szOsFile = static_cast<int>(sizeof(Shim)) + inner_->szOsFile;
    mine_.xOpen = open_file;
    mine_.xDelete = remove_file;
    sqlite3_vfs_register(&mine_, 1);
    if (instead_) {
        sqlite3_auto_extension(hook());
    }
}

RecordingVfs::~RecordingVfs() {
    sqlite3_cancel_auto_extension(hook());
    sqlite3_vfs_unregister(&mine_);
    sqlite3_vfs_register(inner_, 1);
    living = nullptr;
}

void RecordingVfs::fail(DiskFault fault) {
    fault_ = fault;
    calls_ = 0;
    struck_ = false;
}

int RecordingVfs::strike(DiskCall call) {
    if (!fault_ || fault_->call != call) {
        return SQLITE_OK;
    }
    ++calls_;
    const bool is_meant = calls_ == fault_->number ||
                          (calls_ > fault_->number && fault_->lasts == DiskFault::Lasts::for_ever);
    struck_ = struck_ || is_meant;
    return is_meant ? fault_->code : SQLITE_OK;
}

void RecordingVfs::record(DiskEvent event) {
    if (is_recording_) {
        events_.push_back(std::move(event));
    }
}

std::optional<std::string> RecordingVfs::answer_to_pragma(const std::string& name) const {
    if (!instead_ || is_choosing_) {
        return std::nullopt;
    }
    if (name == "journal_mode") {
        return "truncate";
    }
    return name == "synchronous" ? std::optional<std::string>("") : std::nullopt;
}

void RecordingVfs::choose(sqlite3* database) {
    const auto wanted = "PRAGMA journal_mode = " + instead_->journal_mode +
                        "; PRAGMA synchronous = " + instead_->synchronous;
    is_choosing_ = true;
    // A connection that may only read cannot choose, and need not.
    sqlite3_exec(database, wanted.c_str(), nullptr, nullptr, nullptr);
    is_choosing_ = false;
}

}  // namespace deployctl::tests
