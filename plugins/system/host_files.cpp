// SPDX-License-Identifier: Apache-2.0
#include "plugins/system/host_files.hpp"

#include "plugins/system/descriptor.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <memory>
#include <optional>
#include <sys/stat.h>
#include <utility>

namespace deployctl::plugins {

namespace {

FileAnswer not_read(FileAnswer::Kind kind, std::string why) {
    return {kind, "", {}, std::move(why)};
}

FileAnswer take(int file, std::size_t most_bytes, const struct stat& facts) {
    auto read = read_to_end(file, most_bytes, static_cast<std::size_t>(facts.st_size));
    switch (read.kind) {
        case SourceText::Kind::too_large:
            return not_read(FileAnswer::Kind::too_large, std::move(read.failure));
        case SourceText::Kind::failed:
            return not_read(FileAnswer::Kind::failed, std::move(read.failure));
        case SourceText::Kind::read: break;
    }
    return {FileAnswer::Kind::read, std::move(read.text), {}, ""};
}

WallTime modified_at(const struct stat& facts) {
    const auto since = std::chrono::seconds(facts.st_mtim.tv_sec) +
                       std::chrono::microseconds(facts.st_mtim.tv_nsec / 1000);
    return WallTime(std::chrono::duration_cast<WallTime::duration>(since));
}

FoundFile not_found(FoundFile::Kind kind, std::string why) {
    return {kind, "", 0, {}, std::move(why)};
}

FoundFile not_found(int error) {
    const bool is_missing = error == ENOENT || error == ENOTDIR;
    return not_found(
        is_missing ? FoundFile::Kind::missing : FoundFile::Kind::failed, words_for(error)
    );
}

/// Nothing where it is no ordinary file, or is gone by now.
std::optional<FoundFile> facts_of(int folder, const char* name, const std::string& path) {
    struct stat facts {};

    if (fstatat(folder, name, &facts, 0) != 0 || !S_ISREG(facts.st_mode)) {
        return std::nullopt;
    }
    return FoundFile{
        FoundFile::Kind::found,
        path,
        static_cast<std::uint64_t>(facts.st_size),
        modified_at(facts),
        "",
    };
}

using Folder = std::unique_ptr<DIR, decltype([](DIR* folder) { closedir(folder); })>;

/// The newest of the names that were taken so far.
struct Search {
    explicit Search(const std::string& pattern)
        : head(pattern.substr(0, pattern.rfind('/') + 1)), name(pattern.substr(head.size())) {}

    void take(int folder, const char* found) {
        if (fnmatch(name.c_str(), found, FNM_PERIOD | FNM_NOESCAPE) != 0) {
            return;
        }
        const auto facts = facts_of(folder, found, head + found);
        const bool is_first = best.kind != FoundFile::Kind::found;
        if (facts && (is_first || facts->modified > best.modified)) {
            best = *facts;
        }
    }

    std::string head;  ///< the folder; empty: the present one
    std::string name;
    FoundFile best = not_found(FoundFile::Kind::missing, "no ordinary file has such a name");
};

}  // namespace

Task<FoundFile> HostFiles::newest(std::string pattern) {
    constexpr int most_entries = 100'000;
    constexpr int entries_at_once = 100;
    const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
    Search search(pattern);
    const Folder folder(opendir(search.head.empty() ? "." : search.head.c_str()));
    if (!folder) {
        co_return not_found(errno);
    }
    for (int entries = 1;; ++entries) {
        if (entries % entries_at_once == 0) {
            co_await boost::asio::post(executor, boost::asio::use_awaitable);
        }
        errno = 0;
        const auto* const entry = readdir(folder.get());
        if (entry == nullptr) {
            break;
        }
        if (entries > most_entries) {
            co_return not_found(FoundFile::Kind::failed, "its folder has more than 100000 entries");
        }
        search.take(dirfd(folder.get()), static_cast<const char*>(entry->d_name));
    }
    co_return errno == 0 ? search.best : not_found(errno);
}

FileAnswer HostFiles::read(const std::string& path, std::size_t most_bytes) {
    // Without O_NONBLOCK the opening of a pipe waits for its other end.
    const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file.is_open()) {
        const bool is_missing = errno == ENOENT || errno == ENOTDIR;
        return not_read(
            is_missing ? FileAnswer::Kind::missing : FileAnswer::Kind::failed, words_for(errno)
        );
    }

    struct stat facts {};

    if (fstat(file.number(), &facts) != 0) {
        return not_read(FileAnswer::Kind::failed, words_for(errno));
    }
    if (!S_ISREG(facts.st_mode)) {
        return not_read(FileAnswer::Kind::failed, "it is no ordinary file");
    }
    auto answer = take(file.number(), most_bytes, facts);
    answer.modified = modified_at(facts);
    return answer;
}

}  // namespace deployctl::plugins
