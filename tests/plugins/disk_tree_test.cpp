// SPDX-License-Identifier: Apache-2.0
#include "plugins/system/disk_tree.hpp"

#include "tests/fakes/fake_source_tree.hpp"
#include "tests/plugins/scratch_folder.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

using namespace deployctl;
using namespace deployctl::plugins;

namespace {

namespace fs = std::filesystem;

struct Repository {
    void write(const std::string& path, const std::string& text) const {
        const auto whole = fs::path(folder.path()) / path;
        fs::create_directories(whole.parent_path());
        std::ofstream(whole) << text;
    }

    tests::ScratchFolder folder;
};

char letter(FolderEntry::Kind kind) {
    switch (kind) {
        case FolderEntry::Kind::file: return 'f';
        case FolderEntry::Kind::folder: return 'd';
        case FolderEntry::Kind::link: return 'l';
        case FolderEntry::Kind::other: break;
    }
    return 'o';
}

/// "a.yaml:f4 charts:d", then why not.
std::string listed(const SourceTree& tree, const std::string& folder) {
    auto answer = tree.list(folder);
    std::ranges::sort(answer.entries, {}, &FolderEntry::name);
    std::string text;
    for (const auto& entry : answer.entries) {
        const bool is_file = entry.kind == FolderEntry::Kind::file;
        text += (text.empty() ? "" : " ") + entry.name + ":" + letter(entry.kind) +
                (is_file ? std::to_string(entry.bytes) : "");
    }
    return text + answer.failure;
}

void check_like_any_tree(const SourceTree& tree) {
    CHECK(listed(tree, "") == "a.yaml:f4 k8s:d");
    CHECK(listed(tree, "k8s") == "b.yaml:f6 deep:d");
    CHECK(listed(tree, "no") == "No such file or directory");
    CHECK(tree.read("a.yaml", 100).text == "a: 1");
    CHECK(tree.read("k8s/b.yaml", 6).text == "b: 1\n\n");
    CHECK(tree.read("k8s/b.yaml", 6).kind == SourceText::Kind::read);
    CHECK(tree.read("k8s/b.yaml", 5).kind == SourceText::Kind::too_large);
    CHECK(tree.read("k8s/b.yaml", 5).text.empty());
    CHECK(tree.read("k8s/no.yaml", 5).failure == "No such file or directory");
    CHECK(tree.read("k8s/no.yaml", 5).kind == SourceText::Kind::failed);
}

}  // namespace

TEST_CASE("a tree on the disk is read like one in memory", "[plugins]") {
    const Repository repository;
    repository.write("a.yaml", "a: 1");
    repository.write("k8s/b.yaml", "b: 1\n\n");
    repository.write("k8s/deep/c.yaml", "");
    check_like_any_tree(DiskTree(repository.folder.path()));
    check_like_any_tree(DiskTree(repository.folder.path() + "/"));
    tests::FakeSourceTree fake;
    fake.has("a.yaml", "a: 1").has("k8s/b.yaml", "b: 1\n\n").has("k8s/deep/c.yaml", "");
    check_like_any_tree(fake);
}

TEST_CASE("links, pipes and folders are no files to read", "[plugins]") {
    const Repository repository;
    const auto root = repository.folder.path();
    repository.write("a.yaml", "a: 1");
    fs::create_directory(root + "/k8s");
    fs::create_symlink("a.yaml", root + "/link.yaml");
    fs::create_directory_symlink("/", root + "/everything");
    fs::create_directory_symlink(".", root + "/again");
    REQUIRE(mkfifo((root + "/pipe.yaml").c_str(), 0600) == 0);
    const DiskTree tree(root);
    CHECK(listed(tree, "") == "a.yaml:f4 again:l everything:l k8s:d link.yaml:l pipe.yaml:o");
    CHECK(tree.read("link.yaml", 100).failure == "a link, which is not followed");
    CHECK(tree.read("pipe.yaml", 100).failure == "it is no ordinary file");
    CHECK(tree.read("k8s", 100).failure == "it is no ordinary file");
    CHECK(tree.list("again").entries.empty());
    CHECK_FALSE(tree.list("everything").failure.empty());
    auto entries = tree.list("").entries;
    std::ranges::sort(entries, {}, &FolderEntry::name);
    CHECK(entries.at(0).target.empty());
    CHECK(entries.at(2).target == "/");
    CHECK(entries.at(4).target == "a.yaml");
}

TEST_CASE("no link on the way is followed, as if a folder had been swapped for it", "[plugins]") {
    const Repository repository;
    const auto root = repository.folder.path();
    repository.write("k8s/deep/a.yaml", "a: 1");
    repository.write("out/k8s/deep/a.yaml", "secret");
    const DiskTree tree(root);
    CHECK(tree.read("k8s/deep/a.yaml", 100).text == "a: 1");
    fs::remove_all(root + "/k8s");
    fs::create_directory_symlink(root + "/out/k8s", root + "/k8s");
    CHECK(tree.read("k8s/deep/a.yaml", 100).text.empty());
    CHECK(tree.read("k8s/deep/a.yaml", 100).kind == SourceText::Kind::failed);
    CHECK(tree.list("k8s/deep").entries.empty());
    CHECK_FALSE(tree.list("k8s/deep").failure.empty());
    CHECK(DiskTree(root + "/out/k8s").read("../../out/k8s/deep/a.yaml", 100).text.empty());
}

TEST_CASE("a root may be one file, or a link to a folder, and may be missing", "[plugins]") {
    const Repository repository;
    const auto root = repository.folder.path();
    repository.write("k8s/a.yaml", "a: 1");
    repository.write("k8s/b.yaml", "b: 1");
    fs::create_directory_symlink("k8s", root + "/link");
    const DiskTree file(root + "/k8s/a.yaml");
    CHECK(listed(file, "") == "a.yaml:f4");
    CHECK(file.read("a.yaml", 100).text == "a: 1");
    CHECK(listed(DiskTree(root + "/link"), "") == "a.yaml:f4 b.yaml:f4");
    CHECK(listed(DiskTree(root + "/no"), "") == "No such file or directory");
    CHECK(DiskTree(root + "/no").read("a.yaml", 100).kind == SourceText::Kind::failed);
}

TEST_CASE("a file that grew since it was seen is read to its limit", "[plugins]") {
    const Repository repository;
    repository.write("large.yaml", std::string(100'000, 'x'));
    const DiskTree tree(repository.folder.path());
    CHECK(tree.read("large.yaml", 100'000).text == std::string(100'000, 'x'));
    CHECK(tree.read("large.yaml", 99'999).kind == SourceText::Kind::too_large);
    // The kernel's own files have no size.
    CHECK(DiskTree("/proc/self").read("status", 1U << 20U).text.find("VmRSS") != std::string::npos);
    CHECK(DiskTree("/proc/self").read("status", 10).kind == SourceText::Kind::too_large);
}
