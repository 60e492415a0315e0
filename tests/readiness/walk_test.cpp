// SPDX-License-Identifier: Apache-2.0
#include "readiness/walk.hpp"

#include "tests/fakes/fake_source_tree.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace deployctl;
using namespace deployctl::readiness;

namespace {

std::string files_of(const Walk& walk) {
    std::string text;
    for (const auto& file : walk.files) {
        text += (text.empty() ? "" : " ") + file.path;
    }
    return text;
}

std::string shown(const std::vector<LeftOut>& left_out) {
    std::string text;
    for (const auto& one : left_out) {
        text += (text.empty() ? "" : "; ") + one.path + ": " + one.why;
    }
    return text;
}

std::string files_without(const tests::FakeSourceTree& tree, std::vector<std::string> exclude) {
    Settings settings;
    settings.exclude = std::move(exclude);
    return files_of(walk(tree, settings));
}

}  // namespace

TEST_CASE("a walk finds all files, by path", "[readiness]") {
    tests::FakeSourceTree tree;
    tree.has("z.yaml", "z").has("k8s/b/c.yaml", "").has("k8s/a.yaml", "").has(".github/w.yml", "");
    const auto found = walk(tree, {});
    CHECK(files_of(found) == ".github/w.yml k8s/a.yaml k8s/b/c.yaml z.yaml");
    CHECK(found.files.back().bytes == 1);
    CHECK(found.skipped.empty());
    CHECK(found.unreadable.empty());
}

TEST_CASE("what others made is skipped by the folder's name, and said", "[readiness]") {
    tests::FakeSourceTree tree;
    tree.has("a/.git/config", "")
        .has("a/node_modules/x/k.yaml", "")
        .has("infra/.terraform/m.tf", "");
    tree.has(".venv/p.py", "")
        .has("vendor/v.yaml", "")
        .has("vendored/v.yaml", "")
        .has("b/vendor", "");
    const auto found = walk(tree, {});
    CHECK(files_of(found) == "b/vendor vendored/v.yaml");
    CHECK(
        shown(found.skipped) ==
        ".venv: packages of others; a/.git: the history of the repository; a/node_modules: "
        "packages of "
        "others; infra/.terraform: what terraform has downloaded; vendor: packages of others"
    );
}

TEST_CASE("links and devices are listed and left alone", "[readiness]") {
    tests::FakeSourceTree tree;
    tree.has("a.yaml", "").has_link("k8s/prod").has_pipe("pipe.yaml");
    const auto found = walk(tree, {});
    CHECK(files_of(found) == "a.yaml");
    CHECK(
        shown(found.skipped) ==
        "k8s/prod: a link, which is not followed; pipe.yaml: no ordinary file"
    );
}

TEST_CASE(
    "a link by the name of a manifest leads to one that is read, or is unread", "[readiness]"
) {
    tests::FakeSourceTree tree;
    tree.has("k8s/web.yaml", "").has("vendor/raw.yaml", "");
    tree.has_link("a/again.yaml", "../k8s/web.yaml")
        .has_link("k8s/raw.yaml", "../vendor/raw.yaml")
        .has_link("k8s/out.yaml", "../../out.yaml")
        .has_link("k8s/passwd.yaml", "/etc/passwd")
        .has_link("k8s/left.yaml", "/etc/passwd")
        .has_link("k8s/unknown.yaml");
    Settings settings;
    settings.exclude = {"left.yaml"};
    const auto found = walk(tree, settings);
    CHECK(files_of(found) == "k8s/web.yaml");
    CHECK(
        shown(found.skipped) ==
        "a/again.yaml: a link, which is not followed; k8s/left.yaml: excluded by the settings; "
        "vendor: packages of others"
    );
    const std::string why = ": a link, which is not followed";
    CHECK(
        shown(found.unreadable) == "k8s/out.yaml" + why + "; k8s/passwd.yaml" + why +
                                       "; k8s/raw.yaml" + why + "; k8s/unknown.yaml" + why
    );
}

TEST_CASE("settings exclude by path, by folder and by name", "[readiness]") {
    tests::FakeSourceTree tree;
    tree.has("k8s/old/a.yaml", "").has("k8s/old/b/c.yaml", "").has("k8s/new.yaml", "");
    tree.has("old/d.yaml", "").has("test_1.yaml", "").has("k8s/test_2.yaml", "");
    CHECK(
        files_without(tree, {"k8s/old"}) == "k8s/new.yaml k8s/test_2.yaml old/d.yaml test_1.yaml"
    );
    CHECK(files_without(tree, {"./k8s/old/"}) == files_without(tree, {"k8s/old"}));
    CHECK(files_without(tree, {"old"}) == "k8s/new.yaml k8s/test_2.yaml test_1.yaml");
    CHECK(
        files_without(tree, {"test_?.yaml", "old/*"}) ==
        "k8s/new.yaml k8s/old/a.yaml k8s/old/b/c.yaml"
    );
    CHECK(files_without(tree, {"*"}).empty());
    CHECK(files_without(tree, {"", "/", "ol", "k8s/ol", "est_?.yaml"}) == files_without(tree, {}));
    Settings settings;
    settings.exclude = {"k8s"};
    CHECK(shown(walk(tree, settings).skipped) == "k8s: excluded by the settings");
}

TEST_CASE("a pattern of many stars takes no longer than others", "[readiness]") {
    std::string stars;
    for (int i = 0; i < 1000; ++i) {
        stars += "*a";
    }
    CHECK_FALSE(is_excluded(std::string(4000, 'a') + "b", {stars + "c"}));
    CHECK(is_excluded(std::string(4000, 'a'), {stars}));
}

TEST_CASE("what cannot be listed is unreadable, and the rest is found", "[readiness]") {
    tests::FakeSourceTree tree;
    tree.has("a.yaml", "").refuses_folder("secret", "Permission denied").has("z/z.yaml", "");
    tree.has("evil\n\x1B[2J.yaml", "").has("k\xFF/a.yaml", "");
    const auto found = walk(tree, {});
    CHECK(files_of(found) == "a.yaml z/z.yaml");
    CHECK(
        shown(found.unreadable) ==
        "evil\\x0A\\x1B[2J.yaml: a name that is no text; k\\xFF: a name that is no text; secret: "
        "Permission denied"
    );
}

TEST_CASE("a root that is not there is unreadable", "[readiness]") {
    tests::FakeSourceTree tree;
    tree.refuses_folder("", "No such file or directory");
    CHECK(shown(walk(tree, {}).unreadable) == ".: No such file or directory");
}

TEST_CASE("folders may be a hundred deep", "[readiness]") {
    tests::FakeSourceTree tree;
    std::string path;
    for (std::size_t depth = 0; depth < WalkLimits::depth; ++depth) {
        path += "d/";
    }
    tree.has(path + "in.yaml", "").has(path + "d/out.yaml", "");
    const auto found = walk(tree, {});
    CHECK(files_of(found) == path + "in.yaml");
    CHECK(shown(found.unreadable) == path + "d: more than 100 folders deep");
}

TEST_CASE("a hundred thousand files are walked and read in bounded time", "[readiness][slow]") {
    tests::FakeSourceTree tree;
    for (int i = 0; i < 100'000; ++i) {
        tree.has("d" + std::to_string(i % 100) + "/f" + std::to_string(i) + ".txt", "x");
    }
    CHECK(walk(tree, {}).files.size() == 100'000);
}
