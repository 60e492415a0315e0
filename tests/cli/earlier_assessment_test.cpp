// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/shell.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <string>

using namespace deployctl;
using namespace deployctl::tests;
using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

const std::string service = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n";

/// A repository and a cache beside it.
class Twice {
public:
    Twice() {
        folder.write("k8s/web.yaml", service);
        shell.environment["XDG_CACHE_HOME"] = folder.path("cache");
    }

    tests::Answer assess(const std::string& rest = "") {
        return shell.run("assess " + folder.path("k8s") + " -o json " + rest);
    }

    /// How many answers there are, all made old.
    std::size_t count_kept() {
        std::size_t count = 0;
        std::error_code none;
        for (const auto& file :
             fs::directory_iterator(folder.path("cache/deployctl/assess"), none)) {
            fs::last_write_time(file.path(), fs::file_time_type::clock::now() - 100h);
            ++count;
        }
        return count;
    }

    /// Of the kept answers, some was asked for since they were made old.
    bool was_found() {
        bool any = false;
        for (const auto& file : fs::directory_iterator(folder.path("cache/deployctl/assess"))) {
            any = any || fs::last_write_time(file.path()) > fs::file_time_type::clock::now() - 1h;
        }
        return any;
    }

    Folder folder;
    Shell shell;
};

}  // namespace

TEST_CASE("the same is answered again, in the same words", "[cli]") {
    Twice twice;
    const auto first = twice.assess();
    CAPTURE(first.out, first.err);
    REQUIRE(twice.count_kept() == 1);
    const auto second = twice.assess();
    CHECK(twice.was_found());
    CHECK(second.out == first.out);
    CHECK(second.exit == first.exit);
}

TEST_CASE("what has changed is assessed anew, whatever its time and size", "[cli]") {
    Twice twice;
    const auto path = twice.folder.path("k8s/web.yaml");
    const auto first = twice.assess();
    const auto time = fs::last_write_time(path);
    auto changed = service;
    changed.replace(changed.find("web"), 3, "bew");
    twice.folder.write("k8s/web.yaml", changed);
    fs::last_write_time(path, time);
    CHECK(twice.count_kept() == 1);
    CHECK(twice.assess().out != first.out);
    CHECK(twice.count_kept() == 2);
}

TEST_CASE("other options are another question", "[cli]") {
    Twice twice;
    twice.assess();
    CHECK(twice.count_kept() == 1);
    twice.assess("--min 1");
    CHECK(twice.count_kept() == 2);
    twice.assess("--category storage");
    CHECK(twice.count_kept() == 3);
    twice.assess("-e production");
    CHECK(twice.count_kept() == 4);
    twice.shell.parts.time.advance(24h);
    twice.assess();
    CHECK(twice.count_kept() == 5);
}

TEST_CASE("a spoiled answer is made again", "[cli]") {
    Twice twice;
    const auto first = twice.assess();
    REQUIRE(twice.count_kept() == 1);
    for (const auto& file : fs::directory_iterator(twice.folder.path("cache/deployctl/assess"))) {
        std::ofstream(file.path(), std::ios::app) << "100";
    }
    CHECK(twice.assess().out == first.out);
    CHECK(twice.count_kept() == 1);
}
