// SPDX-License-Identifier: Apache-2.0
#include "plugins/system/host_files.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace deployctl::plugins {

namespace {

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}

    ~Descriptor() {
        if (number_ >= 0) {
            close(number_);
        }
    }

    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    int number() const { return number_; }

private:
    int number_;
};

std::string words_for(int error) {
    return std::error_code(error, std::generic_category()).message();
}

FileAnswer not_read(FileAnswer::Kind kind, std::string why) {
    return {kind, "", {}, std::move(why)};
}

/// One byte more than is wanted tells that it goes on: a file may grow while it is read.
FileAnswer take(int file, std::size_t most_bytes) {
    FileAnswer answer;
    std::string chunk(64UL << 10U, '\0');
    for (;;) {
        const auto size = ::read(file, chunk.data(), chunk.size());
        if (size < 0 && errno == EINTR) {
            continue;
        }
        if (size < 0) {
            return not_read(FileAnswer::Kind::failed, words_for(errno));
        }
        if (size == 0) {
            return answer;
        }
        answer.text.append(chunk, 0, static_cast<std::size_t>(size));
        if (answer.text.size() > most_bytes) {
            return not_read(
                FileAnswer::Kind::too_large, "larger than " + std::to_string(most_bytes) + " bytes"
            );
        }
    }
}

WallTime modified_at(const struct stat& facts) {
    const auto since = std::chrono::seconds(facts.st_mtim.tv_sec) +
                       std::chrono::microseconds(facts.st_mtim.tv_nsec / 1000);
    return WallTime(std::chrono::duration_cast<WallTime::duration>(since));
}

}  // namespace

FileAnswer HostFiles::read(const std::string& path, std::size_t most_bytes) {
    // Without O_NONBLOCK the opening of a pipe waits for its other end.
    const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (file.number() < 0) {
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
    auto answer = take(file.number(), most_bytes);
    answer.modified = modified_at(facts);
    return answer;
}

}  // namespace deployctl::plugins
