// SPDX-License-Identifier: Apache-2.0
#include "state/file_system.hpp"

#include "state/failure.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <sstream>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <system_error>
#include <unistd.h>

namespace deployctl::state {

namespace {

namespace fs = std::filesystem;

constexpr off_t ballast_bytes = off_t{4} * 1024 * 1024;
constexpr unsigned long fuse_magic = 0x65735546;

struct NetworkMagic {
    unsigned long magic;
    const char* name;
};

constexpr std::array network_magics{
    NetworkMagic{0x6969, "nfs"},
    NetworkMagic{0x517B, "smb"},
    NetworkMagic{0xFE534D42, "smb2"},
    NetworkMagic{0xFF534D42, "cifs"},
    NetworkMagic{0x01021997, "9p"},
    NetworkMagic{0x00C36400, "ceph"},
    NetworkMagic{0x5346414F, "afs"},
    NetworkMagic{0x73757245, "coda"},
    NetworkMagic{0x0BD00BD0, "lustre"},
    NetworkMagic{0x47504653, "gpfs"},
    NetworkMagic{0x19830326, "beegfs"},
};

// Other FUSE mounts (ntfs, overlays of rootless containers) are local disks.
constexpr std::array<std::string_view, 9> network_mounts{
    "fuse.sshfs",
    "fuse.s3fs",
    "fuse.rclone",
    "fuse.gcsfuse",
    "fuse.goofys",
    "fuse.glusterfs",
    "fuse.ceph",
    "fuse.curlftpfs",
    "fuse.davfs",
};

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}

    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    ~Descriptor() {
        if (number_ >= 0) {
            ::close(number_);
        }
    }

    bool is_open() const { return number_ >= 0; }

    int number() const { return number_; }

private:
    int number_;
};

std::string last_error() {
    return std::generic_category().message(errno);
}

/// So that a name made in it survives a power cut.
void sync_folder(const fs::path& folder) {
    const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (opened.is_open()) {
        ::fsync(opened.number());
    }
}

/// Never over a file that is there. As rename(2), errno says why not.
bool rename_to_new(const fs::path& from, const fs::path& to) {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) {
        return true;
    }
    if (errno != EINVAL) {
        return false;
    }
    // Some file systems cannot promise it.
    if (::access(to.c_str(), F_OK) == 0) {
        errno = EEXIST;
        return false;
    }
    return ::rename(from.c_str(), to.c_str()) == 0;
}

fs::path nearest_existing(fs::path path) {
    std::error_code ignored;
    while (path.has_relative_path() && !fs::exists(path, ignored)) {
        path = path.parent_path();
    }
    return path;
}

void make_folders(const fs::path& folder, const fs::path& file) {
    std::error_code ignored;
    if (fs::is_directory(folder, ignored)) {
        return;
    }
    if (folder.has_relative_path()) {
        make_folders(folder.parent_path(), file);
    }
    if (::mkdir(folder.c_str(), 0700) != 0) {
        const auto reason = errno == EEXIST ? std::string("Not a directory") : last_error();
        if (!fs::is_directory(folder, ignored)) {
            throw not_writable(file, "folder " + folder.string() + ": " + reason);
        }
    }
    sync_folder(folder.parent_path());
}

std::string read_whole(const char* path) {
    std::ifstream stream(path);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

/// Spaces in paths of mountinfo are written "\040".
std::string unescape_mount(std::string_view text) {
    std::string path;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '\\' && at + 3 < text.size()) {
            path += static_cast<char>(
                (text[at + 1] - '0') * 64 + (text[at + 2] - '0') * 8 + (text[at + 3] - '0')
            );
            at += 3;
        } else {
            path += text[at];
        }
    }
    return path;
}

bool is_inside(const fs::path& path, const fs::path& folder) {
    const auto [rest, other] =
        std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
    return rest == folder.end();
}

}  // namespace

std::string mount_type(std::string_view mountinfo, const fs::path& path) {
    std::istringstream lines{std::string(mountinfo)};
    std::string type;
    std::size_t longest = 0;
    for (std::string line; std::getline(lines, line);) {
        std::istringstream fields(line);
        std::string skipped;
        std::string mounted_on;
        fields >> skipped >> skipped >> skipped >> skipped >> mounted_on;
        mounted_on = unescape_mount(mounted_on);
        const auto separator = line.find(" - ");
        if (separator == std::string::npos || mounted_on.size() < longest ||
            !is_inside(path, mounted_on)) {
            continue;
        }
        longest = mounted_on.size();
        const auto begin = separator + 3;
        type = line.substr(begin, line.find(' ', begin) - begin);
    }
    return type;
}

std::optional<std::string> network_file_system(unsigned long magic, std::string_view mount_type) {
    const auto found = std::ranges::find(network_magics, magic, &NetworkMagic::magic);
    if (found != network_magics.end()) {
        return found->name;
    }
    if (magic == fuse_magic &&
        std::ranges::find(network_mounts, mount_type) != network_mounts.end()) {
        return std::string(mount_type);
    }
    return std::nullopt;
}

void refuse_network(const fs::path& file) {
    const auto place = nearest_existing(file);

    struct statfs found {};

    if (::statfs(place.c_str(), &found) != 0) {
        return;  // whatever is wrong with it, opening the file says it
    }
    const auto magic = static_cast<unsigned long>(found.f_type) & 0xFFFFFFFFUL;
    std::string type;
    if (magic == fuse_magic) {
        std::error_code ignored;
        type = mount_type(read_whole("/proc/self/mountinfo"), fs::weakly_canonical(place, ignored));
    }
    if (const auto network = network_file_system(magic, type)) {
        throw on_network(file, *network);
    }
}

void prepare_file(const fs::path& file) {
    refuse_network(file);
    make_folders(file.parent_path(), file);
    // Only a new file is opened here: closing another descriptor of a database drops the locks of
    // this process.
    const Descriptor made(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!made.is_open() && errno != EEXIST) {
        throw not_writable(file, last_error());
    }
    if (made.is_open()) {
        sync_folder(file.parent_path());
    }
}

Draft::Draft(fs::path file) : file_(std::move(file)) {
    std::string name = file_.string() + ".part-XXXXXX";
    const Descriptor made(::mkostemp(name.data(), O_CLOEXEC));
    if (!made.is_open()) {
        throw not_writable(file_, last_error());
    }
    place_ = name;
}

Draft::~Draft() {
    ::unlink(place_.c_str());
}

bool Draft::publish() {
    const Descriptor written(::open(place_.c_str(), O_RDONLY | O_CLOEXEC));
    if (!written.is_open() || ::fsync(written.number()) != 0) {
        throw not_writable(file_, last_error());
    }
    if (!rename_to_new(place_, file_)) {
        if (errno == EEXIST) {
            return false;
        }
        throw not_writable(file_, last_error());
    }
    sync_folder(fs::absolute(file_).parent_path());
    return true;
}

fs::path ballast_of(const fs::path& file) {
    return file.string() + ".ballast";
}

void keep_ballast(const fs::path& file) {
    const auto path = ballast_of(file);
    const Descriptor made(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (made.is_open() && ::posix_fallocate(made.number(), 0, ballast_bytes) != 0) {
        ::unlink(path.c_str());
    }
}

Ballast give_up_ballast(const fs::path& file) {
    return ::unlink(ballast_of(file).c_str()) == 0 ? Ballast::given_up : Ballast::none_left;
}

}  // namespace deployctl::state
