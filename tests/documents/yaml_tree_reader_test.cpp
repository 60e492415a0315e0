// SPDX-License-Identifier: Apache-2.0
#include "documents/yaml_tree_reader.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <ctime>
#include <string>

using namespace deployctl::documents;

namespace {

std::string shown(const Node& node);

std::string shown_entries(const Node& node) {
    std::string text;
    for (const auto& entry : node.entries) {
        text += (text.empty() ? "" : ", ") + std::string(entry.key) + ": " + shown(entry.value);
    }
    return "{" + text + "}";
}

/// In one line: 'quoted', plain, <unknown>, ~.
std::string shown(const Node& node) {
    switch (node.kind) {
        case NodeKind::null: return "~";
        case NodeKind::plain: return std::string(node.text);
        case NodeKind::quoted: return "'" + std::string(node.text) + "'";
        case NodeKind::unknown: return "<" + std::string(node.text) + ">";
        case NodeKind::map: return shown_entries(node);
        case NodeKind::list: break;
    }
    std::string text;
    for (const auto& item : node.items) {
        text += (text.empty() ? "" : ", ") + shown(item);
    }
    return "[" + text + "]";
}

std::string at(Spot spot) {
    return std::to_string(spot.line) + ":" + std::to_string(spot.column);
}

/// Each document in one line, then the trouble with its place.
std::string read(const std::string& text) {
    const auto tree = read_yaml_tree(text);
    std::string all;
    for (const auto& root : tree.tree.roots()) {
        all += shown(root) + "\n";
    }
    return tree.trouble.empty() ? all : all + at(tree.spot) + " " + tree.trouble + "\n";
}

std::string repeat(const std::string& what, std::size_t times) {
    std::string text;
    for (std::size_t i = 0; i < times; ++i) {
        text += what;
    }
    return text;
}

std::string in_utf16(const std::string& ascii, bool big) {
    std::string text = big ? "\xFE\xFF" : "\xFF\xFE";
    for (const char byte : ascii) {
        text += big ? std::string({'\0', byte}) : std::string({byte, '\0'});
    }
    return text;
}

#if defined(__SANITIZE_ADDRESS__)
constexpr double slow_build = 10;
#else
constexpr double slow_build = 1;
#endif

const std::string template_words = "a template (`{{ }}`), and no YAML before it is rendered\n";

}  // namespace

TEST_CASE("scalars keep their text, and whether they were quoted", "[documents]") {
    const auto [text, expected] = GENERATE(table<std::string, std::string>({
        {"a: yes\nb: 'yes'\nc: \"0644\"\nd: 0644\n", "{a: yes, b: 'yes', c: '0644', d: 0644}\n"},
        {"- ~\n- null\n-\n- ''\n- NULL\n- nULL\n", "[~, ~, ~, '', ~, nULL]\n"},
        {"a: !!str 3\nb: !!int '3'\nc: !!null x\n", "{a: '3', b: 3, c: ~}\n"},
        {"a: |\n  one\n  two\n", "{a: 'one\ntwo\n'}\n"},
        {"a: >-\n  one\n  two\n", "{a: 'one two'}\n"},
        {"a: one\n  two\n", "{a: one two}\n"},
        {"a: \"\\u00e4\\n\"\n", "{a: '\xC3\xA4\n'}\n"},
        {"a: 'it''s'\n", "{a: 'it's'}\n"},
        {"{\"a\":[1,true,null,\"x\\/y\"]}", "{a: [1, true, ~, 'x/y']}\n"},
        {"{\n\t\"a\": {\n\t\t\"b\": 1\n\t}\n}\n", "{a: {b: 1}}\n"},
        {"on: push\n", "{on: push}\n"},
        {"%YAML 1.2\n---\na: 1\n...\n", "{a: 1}\n"},
        {"# only a word\n", ""},
        {"", ""},
        {"---\n---\na: 1\n", "~\n{a: 1}\n"},
    }));
    CHECK(read(text) == expected);
}

TEST_CASE("what a program's own tag means is unknown, and shown as it stands", "[documents]") {
    CHECK(read("a: !Ref web\nb: [1, !Sub 'x']\n") == "{a: <!Ref web>, b: [1, <!Sub 'x'>]}\n");
    CHECK(read("a: !reference [.one, two]\nb: 1\n") == "{a: <!reference [.one, two]>, b: 1}\n");
    CHECK(read("a: !x\n  b: 1\n") == "{a: <!x\n  b: 1\n>}\n");
    CHECK(read("a: ! 3\n") == "{a: '3'}\n");
}

TEST_CASE("each key and value of a tree knows its place, in characters", "[documents]") {
    const auto text = read_yaml_tree("a: 1\nb:\n  - \xC3\xA4: \"x y\"\n  - &n [q]\n---\nc: *");
    CHECK(text.trouble == "not YAML: did not find expected alphabetic or numeric character");
    const auto& root = text.tree.roots().at(0);
    CHECK(at(root.entries[1].spot) == "2:1");
    const auto& item = root.at("b/0").entries[0];
    CHECK(at(item.spot) == "3:5");
    CHECK(at(item.value.spot) == "3:8");
    CHECK(item.value.text == "x y");
    CHECK(at(root.at("b/1").spot) == "4:5");
}

TEST_CASE("scalars that stand in the source as they are, are not copied", "[documents]") {
    const auto text = read_yaml_tree(
        "a: plain \nb: \"quoted\" # why\n\xC3\xA4: '\xC3\xB6 one'\nc: &x !!str anchored\nd: [e, "
        "f]\n"
    );
    const auto source = text.tree.source();
    const auto is_inside = [&](std::string_view part) {
        return part.data() >= source.data() &&
               part.data() + part.size() <= source.data() + source.size();
    };
    for (const auto& entry : text.tree.roots().at(0).entries) {
        CAPTURE(entry.key);
        CHECK(is_inside(entry.key));
        CHECK((entry.value.is_list() || is_inside(entry.value.text)));
    }
    const auto folded = read_yaml_tree("a: one\n  two\n");
    CHECK(folded.tree.roots().at(0).at("a").text == "one two");
}

TEST_CASE("a tree outlives its move", "[documents]") {
    auto text = read_yaml_tree("a: web\nb: \"x\\ty\"\n");
    const auto moved = std::move(text.tree);
    CHECK(moved.roots().at(0).text_at("a") == "web");
    CHECK(moved.roots().at(0).text_at("b") == "x\ty");
}

TEST_CASE("byte order marks, Windows line ends and UTF-16 change no value", "[documents]") {
    CHECK(
        read("\xEF\xBB\xBF"
             "a: 1\r\nb: |\r\n  x\r\n") == "{a: 1, b: 'x\n'}\n"
    );
    CHECK(read(in_utf16("a: [b, c]\n", true)) == "{a: [b, c]}\n");
    CHECK(read(in_utf16("a: [b, c]\n", false)) == "{a: [b, c]}\n");
    CHECK(
        read(std::string(
            "\xFF\xFE"
            "a\0:\0 \0=\xD8\x00\xDE\n\0",
            14
        )) == "{a: \xF0\x9F\x98\x80}\n"
    );
    const auto tree = read_yaml_tree(
                          "\xEF\xBB\xBF"
                          "a: 1\r\nb: 2\r\n"
    )
                          .tree;
    CHECK(at(tree.roots().at(0).entries[1].spot) == "2:1");
    CHECK(at(tree.roots().at(0).entries[0].spot) == "1:1");
}

TEST_CASE("aliases stand for what they name, and merges fill in what is missing", "[documents]") {
    CHECK(read("a: &x {b: 1}\nc: *x\nd: [*x]\n") == "{a: {b: 1}, c: {b: 1}, d: [{b: 1}]}\n");
    CHECK(
        read("a: &x {b: 1, c: 2}\nd: &y {c: 3, e: 4}\nf:\n  <<: [*x, *y]\n  b: 0\n") ==
        "{a: {b: 1, c: 2}, d: {c: 3, e: 4}, f: {b: 0, c: 2, e: 4}}\n"
    );
    CHECK(read("a: &x {b: 1}\nf:\n  c: 2\n  <<: *x\n") == "{a: {b: 1}, f: {c: 2, b: 1}}\n");
    CHECK(read("a: {'<<': 1}\n") == "{a: {<<: 1}}\n");
    CHECK(read("a: &x 1\na2: &x 2\nb: *x\n") == "{a: 1, a2: 2, b: 2}\n");
    const auto text = read_yaml_tree("a: &x\n  b: 1\nc: *x\n");
    const auto& root = text.tree.roots().at(0);
    CHECK(at(root.at("c").spot) == "3:4");
    CHECK(at(root.at("c/b").spot) == "2:6");
}

TEST_CASE(
    "what cannot be read is said with its place, and what was before it is there", "[documents]"
) {
    const auto [text, expected] = GENERATE(table<std::string, std::string>({
        {"a: 1\n---\nb: 1\nc: 2\nb: 3\n", "{a: 1}\n5:1 `b` stands here twice\n"},
        {"a:\n  x: 1\n  x: 2\n", "3:3 `x` stands here twice\n"},
        {"a: &x {b: 1}\nc:\n  <<: *x\n  <<: *x\n", "4:3 `<<` stands here twice\n"},
        {"a: 1\n---\nb: *no\n", "{a: 1}\n3:4 an alias of an anchor that is not there: *no\n"},
        {"a: &x 1\n---\nb: *x\n", "{a: 1}\n3:4 an alias of an anchor that is not there: *x\n"},
        {"a: &a [*a]\n", "1:8 an alias of an anchor that is not there: *a\n"},
        {"a:\n  <<: 3\n", "2:7 `<<` takes a map, or a list of maps\n"},
        {"a:\n  <<: [{b: 1}, 3]\n", "2:7 `<<` takes a map, or a list of maps\n"},
        {"? [a, b]\n: 1\n", "1:3 a key that is no plain text\n"},
        {"a: 1\n---\nname: {{ .Values.name }}\n", "{a: 1}\n3:7 " + template_words},
        {"{{- if .Values.on }}\na: 1\n{{- end }}\n", "1:1 " + template_words},
        {"a:\n  {{- toYaml . | nindent 2 }}\n", "2:3 " + template_words},
        {"a: 1\n{{- range . }}\nb: {{ . }}\n", "3:4 " + template_words},
        {"a:\n\tb: 1\n", "2:1 not YAML: a tab, where only spaces may indent\n"},
        {"a: 1\n  b: 2\n", "2:4 not YAML: a `: ` inside of a value\n"},
        {"a: 1\nb\nc: 1\n", "3:1 not YAML: a line that is no `key: value`, in a map\n"},
        {"a: b: c\n", "1:5 not YAML: a `: ` inside of a value\n"},
        {"a: \"x\nb: 1\n", "1:4 not YAML: a quote that is never closed\n"},
        {"a: [1, 2\n", "2:1 not YAML: a `,` or `]` is missing before this\n"},
        {"a: @x\n", "1:4 not YAML: a character with which no value begins, outside of quotes\n"},
        {"a: {b: 1\nc: 2}\nd: ]\n", "2:2 not YAML: a `,` or `}` is missing before this\n"},
        {"a: 1\n- b\n", "2:1 not YAML: this does not fit into the map above it\n"},
    }));
    CAPTURE(text);
    CHECK(read(text) == expected);
}

TEST_CASE("a text that is none is refused in clear words", "[documents]") {
    CHECK(read("a: \x01\n") == "1:4 a control character that YAML does not allow: 0x01\n");
    CHECK(read("a: 1\n\xC3\xA4: \xFF\n") == "2:4 no UTF-8 text: byte 0xFF\n");
    const std::string binary(
        "\x7F"
        "ELF\0\0\0",
        7
    );
    CHECK_FALSE(read_yaml_tree(binary).trouble.empty());
    const auto nul =
        "1:4 no text: it has NUL bytes, as binary files have and UTF-16 without its mark\n";
    CHECK(read(std::string("a: \0\n", 5)) == nul);
    CHECK_FALSE(read_yaml_tree(in_utf16("a: 1\n", true).substr(2)).trouble.empty());
    CHECK_FALSE(read_yaml_tree(in_utf16("a: 1\n", true) + "x").trouble.empty());
}

TEST_CASE("text that wants to cost much costs little in a tree", "[documents][slow]") {
    const auto most = YamlTreeLimits::bytes;
    std::string laughs = "a0: &a0 [lol]\n";
    for (int i = 1; i < 10; ++i) {
        const auto before = "*a" + std::to_string(i - 1);
        laughs += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" +
                  repeat(before + ", ", 8) + before + "]\n";
    }
    std::string deepening = "a0: &a0 [x]\n";
    for (int i = 1; i < 200; ++i) {
        deepening += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" +
                     std::to_string(i - 1) + "]\n";
    }
    std::string keys;
    std::string bases;
    for (int i = 0; i < 60'000; ++i) {
        keys += "k" + std::to_string(i) + ": 1\n";
        bases += "{k" + std::to_string(i) + ": 1}, ";
    }
    std::string stairs;
    for (std::size_t level = 0; stairs.size() + level + 3 < most; ++level) {
        stairs += std::string(level, ' ') + "a:\n";
    }
    const std::string deep = "more than 100 levels, one in another";
    const std::string expands = "more than 100000 values that aliases stand for";
    const auto [text, expected] = GENERATE_COPY(table<std::string, std::string>({
        {repeat("a", most + 1), "larger than 4 MiB"},
        {repeat("[", most), deep},
        {repeat("{a: ", most / 4), deep},
        {repeat("- ", most / 2), deep},
        {repeat("? ", most / 2), deep},
        {"a: " + repeat("[", 101) + repeat("]", 101), deep},
        {"a: " + repeat("[", 99) + repeat("]", 99), ""},
        {stairs, deep},
        {laughs, expands},
        {deepening, deep},
        {"a: &a [" + repeat("x, ", 50'000) + "]\nb: [" + repeat("*a, ", 1000) + "]", expands},
        {"a: [" + repeat("1,", 600'000) + "]", "more than 500000 values"},
        {"\"" + repeat("x", 3'000'000), "not YAML: a quote that is never closed"},
        {keys, ""},
        {keys + "k7: 2\n", "`k7` stands here twice"},
        {"a:\n  <<: [" + bases + "]\n", ""},
        {"a: |\n" + repeat("  x\n", 500'000), ""},
        {"a: " + repeat("x ", 1'000'000), ""},
        {"#" + repeat("x", 4'000'000), ""},
        {repeat("\n", 4'000'000), ""},
        {repeat("# x\n", 1'000'000), ""},
        {repeat("a: &a ", 1000), "?"},
        {repeat("%a\n", 100'000), "?"},
        {repeat("!", 1'000'000), "?"},
        {repeat("&", 1'000'000), "?"},
        {repeat("---\n", 100'000), ""},
        {repeat("\xC3\xA4", 1'000'000) + ": 1", "?"},
        {"- [" + repeat("\xC3\xA4, ", 100'000) + "]", ""},
    }));
    CAPTURE(text.substr(0, 40), text.size());
    const auto start = std::clock();
    const auto tree = read_yaml_tree(text);
    const auto seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    if (expected != "?") {
        CHECK(tree.trouble == expected);
    }
    CHECK(seconds < slow_build);
}
