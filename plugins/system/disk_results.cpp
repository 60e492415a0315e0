// SPDX-License-Identifier: Apache-2.0
#include "plugins/system/disk_results.hpp"

#include "plugins/system/descriptor.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace deployctl::plugins {

namespace {

namespace fs = std::filesystem;

constexpr mode_t for_the_owner_alone = 0600;

bool is_key(std::string_view key) {
    return !key.empty() &&
           key.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyz") == key.npos;
}

/// An ordinary file of this user's own that nobody else may write.
bool is_own(int file, struct stat& facts) {
    return fstat(file, &facts) == 0 && S_ISREG(facts.st_mode) && facts.st_uid == geteuid() &&
           (facts.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

bool make_folder(const std::string& folder) {
    std::error_code error;
    if (fs::is_directory(folder, error)) {
        return true;
    }
    if (!fs::create_directories(folder, error)) {
        return false;
    }
    fs::permissions(folder, fs::perms::owner_all, error);
    return !error;
}

}  // namespace

std::optional<std::string> DiskResults::find(const std::string& key) {
    const auto path = folder_ + "/" + key;
    const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));

    struct stat facts {};

    if (!is_key(key) || !file.is_open() || !is_own(file.number(), facts)) {
        return std::nullopt;
    }
    auto read = read_to_end(
        file.number(), KeptResultsLimits::bytes, static_cast<std::size_t>(facts.st_size)
    );
    if (read.kind != SourceText::Kind::read) {
        return std::nullopt;
    }
    // What is asked for stays; without the right to say so it goes a little sooner.
    futimens(file.number(), nullptr);
    return std::move(read.text);
}

void DiskResults::keep(const std::string& key, const std::string& text) {
    if (!is_key(key) || text.size() > KeptResultsLimits::bytes || !make_folder(folder_)) {
        return;
    }
    // Under its name there is a whole result or none, whoever else writes, and whenever one is
    // killed.
    const auto path = folder_ + "/" + key;
    const auto unfinished = path + "." + std::to_string(getpid());
    constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
    unlink(unfinished.c_str());
    const Descriptor file(open(unfinished.c_str(), flags, for_the_owner_alone));
    if (!file.is_open()) {
        return;
    }
    if (!write_whole(file.number(), text) || rename(unfinished.c_str(), path.c_str()) != 0) {
        unlink(unfinished.c_str());
        return;
    }
    remove_oldest();
}

void DiskResults::remove_oldest() const {
    std::vector<std::pair<fs::file_time_type, fs::path>> results;
    std::error_code error;
    std::uintmax_t bytes = 0;
    for (fs::directory_iterator entry(folder_, error), end; !error && entry != end;
         entry.increment(error)) {
        std::error_code unknown;
        results.emplace_back(fs::last_write_time(entry->path(), unknown), entry->path());
    }
    std::ranges::sort(results, std::ranges::greater());
    for (std::size_t i = 0; i < results.size(); ++i) {
        const auto size = fs::file_size(results[i].second, error);
        bytes += error ? 0 : size;
        if (i >= KeptResultsLimits::results || bytes > KeptResultsLimits::all_bytes) {
            fs::remove(results[i].second, error);
        }
    }
}

}  // namespace deployctl::plugins
