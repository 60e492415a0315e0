// SPDX-License-Identifier: Apache-2.0
#include "plugins/system/host_files.hpp"

#include "simcluster/run.hpp"
#include "tests/plugins/scratch_folder.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>

#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
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

    FoundFile newest(const std::string& pattern) {
        return simcluster::run(files.newest(path(pattern)));
    }

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
    CHECK(simcluster::run(HostFiles().newest("")).kind == FoundFile::Kind::missing);
}

TEST_CASE("whatever else is under way goes on while a large folder is listed", "[plugins]") {
    constexpr int many = 2000;
    Backups backups;
    for (int n = 0; n < many; ++n) {
        std::ofstream(backups.path(std::to_string(n) + ".dump")) << "x";
    }
    boost::asio::io_context loop;
    FoundFile found;
    bool is_listed = false;
    int turns = 0;
    std::function<void()> take_turn = [&] {
        if (!is_listed) {
            ++turns;
            boost::asio::post(loop, take_turn);
        }
    };
    boost::asio::co_spawn(
        loop,
        backups.files.newest(backups.path("*.dump")),
        [&](std::exception_ptr, FoundFile answer) {
            found = std::move(answer);
            is_listed = true;
        }
    );
    boost::asio::post(loop, take_turn);
    loop.run();
    CHECK(found.kind == FoundFile::Kind::found);
    CHECK(turns >= many / 200);
}
