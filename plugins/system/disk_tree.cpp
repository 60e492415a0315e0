// SPDX-License-Identifier: Apache-2.0
#include "plugins/system/disk_tree.hpp"

#include <climits>

#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <memory>
#include <optional>
#include <string_view>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

namespace deployctl::plugins {

namespace {

constexpr int folder_flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
constexpr std::size_t most_entries = 500'000;

using Folder = std::unique_ptr<DIR, decltype([](DIR* folder) { closedir(folder); })>;

/// The file's name where the root is a file and no folder.
std::string name_of_file(const std::string& root) {
    struct stat facts {};

    const bool is_file = stat(root.c_str(), &facts) == 0 && !S_ISDIR(facts.st_mode);
    return is_file ? root.substr(root.rfind('/') + 1) : std::string();
}

std::string folder_of(const std::string& root, const std::string& file) {
    const auto folder = root.substr(0, root.size() - file.size());
    return folder.empty() ? "." : folder;
}

FolderEntry::Kind kind_of(mode_t mode) {
    if (S_ISREG(mode)) {
        return FolderEntry::Kind::file;
    }
    if (S_ISDIR(mode)) {
        return FolderEntry::Kind::folder;
    }
    return S_ISLNK(mode) ? FolderEntry::Kind::link : FolderEntry::Kind::other;
}

/// Empty where it cannot be read, or is longer than paths are.
std::string target_of(int folder, const std::string& name) {
    std::string target(PATH_MAX, '\0');
    const auto length = readlinkat(folder, name.c_str(), target.data(), target.size());
    target.resize(length < 0 ? 0 : static_cast<std::size_t>(length));
    return target.size() == PATH_MAX ? std::string() : target;
}

/// Folder by folder, so that none on the way is a link, whoever swaps it meanwhile.
int open_part_by_part(int root, std::string_view path, int flags) {
    std::optional<Descriptor> folder(fcntl(root, F_DUPFD_CLOEXEC, 0));
    while (folder->is_open()) {
        const auto slash = path.find('/');
        const std::string part(path.substr(0, slash));
        if (part.compare("..") == 0) {
            errno = EXDEV;
            return -1;
        }
        const bool is_last = slash == path.npos;
        const int number =
            openat(folder->number(), part.c_str(), (is_last ? flags : folder_flags) | O_NOFOLLOW);
        if (is_last || number < 0) {
            return number;
        }
        path.remove_prefix(slash + 1);
        folder.emplace(number);
    }
    return -1;
}

/// Below the root and through no link. Kernels before 5.6 and some sandboxes have no openat2.
int open_below(int root, const std::string& path, int flags) {
    open_how how{};
    how.flags = static_cast<std::uint64_t>(flags | O_NOFOLLOW);
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
    const auto number = syscall(SYS_openat2, root, path.c_str(), &how, sizeof how);
    const bool is_missing = number < 0 && (errno == ENOSYS || errno == EPERM || errno == EAGAIN);
    return is_missing ? open_part_by_part(root, path, flags) : static_cast<int>(number);
}

/// False where it is gone by now.
bool look_at(int folder, FolderEntry& entry) {
    struct stat facts {};

    if (fstatat(folder, entry.name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) != 0) {
        return errno != ENOENT;
    }
    entry.kind = kind_of(facts.st_mode);
    entry.bytes = static_cast<std::uint64_t>(facts.st_size);
    if (entry.kind == FolderEntry::Kind::link) {
        entry.target = target_of(folder, entry.name);
    }
    return true;
}

FolderAnswer entries_of(DIR* folder) {
    FolderAnswer answer;
    for (;;) {
        errno = 0;
        const auto* const found = readdir(folder);
        if (found == nullptr) {
            answer.failure = errno == 0 ? "" : words_for(errno);
            return answer;
        }
        const std::string_view name = static_cast<const char*>(found->d_name);
        if (name == std::string_view(".") || name == std::string_view("..")) {
            continue;
        }
        if (answer.entries.size() == most_entries) {
            answer.failure = "more than " + std::to_string(most_entries) + " entries";
            return answer;
        }
        FolderEntry entry;
        entry.kind = FolderEntry::Kind::folder;
        entry.name = name;
        if (found->d_type == DT_DIR || look_at(dirfd(folder), entry)) {
            answer.entries.push_back(std::move(entry));
        }
    }
}

}  // namespace

DiskTree::DiskTree(const std::string& root)
    : only_(name_of_file(root)),
      root_(open(folder_of(root, only_).c_str(), folder_flags)),
      failure_(root_.is_open() ? "" : words_for(errno)) {}

FolderAnswer DiskTree::list(const std::string& folder) const {
    if (!root_.is_open()) {
        return {{}, failure_};
    }
    if (!only_.empty()) {
        FolderEntry entry;
        entry.name = only_;
        const bool is_there = look_at(root_.number(), entry);
        return is_there ? FolderAnswer{{entry}, ""} : FolderAnswer{{}, words_for(ENOENT)};
    }
    const int number = open_below(root_.number(), folder.empty() ? "." : folder, folder_flags);
    const Folder opened(number < 0 ? nullptr : fdopendir(number));
    return opened ? entries_of(opened.get()) : FolderAnswer{{}, words_for(errno)};
}

SourceText DiskTree::read(const std::string& path, std::size_t most_bytes) const {
    const auto failed = [](std::string why) {
        return SourceText{SourceText::Kind::failed, "", std::move(why)};
    };
    // Without O_NONBLOCK the opening of a pipe waits for its other end.
    constexpr int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
    const Descriptor file(open_below(root_.number(), path, flags));
    if (!file.is_open()) {
        return failed(errno == ELOOP ? "a link, which is not followed" : words_for(errno));
    }

    struct stat facts {};

    if (fstat(file.number(), &facts) != 0) {
        return failed(words_for(errno));
    }
    if (!S_ISREG(facts.st_mode)) {
        return failed("it is no ordinary file");
    }
    const auto bytes = static_cast<std::size_t>(facts.st_size);
    if (bytes > most_bytes) {
        const auto limit = std::to_string(most_bytes);
        return {SourceText::Kind::too_large, "", "larger than " + limit + " bytes"};
    }
    return read_to_end(file.number(), most_bytes, bytes);
}

}  // namespace deployctl::plugins
