// SPDX-License-Identifier: Apache-2.0
// Files that may be larger than memory, read and written in parts: whatever else is under way goes
// on between two of them, and what was written is on the disk at the end. What fails is a text that
// says why; a key that does not fit throws. Engine's thread.
#pragma once

#include "model/time.hpp"
#include "ports/task.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace deployctl::plugins::backup {

/// What tells whether a file has been changed meanwhile.
struct FileFacts {
    enum class Kind { ordinary, missing, other } kind = Kind::missing;
    std::int64_t bytes = 0;
    std::uint64_t number = 0;  ///< the file system's
    std::int64_t modified = 0;

    friend bool operator==(const FileFacts&, const FileFacts&) = default;
};

/// Of the file itself; a link is `other`.
FileFacts look_at(const std::string& path);

struct Digest {
    std::string sha256;
    std::int64_t bytes = 0;
    std::string failure;  ///< empty: the others hold
};

/// Also brings it to the disk, whoever wrote it.
Task<Digest> digest_of(std::string path);
/// Empty: done. `to` must not be there, and is for the owner alone.
Task<std::string> seal_file(
    std::string from, std::string to, std::string certificate, WallTime now
);
/// Throws Error{usage} where the key does not fit, or the file is damaged.
Task<std::string> open_file(std::string from, std::string to, std::string key);

/// Makes an empty file that is for the owner alone; empty: done.
std::string make_file(const std::string& path);
/// For the owner alone, whatever it was; empty: done.
std::string make_private(const std::string& path);
/// Takes the place of what is there; empty: done.
std::string put_in_place(const std::string& from, const std::string& to);
/// Its text; `failure` says why there is none.
std::string read_small_file(const std::string& path, std::size_t most_bytes, std::string& failure);
/// Enough of it to tell what it is; empty where it cannot be read.
std::string begin_of(const std::string& path);
/// The names in a folder are on the disk; empty: done.
std::string keep_names(const std::string& folder);
/// A whole text under this name, or what was there before; for the owner alone. Empty: done.
std::string write_file(const std::string& folder, const std::string& name, const std::string& text);
/// ", and the disk is full": where it is.
std::string words_of_full_disk(const std::string& folder);

/// A file that goes with this object.
class PassingFile {
public:
    explicit PassingFile(std::string path) : path_(std::move(path)) {}

    ~PassingFile();
    PassingFile(const PassingFile&) = delete;
    PassingFile& operator=(const PassingFile&) = delete;

    const std::string& path() const { return path_; }

private:
    std::string path_;
};

}  // namespace deployctl::plugins::backup
