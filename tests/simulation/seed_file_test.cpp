// SPDX-License-Identifier: Apache-2.0
#include "simulation/seed_file.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

using namespace deployctl::simulation;

namespace {

using Seeds = std::vector<KeptSeed>;

const Extras edits{true, false, false, false};

class SeedsOnDisk {
public:
    explicit SeedsOnDisk(const std::string& text) { std::ofstream(path_) << text; }

    SeedsOnDisk(const SeedsOnDisk&) = delete;
    SeedsOnDisk& operator=(const SeedsOnDisk&) = delete;

    ~SeedsOnDisk() { std::filesystem::remove(path_); }

    std::string path() const { return path_.string(); }

private:
    std::filesystem::path path_ = std::filesystem::temp_directory_path() / "a-file-of-seeds.txt";
};

}  // namespace

TEST_CASE("a file of seeds has one a line, and comments", "[simulation]") {
    const SeedsOnDisk file(
        "# which once failed\n19 I8\n\n141\n7 +edits +stale +behind +if-silent +measured +fresh "
        "I5\n"
    );
    const auto read = read_seed_file(file.path());
    CHECK(read.mistake.empty());
    CHECK(read.seeds == Seeds{{19, {}}, {141, {}}, {7, {true, true, true, true, true, true}}});
}

TEST_CASE("a file of seeds that would play nothing is a mistake", "[simulation]") {
    CHECK_THAT(
        read_seed_file("not-there.txt").mistake, Catch::Contains("not-there.txt cannot be read")
    );
    CHECK_THAT(read_seed_file("/").mistake, Catch::Contains("cannot be read"));
    const SeedsOnDisk empty("");
    CHECK_THAT(read_seed_file(empty.path()).mistake, Catch::Contains("names no seed"));
    const SeedsOnDisk comments("# 19\n");
    CHECK_THAT(read_seed_file(comments.path()).mistake, Catch::Contains("names no seed"));
    for (const auto* line : {"seed 19", "19x", "-3", " 19", "19 +edit"}) {
        const SeedsOnDisk file(std::string("7 I1\n") + line + "\n");
        const auto read = read_seed_file(file.path());
        CHECK_THAT(
            read.mistake, Catch::Contains(file.path() + ":2: \"" + line + "\" begins with no seed")
        );
    }
}

TEST_CASE("a seed that fails is kept once, and played by whoever reads the file", "[simulation]") {
    const SeedsOnDisk file("19 I8\n");
    CHECK(keep_seed(file.path(), {19, {}}, "I1").empty());
    CHECK(keep_seed(file.path(), {7, {}}, "I2").empty());
    CHECK(keep_seed(file.path(), {7, {}}, "I2").empty());
    CHECK(keep_seed(file.path(), {7, edits}, "I2").empty());
    CHECK(read_seed_file(file.path()).seeds == Seeds{{19, {}}, {7, {}}, {7, edits}});
    CHECK_THAT(
        keep_seed("/no/such/folder/seeds.txt", {7, {}}, "I2"), Catch::Contains("seed 7 is not kept")
    );
}
