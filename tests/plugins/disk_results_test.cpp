// SPDX-License-Identifier: Apache-2.0
#include "plugins/system/disk_results.hpp"

#include "tests/fakes/fake_results.hpp"
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

void check_like_any_results(KeptResults& kept) {
    CHECK_FALSE(kept.find("a1"));
    kept.keep("a1", std::string("one\0two", 7));
    kept.keep("b2", "");
    CHECK(kept.find("a1") == std::string("one\0two", 7));
    CHECK(kept.find("b2") == "");
    kept.keep("a1", "changed");
    CHECK(kept.find("a1") == "changed");
}

mode_t mode_of(const std::string& path) {
    struct stat facts {};

    REQUIRE(stat(path.c_str(), &facts) == 0);
    return facts.st_mode & 0777;
}

std::ptrdiff_t count_files(const std::string& folder) {
    return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
}

}  // namespace

TEST_CASE("results on the disk are found like those in memory", "[plugins]") {
    const tests::ScratchFolder folder;
    DiskResults disk(folder.path() + "/new/folder");
    check_like_any_results(disk);
    tests::FakeResults fake;
    check_like_any_results(fake);
}

TEST_CASE("results are the user's alone", "[plugins]") {
    const tests::ScratchFolder scratch;
    const auto folder = scratch.path() + "/cache";
    const auto before = umask(0);
    DiskResults(folder).keep("a1", "secret");
    umask(before);
    CHECK(mode_of(folder) == 0700);
    CHECK(mode_of(folder + "/a1") == 0600);
    CHECK(count_files(folder) == 1);
}

TEST_CASE("a result that others may write, or that is a link, is none", "[plugins]") {
    const tests::ScratchFolder scratch;
    DiskResults kept(scratch.path());
    kept.keep("a1", "x");
    fs::permissions(scratch.path() + "/a1", fs::perms(0622));
    CHECK_FALSE(kept.find("a1"));
    kept.keep("b2", "x");
    fs::create_symlink("b2", scratch.path() + "/c3");
    CHECK_FALSE(kept.find("c3"));
    REQUIRE(mkfifo((scratch.path() + "/d4").c_str(), 0600) == 0);
    CHECK_FALSE(kept.find("d4"));
    CHECK_FALSE(kept.find("../" + fs::path(scratch.path()).filename().string() + "/b2"));
    CHECK_FALSE(kept.find(""));
}

TEST_CASE("few results are kept, and those that were asked for last", "[plugins]") {
    const tests::ScratchFolder scratch;
    DiskResults kept(scratch.path());
    const auto most = KeptResultsLimits::results;
    for (std::size_t i = 0; i < most; ++i) {
        const auto key = "k" + std::to_string(i);
        kept.keep(key, "x");
        const auto age = 100h - std::chrono::hours(i);
        fs::last_write_time(scratch.path() + "/" + key, fs::file_time_type::clock::now() - age);
    }
    CHECK(kept.find("k0"));
    kept.keep("another", "x");
    CHECK(count_files(scratch.path()) == static_cast<std::ptrdiff_t>(most));
    CHECK(kept.find("k0"));
    CHECK_FALSE(kept.find("k1"));
    CHECK(kept.find("k2"));
    CHECK(kept.find("another"));
}

TEST_CASE("large results leave room for few", "[plugins]") {
    const tests::ScratchFolder scratch;
    DiskResults kept(scratch.path());
    const auto fitting = KeptResultsLimits::all_bytes / KeptResultsLimits::bytes;
    for (std::size_t i = 0; i < fitting; ++i) {
        const auto path = scratch.path() + "/k" + std::to_string(i);
        std::ofstream(path) << "x";
        fs::resize_file(path, KeptResultsLimits::bytes);  // holes take no room on the disk
        const auto age = 100h - std::chrono::hours(i);
        fs::last_write_time(path, fs::file_time_type::clock::now() - age);
    }
    kept.keep("another", "x");
    CHECK(count_files(scratch.path()) == static_cast<std::ptrdiff_t>(fitting));
    CHECK_FALSE(fs::exists(scratch.path() + "/k0"));
    CHECK(kept.find("another"));
}

TEST_CASE("what cannot be kept is not kept, and nothing else happens", "[plugins]") {
    const tests::ScratchFolder scratch;
    std::ofstream(scratch.path() + "/file") << "x";
    DiskResults nowhere(scratch.path() + "/file/folder");
    nowhere.keep("a1", "x");
    CHECK_FALSE(nowhere.find("a1"));
    DiskResults kept(scratch.path());
    kept.keep("a1", std::string(KeptResultsLimits::bytes + 1, 'x'));
    kept.keep("../a1", "x");
    CHECK(count_files(scratch.path()) == 1);
}
