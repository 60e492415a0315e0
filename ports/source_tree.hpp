// SPDX-License-Identifier: Apache-2.0
// A tree of files that somebody else wrote and that is only read: a repository. Paths begin at its
// root, have "/" between their parts, and lead through no link. Any number of threads at once;
// what cannot be read is said in words, and nothing is thrown.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace deployctl {

struct FolderEntry {
    enum class Kind {
        file,
        folder,
        link,
        other,  ///< a pipe, a socket, a device
    } kind{};
    std::string name;
    std::uint64_t bytes = 0;  ///< of a file
    std::string target;       ///< of a link, as it is written; empty where it is not known
};

struct FolderAnswer {
    std::vector<FolderEntry> entries;  ///< in no order
    std::string failure;               ///< in words; empty: they are all there
};

struct SourceText {
    enum class Kind { read, too_large, failed } kind{};
    std::string text;
    std::string failure;  ///< in words, where it was not read
};

class SourceTree {
public:
    virtual ~SourceTree() = default;
    /// Of a folder; "" is the root.
    virtual FolderAnswer list(const std::string& folder) const = 0;
    /// Of a file with more bytes nothing is read.
    virtual SourceText read(const std::string& path, std::size_t most_bytes) const = 0;
};

}  // namespace deployctl
