// SPDX-License-Identifier: Apache-2.0
#include "readiness/reading.hpp"

#include "readiness/recognition.hpp"
#include "readiness/side_by_side.hpp"
#include "tests/fakes/fake_source_tree.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <string>

using namespace deployctl;
using namespace deployctl::readiness;

namespace {

LoadedFiles load_all(const SourceTree& tree) {
    return load(tree, walk(tree, {}));
}

std::string digest_of(const SourceTree& tree) {
    return load_all(tree).digest;
}

const std::string deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n";

tests::FakeSourceTree shop() {
    tests::FakeSourceTree tree;
    tree.has("k8s/web.yaml", deployment)
        .has("main.cpp", "int main() {}")
        .has("logo.png", "\x89PNG");
    return tree;
}

}  // namespace

TEST_CASE("work side by side is done once each, and all of it", "[readiness]") {
    for (const std::size_t count : {0U, 1U, 3U, 17U, 1000U}) {
        std::vector<int> done(count);
        std::atomic<std::size_t> calls = 0;
        side_by_side(count, [&](std::size_t number) {
            ++done[number];
            ++calls;
        });
        CHECK(calls == count);
        CHECK(std::count(done.begin(), done.end(), 1) == static_cast<std::ptrdiff_t>(count));
    }
}

TEST_CASE("every file of the walk comes back, in its order", "[readiness]") {
    tests::FakeSourceTree tree;
    for (int i = 0; i < 500; ++i) {
        tree.has("k8s/" + std::to_string(i) + ".yaml", "kind: A" + std::to_string(i) + "\n");
    }
    const auto walked = walk(tree, {});
    const auto files = recognise(load(tree, walked));
    REQUIRE(files.size() == 500);
    for (std::size_t i = 0; i < files.size(); ++i) {
        REQUIRE(files[i].path == walked.files[i].path);
    }
}

TEST_CASE("what nobody asks about is not read, and is there", "[readiness]") {
    const auto loaded = load_all(shop());
    REQUIRE(loaded.files.size() == 3);
    CHECK(loaded.files[0].text == deployment);
    CHECK(loaded.files[1].path == "logo.png");
    CHECK_FALSE(loaded.files[1].is_asked);
    CHECK(loaded.files[2].path == "main.cpp");
    CHECK(loaded.files[2].text.empty());
    const auto files = recognise(load_all(shop()));
    CHECK(files[2].kind == unrecognised);
    CHECK(files[2].trouble.what.empty());
}

TEST_CASE("a file that cannot be read is a file with trouble", "[readiness]") {
    auto tree = shop();
    tree.refuses("k8s/a.yaml", "Permission denied");
    tree.has("k8s/b.yaml", std::string(WalkLimits::file_bytes + 1, 'x'));
    tree.has("k8s/c.yaml", std::string("kind: A\0\n", 9));
    tree.has(
        "program",
        std::string(
            "\x7F"
            "ELF\0",
            5
        )
    );
    tree.refuses("script", "Permission denied");
    const auto files = recognise(load_all(tree));
    REQUIRE(files.size() == 8);
    CHECK(files[0].trouble.what == "Permission denied");
    CHECK(files[0].kind == unreadable);
    CHECK(files[1].trouble.what == "larger than the limit");
    CHECK(files[2].trouble.what == "binary, and no text");
    CHECK(files[5].trouble.what.empty());
    CHECK(files[6].path == "program");
    CHECK(files[6].trouble.what.empty());
    CHECK(files[7].trouble.what == "Permission denied");
}

TEST_CASE("the digest is that of names and contents, and of nothing else", "[readiness]") {
    const auto before = digest_of(shop());
    CHECK(before.size() == 64);
    CHECK(digest_of(shop()) == before);
    CHECK(digest_of(shop().has("main.cpp", "other words")) == before);
    CHECK(digest_of(shop().has("k8s/web.yaml", deployment + "\n")) != before);
    CHECK(digest_of(shop().has("other.cpp", "")) != before);
    CHECK(digest_of(shop().refuses("k8s/web.yaml", "Permission denied")) != before);
    tests::FakeSourceTree renamed;
    renamed.has("k8s/other.yaml", deployment).has("main.cpp", "int main() {}").has("logo.png", "");
    CHECK(digest_of(renamed) != before);
    tests::FakeSourceTree swapped;
    swapped.has("a.yaml", "a: 1").has("b.yaml", "b: 1");
    tests::FakeSourceTree other;
    other.has("a.yaml", "b: 1").has("b.yaml", "a: 1");
    CHECK(digest_of(swapped) != digest_of(other));
}

TEST_CASE("beside what is rendered, all files are in the digest", "[readiness]") {
    const auto overlay = [] {
        auto tree = shop();
        tree.has("kustomization.yaml", "resources: [k8s/web.yaml]\n");
        tree.has("settings.properties", "a=1");
        return tree;
    };
    const auto before = load_all(overlay());
    CHECK(before.is_digest_whole);
    CHECK_FALSE(before.files.back().is_asked);
    CHECK(before.files.back().text.empty());
    CHECK(digest_of(overlay().has("settings.properties", "a=2")) != before.digest);
    CHECK(digest_of(overlay().has("logo.png", "other")) != before.digest);
    CHECK(load_all(overlay().has(".git/config", "")).is_digest_whole);
    CHECK_FALSE(load_all(overlay().has_link("base")).is_digest_whole);
    CHECK_FALSE(load_all(overlay().has("vendor/x.yaml", "")).is_digest_whole);
    CHECK_FALSE(load_all(overlay().refuses("settings.properties", "no")).is_digest_whole);
    CHECK_FALSE(load_all(overlay().refuses_folder("secret", "no")).is_digest_whole);
    const std::string large(WalkLimits::file_bytes + 1, 'x');
    CHECK_FALSE(load_all(overlay().has("large.tgz", large)).is_digest_whole);
    CHECK(recognise(load_all(overlay().has("large.tgz", large)))[2].trouble.what.empty());
    CHECK(load_all(shop().has_link("base")).is_digest_whole);
    CHECK_FALSE(load_all(shop().has_link("base").has("c/Chart.yaml", "")).is_digest_whole);
}
