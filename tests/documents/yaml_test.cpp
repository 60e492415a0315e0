// SPDX-License-Identifier: Apache-2.0
#include "documents/yaml.hpp"

#include "documents/json.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::documents;

namespace {

/// Without the first key, which only makes it an object of Kubernetes.
std::string as_json(const std::string& text) {
    const auto read = read_objects("apiVersion: v1\nkind: T\n" + text, "f.yaml");
    REQUIRE(read.diagnostics.empty());
    auto object = read.objects.at(0);
    object.erase("/apiVersion");
    object.erase("/kind");
    return write_json(object);
}

std::string first_mistake(const std::string& text) {
    const auto read = read_objects(text, "f.yaml");
    REQUIRE_FALSE(read.diagnostics.empty());
    const auto& one = read.diagnostics.front();
    return std::to_string(one.place.line) + ":" + std::to_string(one.place.column) + " " +
           one.code + " " + one.message;
}

std::string written_again(const std::string& text) {
    const YamlSource source(text, "f.yaml");
    return write_yaml(read_yaml(source).root);
}

}  // namespace

TEST_CASE("each key and value knows its place, in characters", "[documents]") {
    const YamlSource source("a: 1\nb:\n  - \xC3\xA4: \"x y\"\n", "f.yaml");
    const auto tree = read_yaml(source);
    REQUIRE(tree.diagnostics.empty());
    const auto& item = tree.root.find("b")->value.items.at(0).entries.at(0);
    CHECK(item.place.line == 3);
    CHECK(item.place.column == 5);
    CHECK(item.value.place.column == 8);
    CHECK(item.value.place.width == 5);
}

TEST_CASE("a byte order mark and Windows line ends do not move places", "[documents]") {
    const YamlSource source(
        "\xEF\xBB\xBF"
        "a: 1\r\nb: 2\r\n",
        "f.yaml"
    );
    const auto tree = read_yaml(source);
    REQUIRE(tree.diagnostics.empty());
    CHECK(tree.root.find("a")->place.column == 1);
    CHECK(tree.root.find("b")->place.line == 2);
    CHECK(tree.root.find("b")->value.text == "2");
    CHECK(source.mistake("C1", "", {2, 1, 1}).excerpt == "b: 2");
}

TEST_CASE("manifests are typed as kubectl types them", "[documents]") {
    CHECK(
        as_json("a: [yes, on, y, True, no, off, n, FALSE]") ==
        R"({"a":[true,true,true,true,false,false,false,false]})"
    );
    CHECK(as_json("a: [\"yes\", 'on', !!str no, yess]") == R"({"a":["yes","on","no","yess"]})");
    CHECK(
        as_json("a: [~, null, , 0644, 0x1F, 0o17, -3, +4]") ==
        R"({"a":[null,null,null,420,31,15,-3,4]})"
    );
    CHECK(
        as_json("a: [1.5, 1e+3, 1e3, 1., .5, 1.2.3, 12:30]") ==
        R"({"a":[1.5,1000.0,"1e3","1.",0.5,"1.2.3","12:30"]})"
    );
    CHECK(as_json("a: |\n  yes\nb: >-\n  1\n  2\n") == R"({"a":"yes\n","b":"1 2"})");
    CHECK(as_json("99999999999999999999: a") == R"({"99999999999999999999":"a"})");
}

TEST_CASE("aliases are expanded and merges respect what the map says itself", "[documents]") {
    CHECK(
        as_json("a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\nc: {<<: [{x: 9}, *a]}\n") ==
        R"({"a":{"x":1,"y":2},"b":{"x":1,"y":3},"c":{"x":9,"y":2}})"
    );
}

TEST_CASE(
    "a file of manifests holds many objects, and lists of them are taken apart", "[documents]"
) {
    const std::string pod = "{apiVersion: v1, kind: Pod}";
    const auto read = read_objects(
        "---\n" + pod + "\n---\n---\n# nothing\n---\n{apiVersion: v1, kind: List, items: [" + pod +
            ", {apiVersion: v1, kind: PodList, items: [" + pod + "]}]}\n...\n",
        "f.yaml"
    );
    CHECK(read.diagnostics.empty());
    REQUIRE(read.objects.size() == 3);
    CHECK(read.objects[2].text("/kind") == "Pod");
}

TEST_CASE("what is no object of Kubernetes is said with its place", "[documents]") {
    CHECK(
        first_mistake("a: 1\n---\nb: 1\n") == "1:1 C1040 no object of Kubernetes: it has no `kind`"
    );
    CHECK(
        first_mistake("kind: Pod\n") == "1:1 C1040 no object of Kubernetes: it has no `apiVersion`"
    );
    CHECK(first_mistake("{apiVersion: v1, kind: List, items: [3]}").substr(0, 10) == "1:38 C1040");
}

TEST_CASE("a key that stands twice is said at the second place, with the first", "[documents]") {
    const YamlSource source("a: 1\nb: {c: 1,\n  c: 2}\n", "f.yaml");
    const auto tree = read_yaml(source);
    REQUIRE(tree.diagnostics.size() == 1);
    CHECK(tree.diagnostics[0].code == "C1003");
    CHECK(tree.diagnostics[0].place.line == 3);
    CHECK(tree.diagnostics[0].note == "first in line 2");
}

TEST_CASE("what is written reads back to the same, whatever the texts are", "[documents]") {
    for (const auto* text :
         {"yes",    "null", "~",  "1",      "1e+3", "a: b", "a #b", " a",       "a ",
          "- a",    "\"",   "\\", "a\nb\n", "\t",   "\x01", "\x7f", "\xC2\x9B", "\xC3\xA4",
          "${env}", "",     "a:", "'",      "%",    "@",    "`"}) {
        CAPTURE(text);
        YamlNode root;
        root.kind = YamlKind::map;
        root.entries.push_back({text, {}, yaml_text(text)});
        const auto written = write_yaml(root);
        const YamlSource source(written, "f.yaml");
        const auto tree = read_yaml(source);
        REQUIRE(tree.diagnostics.empty());
        REQUIRE(tree.root.entries.size() == 1);
        CHECK(tree.root.entries[0].key == text);
        CHECK(tree.root.entries[0].value.text == text);
        CHECK(tree.root.entries[0].value.is_scalar());
    }
}

TEST_CASE("short maps and lists are written in one line, long ones in several", "[documents]") {
    const std::string text =
        "a: {b: 1, c: x}\nd:\n  e:\n    f: {g: 1}\n    h: []\n  i: {}\nj: [{k: 1}, {k: 2}]\n";
    CHECK(written_again(text) == text);
    const std::string word(60, 'w');
    CHECK(
        written_again("a: [" + word + ", " + word + "]\n") ==
        "a:\n  - " + word + "\n  - " + word + "\n"
    );
    CHECK(written_again("a: " + word + word + "\n") == "a: " + word + word + "\n");
}
