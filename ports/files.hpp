// SPDX-License-Identifier: Apache-2.0
// Files that other programs have written, by a path that is relative to the working folder: reports
// that gates judge, scripts that they run, backups. Engine's thread.
#pragma once

#include "model/time.hpp"
#include "ports/task.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace deployctl {

struct FileAnswer {
    enum class Kind { read, missing, too_large, failed } kind{};
    std::string text;
    WallTime modified;    ///< by its own word
    std::string failure;  ///< in words, where it was not read
};

struct FoundFile {
    enum class Kind { found, missing, failed } kind{};
    std::string path;
    std::uint64_t bytes = 0;
    WallTime modified;    ///< by its own word
    std::string failure;  ///< in words, where none was found
};

class Files {
public:
    virtual ~Files() = default;
    /// At once. Of a file with more bytes nothing is read; what is no ordinary file fails.
    virtual FileAnswer read(const std::string& path, std::size_t most_bytes) = 0;
    /// Of the ordinary files whose names match, the one that was modified last; nothing is read of
    /// it. `*` and `?` count in the last part of the path alone. A folder may have many: whatever
    /// else is under way goes on meanwhile.
    virtual Task<FoundFile> newest(std::string pattern) = 0;
};

}  // namespace deployctl
