// SPDX-License-Identifier: Apache-2.0
// Files that other programs have written, by a path that is relative to the working folder: reports
// that gates judge, scripts that they run. Read at once; engine's thread.
#pragma once

#include "model/time.hpp"

#include <optional>
#include <string>

namespace deployctl {

struct FileAnswer {
    enum class Kind { read, missing, too_large, failed } kind{};
    std::string text;
    WallTime modified;    ///< by its own word
    std::string failure;  ///< in words, where it was not read
};

class Files {
public:
    virtual ~Files() = default;
    /// Of a file with more bytes nothing is read; what is no ordinary file fails.
    virtual FileAnswer read(const std::string& path, std::size_t most_bytes) = 0;
};

}  // namespace deployctl
