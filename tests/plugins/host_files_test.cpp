// SPDX-License-Identifier: Apache-2.0
#include "plugins/system/host_files.hpp"

#include "tests/plugins/scratch_folder.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

using namespace deployctl;
using namespace deployctl::plugins;
using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

struct Backups {
    std::string path(const std::string& name) const { return folder.path() + "/" + name; }

    void write(const std::string& name, const std::string& text, std::chrono::hours ago) const {
        std::ofstream(path(name)) << text;
        fs::last_write_time(path(name), fs::file_time_type::clock::now() - ago);
    }

    FoundFile newest(const std::string& pattern) { return files.newest(path(pattern)); }

    tests::ScratchFolder folder;
    HostFiles files;
};

}  // namespace

TEST_CASE("the newest file of a pattern is found with its size and time", "[plugins]") {
    Backups backups;
    backups.write("b.dump", "four", 2h);
    backups.write("a.dump", "older", 5h);
    backups.write("z.txt", "another", 0h);
    backups.write(".c.dump", "hidden, half written", 0h);
    const auto found = backups.newest("*.dump");
    CHECK(found.kind == FoundFile::Kind::found);
    CHECK(found.path == backups.path("b.dump"));
    CHECK(found.bytes == 4);
    const auto age = std::chrono::system_clock::now() - found.modified;
    CHECK(age > 2h - 1min);
    CHECK(age < 2h + 1min);
    CHECK(backups.newest("?.dump").path == backups.path("b.dump"));
    CHECK(backups.newest("a.dump").path == backups.path("a.dump"));
}

TEST_CASE("folders, pipes and links to nothing are no backups", "[plugins]") {
    Backups backups;
    fs::create_directory(backups.path("folder.dump"));
    REQUIRE(mkfifo(backups.path("pipe.dump").c_str(), 0600) == 0);
    fs::create_symlink("nowhere", backups.path("dangling.dump"));
    const auto none = backups.newest("*.dump");
    CHECK(none.kind == FoundFile::Kind::missing);
    CHECK(none.failure == "no ordinary file has such a name");
    backups.write("real", "x", 1h);
    fs::create_symlink("real", backups.path("link.dump"));
    CHECK(backups.newest("*.dump").path == backups.path("link.dump"));
}

TEST_CASE("a folder that is not there, or is none, says why", "[plugins]") {
    Backups backups;
    CHECK(backups.newest("no/*.dump").kind == FoundFile::Kind::missing);
    CHECK(backups.newest("no/*.dump").failure == "No such file or directory");
    backups.write("file", "x", 0h);
    CHECK(backups.newest("file/*.dump").kind == FoundFile::Kind::missing);
    CHECK(HostFiles().newest("").kind == FoundFile::Kind::missing);
}
