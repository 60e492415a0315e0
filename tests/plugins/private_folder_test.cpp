// SPDX-License-Identifier: Apache-2.0
#include "plugins/kubectl/private_folder.hpp"

#include "tests/plugins/scratch_folder.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace deployctl::plugins::kubectl;

namespace {

namespace fs = std::filesystem;

/// By a process that is gone without having removed it.
std::string left_behind() {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const auto child = ::fork();
    if (child == 0) {
        const auto folder = make_private_folder();
        const auto written = ::write(ends[1], folder.data(), folder.size());
        ::_exit(written > 0 ? 0 : 1);
    }
    ::close(ends[1]);
    char path[4096] = {};
    CHECK(::read(ends[0], path, sizeof path - 1) > 0);
    ::close(ends[0]);
    ::waitpid(child, nullptr, 0);
    return path;
}

}  // namespace

TEST_CASE("the folder of a process that was killed is removed by the next one", "[plugins]") {
    const fs::path parent = "/tmp/sweeping-" + std::to_string(::getpid());
    fs::create_directories(parent);
    ::setenv("TMPDIR", parent.c_str(), 1);
    const auto dead = left_behind();
    CHECK(fs::exists(dead));
    const auto foreign = parent / "deployctl-abcdef";  // nobody knows whose
    fs::create_directories(foreign);
    fs::permissions(foreign, fs::perms::owner_all);
    const auto mine = make_private_folder();
    CHECK_FALSE(fs::exists(dead));
    CHECK(fs::exists(foreign));
    SECTION("one whose process is alive stays") {
        CHECK(fs::exists(make_private_folder()));
        CHECK(fs::exists(mine));
    }
    SECTION("one that others may enter stays: the note may be theirs") {
        const auto open = left_behind();
        fs::permissions(open, fs::perms::owner_all | fs::perms::group_all);
        CHECK(fs::exists(make_private_folder()));
        CHECK(fs::exists(open));
    }
    SECTION("one that was renamed, and a link to one, stay") {
        const auto named = left_behind();
        fs::rename(named, parent / "deployctl-kept-by-hand");
        fs::create_directory_symlink(
            parent / "deployctl-kept-by-hand", parent / "deployctl-linked"
        );
        CHECK(fs::exists(make_private_folder()));
        CHECK(fs::exists(parent / "deployctl-kept-by-hand" / "owner"));
    }
    ::unsetenv("TMPDIR");
    fs::remove_all(parent);
}
