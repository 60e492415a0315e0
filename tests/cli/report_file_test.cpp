// SPDX-License-Identifier: Apache-2.0
#include "cli/report_file.hpp"

#include "model/error.hpp"
#include "tests/cli/shell.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <sys/stat.h>

using namespace deployctl;
using tests::Folder;

namespace {

namespace fs = std::filesystem;

unsigned mode_of(const std::string& path) {
    struct stat facts {};

    REQUIRE(stat(path.c_str(), &facts) == 0);
    return facts.st_mode & 0777U;
}

std::size_t files_in(const std::string& folder) {
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(folder)) {
        count += entry.exists() || entry.is_symlink() ? 1 : 0;
    }
    return count;
}

}  // namespace

TEST_CASE("a report is its owner's alone, also where a file was open to all", "[cli]") {
    Folder folder;
    const auto fresh = folder.path("fresh.json");
    cli::write_report_file(fresh, "one");
    CHECK(folder.read("fresh.json") == "one");
    CHECK(mode_of(fresh) == 0600);
    const auto old = folder.write("old.json", "a longer text of before");
    fs::permissions(old, fs::perms(0666));
    cli::write_report_file(old, "two");
    CHECK(folder.read("old.json") == "two");
    CHECK(mode_of(old) == 0600);
    CHECK(files_in(folder.path("")) == 2);
}

TEST_CASE("a report goes through no link, and what it leads to stays", "[cli]") {
    Folder folder;
    const auto target = folder.write("target", "mine");
    for (const auto& name : {std::string("to-a-file"), std::string("to-nothing")}) {
        const auto link = folder.path(name);
        fs::create_symlink(name == "to-a-file" ? target : folder.path("nothing"), link);
        CHECK_THROWS_AS(cli::write_report_file(link, "report"), Error);
        CHECK(fs::is_symlink(link));
    }
    CHECK(folder.read("target") == "mine");
    CHECK_FALSE(fs::exists(folder.path("nothing")));
}

TEST_CASE("what is no ordinary file is not replaced by a report", "[cli]") {
    Folder folder;
    CHECK_THROWS_AS(cli::write_report_file(folder.path(""), "report"), Error);
    const auto pipe = folder.path("pipe");
    REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
    CHECK_THROWS_AS(cli::write_report_file(pipe, "report"), Error);
    CHECK(fs::is_fifo(pipe));
    CHECK_THROWS_AS(cli::write_report_file("/dev/null", "report"), Error);
    CHECK(fs::is_character_file("/dev/null"));
    CHECK_THROWS_AS(cli::write_report_file(folder.path("no/such/folder"), "report"), Error);
}

TEST_CASE("whoever reads the report of before has all of it", "[cli]") {
    Folder folder;
    const auto path = folder.write("report", "before");
    fs::create_hard_link(path, folder.path("of-before"));
    cli::write_report_file(path, "now");
    CHECK(folder.read("of-before") == "before");
    CHECK(folder.read("report") == "now");
}

TEST_CASE("assess writes its report so", "[cli]") {
    Folder folder;
    folder.write("k8s/web.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n");
    const auto mine = folder.write("mine", "mine");
    fs::create_symlink(mine, folder.path("link"));
    tests::Shell shell;
    const auto assess = "assess " + folder.path("k8s") + " -o json --out ";
    CHECK(shell.run(assess + folder.path("link")).exit == 2);
    CHECK(folder.read("mine") == "mine");
    CHECK(shell.run(assess + folder.path("report")).exit != 2);
    CHECK(mode_of(folder.path("report")) == 0600);
}
