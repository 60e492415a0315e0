// SPDX-License-Identifier: Apache-2.0
#include "plugins/backup/large_file.hpp"

#include "documents/digest.hpp"
#include "documents/sealed_stream.hpp"
#include "plugins/system/descriptor.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <optional>
#include <string_view>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <utility>

namespace deployctl::plugins::backup {

namespace {

constexpr std::size_t part_bytes = 4UL << 20U;
constexpr mode_t for_the_owner_alone = 0600;
constexpr int new_file = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;

std::string because(const std::string& what, const std::string& path) {
    return what + " " + path + ": " + words_for(errno);
}

Descriptor open_to_read(const std::string& path) {
    return Descriptor(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
}

/// Less than was asked for: the file is at its end. Nothing: errno says why.
std::optional<std::string_view> read_part(int file, std::string& room) {
    room.resize(part_bytes);
    std::size_t filled = 0;
    while (filled < room.size()) {
        const auto size = ::read(file, room.data() + filled, room.size() - filled);
        if (size < 0 && errno == EINTR) {
            continue;
        }
        if (size < 0) {
            return std::nullopt;
        }
        if (size == 0) {
            break;
        }
        filled += static_cast<std::size_t>(size);
    }
    return std::string_view(room).substr(0, filled);
}

/// One part after the other, so that the last wait for the disk is a short one: a rollout's lock
/// is renewed between two parts.
bool bring_to_disk(int file, std::int64_t begin, std::size_t size) {
    constexpr unsigned whole =
        SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER;
    return sync_file_range(file, begin, static_cast<std::int64_t>(size), whole) == 0;
}

Task<> let_others() {
    const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
    co_await boost::asio::post(executor, boost::asio::use_awaitable);
}

/// `change` has take(text) and finish(), which give what is to be written.
template <class Change>
Task<std::string> rewrite(std::string from, std::string to, Change* change) {
    const auto in = open_to_read(from);
    if (!in.is_open()) {
        co_return because("cannot read", from);
    }
    const Descriptor out(open(to.c_str(), new_file, for_the_owner_alone));
    if (!out.is_open()) {
        co_return because("cannot make", to);
    }
    std::string room;
    std::int64_t written = 0;
    for (bool is_over = false; !is_over;) {
        const auto part = read_part(in.number(), room);
        if (!part) {
            co_return because("cannot read", from);
        }
        is_over = part->size() < part_bytes;
        auto text = change->take(*part);
        text += is_over ? change->finish() : "";
        if (!write_whole(out.number(), text) ||
            !bring_to_disk(out.number(), written, text.size())) {
            co_return because("cannot write", to);
        }
        written += static_cast<std::int64_t>(text.size());
        co_await let_others();
    }
    co_return fsync(out.number()) == 0 ? "" : because("cannot write", to);
}

}  // namespace

FileFacts look_at(const std::string& path) {
    struct stat facts {};

    if (lstat(path.c_str(), &facts) != 0) {
        return {};
    }
    if (!S_ISREG(facts.st_mode)) {
        return {FileFacts::Kind::other, 0, 0, 0};
    }
    constexpr std::int64_t per_second = 1'000'000'000;
    return {
        FileFacts::Kind::ordinary,
        facts.st_size,
        facts.st_ino,
        facts.st_mtim.tv_sec * per_second + facts.st_mtim.tv_nsec,
    };
}

Task<Digest> digest_of(std::string path) {
    const auto file = open_to_read(path);
    if (!file.is_open()) {
        co_return Digest{"", 0, because("cannot read", path)};
    }
    documents::Sha256 sum;
    std::string room;
    std::int64_t bytes = 0;
    for (bool is_over = false; !is_over;) {
        const auto part = read_part(file.number(), room);
        if (!part) {
            co_return Digest{"", 0, because("cannot read", path)};
        }
        is_over = part->size() < part_bytes;
        sum.add(*part);
        if (!bring_to_disk(file.number(), bytes, part->size())) {
            co_return Digest{"", 0, because("cannot keep", path)};
        }
        bytes += static_cast<std::int64_t>(part->size());
        co_await let_others();
    }
    if (fsync(file.number()) != 0) {
        co_return Digest{"", 0, because("cannot keep", path)};
    }
    co_return Digest{sum.hex(), bytes, ""};
}

Task<std::string> seal_file(
    std::string from, std::string to, std::string certificate, WallTime now
) {
    documents::StreamSealer sealer(certificate, now);
    auto failure = co_await rewrite(from, to, &sealer);
    co_return failure;
}

Task<std::string> open_file(std::string from, std::string to, std::string key) {
    documents::StreamOpener opener(key);
    auto failure = co_await rewrite(from, to, &opener);
    co_return failure;
}

std::string make_file(const std::string& path) {
    const Descriptor file(open(path.c_str(), new_file, for_the_owner_alone));
    return file.is_open() ? "" : because("cannot make", path);
}

std::string make_private(const std::string& path) {
    const auto file = open_to_read(path);
    const bool is_done = file.is_open() && fchmod(file.number(), for_the_owner_alone) == 0;
    return is_done ? "" : because("cannot make private", path);
}

std::string put_in_place(const std::string& from, const std::string& to) {
    return rename(from.c_str(), to.c_str()) == 0 ? "" : because("cannot name", to);
}

std::string read_small_file(const std::string& path, std::size_t most_bytes, std::string& failure) {
    const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file.is_open()) {
        failure = because("cannot read", path);
        return "";
    }
    auto read = read_to_end(file.number(), most_bytes, 0);
    failure =
        read.kind == SourceText::Kind::read ? "" : "cannot read " + path + ": " + read.failure;
    return std::move(read.text);
}

std::string begin_of(const std::string& path) {
    const auto file = open_to_read(path);
    std::string room;
    const auto part = file.is_open() ? read_part(file.number(), room) : std::nullopt;
    return std::string(part.value_or(""));
}

std::string keep_names(const std::string& folder) {
    const Descriptor file(open(folder.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY));
    const bool is_done = file.is_open() && fsync(file.number()) == 0;
    return is_done ? "" : because("cannot keep the names in", folder);
}

std::string write_file(
    const std::string& folder, const std::string& name, const std::string& text
) {
    const auto path = folder + "/" + name;
    const PassingFile unfinished(path + ".new");
    unlink(unfinished.path().c_str());
    const Descriptor file(open(unfinished.path().c_str(), new_file, for_the_owner_alone));
    const bool is_done = file.is_open() && write_whole(file.number(), text) &&
                         fsync(file.number()) == 0 &&
                         rename(unfinished.path().c_str(), path.c_str()) == 0;
    return is_done ? keep_names(folder) : because("cannot write", path);
}

std::string words_of_full_disk(const std::string& folder) {
    constexpr unsigned long few_bytes = 1UL << 20U;

    struct statvfs facts {};

    const bool is_full =
        statvfs(folder.c_str(), &facts) == 0 && facts.f_bavail * facts.f_frsize < few_bytes;
    return is_full ? "; the disk of " + folder + " is full" : "";
}

PassingFile::~PassingFile() {
    unlink(path_.c_str());
}

}  // namespace deployctl::plugins::backup
