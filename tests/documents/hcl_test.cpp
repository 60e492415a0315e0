// SPDX-License-Identifier: Apache-2.0
#include "documents/hcl.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <string>

using namespace deployctl::documents;

namespace {

std::string written(const Node& node) {
    switch (node.kind) {
        case NodeKind::null: return "null";
        case NodeKind::plain: return std::string(node.text);
        case NodeKind::quoted: return "'" + std::string(node.text) + "'";
        case NodeKind::unknown: return "?" + std::string(node.text) + "?";
        default: break;
    }
    std::string text;
    for (const auto& item : node.items) {
        text += (text.empty() ? "" : ", ") + written(item);
    }
    for (const auto& entry : node.entries) {
        text += (text.empty() ? "" : ", ") + std::string(entry.key) + ": " + written(entry.value);
    }
    return node.is_list() ? "[" + text + "]" : "{" + text + "}";
}

/// The tree, or "line:column mistake".
std::string read(const std::string& text) {
    const auto hcl = read_hcl(text);
    if (!hcl.mistake.empty()) {
        CHECK(hcl.tree.roots().empty());
        return std::to_string(hcl.spot.line) + ":" + std::to_string(hcl.spot.column) + " " +
               hcl.mistake;
    }
    return written(hcl.tree.roots().at(0));
}

}  // namespace

TEST_CASE("blocks are gathered under their type, with their labels", "[documents]") {
    CHECK(
        read("resource \"a\" \"b\" {\n  x = 1\n}\nvariable \"v\" {}\nresource c \"d\" { y = 2 }\n"
        ) ==
        "{resource: [{@labels: ['a', 'b'], x: 1}, {@labels: ['c', 'd'], y: 2}], "
        "variable: [{@labels: ['v']}]}"
    );
    CHECK(read("") == "{}");
    CHECK(read("a {\n  b {\n    c = 1\n  }\n  b {}\n}") == "{a: [{b: [{c: 1}, {}]}]}");
    CHECK(
        read("\xEF\xBB\xBF"
             "a = 1\r\nb = 2\r\n") == "{a: 1, b: 2}"
    );
}

TEST_CASE("values that stand there are scalars, lists and objects", "[documents]") {
    CHECK(
        read("a = true\nb = -1.5e+3\nc = null\nd = \"true\"") ==
        "{a: true, b: -1.5e+3, c: null, d: 'true'}"
    );
    CHECK(read("a = [1, \"x\", # one\n  [],\n]") == "{a: [1, 'x', []]}");
    CHECK(
        read("a = { b = 1, \"c d\": 2\n  (var.k) = 3\n  for = 4 }") ==
        "{a: {b: 1, c d: 2, (var.k): 3, for: 4}}"
    );
    CHECK(
        read("a = jsonencode({ Action = [\"*\"] })\nb = toset([\"x\"])") ==
        "{a: {Action: ['*']}, b: ['x']}"
    );
    CHECK(read("a = \"\\u00e9\\\"\\n$${x}%%{y}\"") == "{a: '\xC3\xA9\"\n${x}%{y}'}");
}

TEST_CASE("what has to be computed is unknown, as it is written", "[documents]") {
    CHECK(
        read("a = var.x # why\nb = \"${var.x}-y\"\nc = [var.x, 1]") ==
        "{a: ?var.x?, b: ?\"${var.x}-y\"?, c: [?var.x?, 1]}"
    );
    CHECK(
        read("a = 1 + 2\nb = [1, 2][0]\nc = -var.x\nd = \"a\" == \"b\"") ==
        "{a: ?1 + 2?, b: ?[1, 2][0]?, c: ?-var.x?, d: ?\"a\" == \"b\"?}"
    );
    CHECK(
        read("a = [for s in var.l : upper(s) if s != \"}\"]\nb = {for k, v in m : k => v...}") ==
        "{a: ?[for s in var.l : upper(s) if s != \"}\"]?, b: ?{for k, v in m : k => v...}?}"
    );
    CHECK(
        read("a = merge(\n  var.t,\n  { x = 1 }\n)\nb = \"${lookup(m, \"k\")}\"") ==
        "{a: ?merge(\n  var.t,\n  { x = 1 }\n)?, b: ?\"${lookup(m, \"k\")}\"?}"
    );
    CHECK(
        read("a = x.*.id\nb = x[*].id\nc = x[\"in\"].for") ==
        "{a: ?x.*.id?, b: ?x[*].id?, c: ?x[\"in\"].for?}"
    );
}

TEST_CASE("heredocs end at their name and lose their common indent", "[documents]") {
    CHECK(
        read("a = <<E\n  x\n   y\nE\nb = <<-E\n    x\n\n     y\n    E\n") ==
        "{a: '  x\n   y\n', b: 'x\n\n y\n'}"
    );
    CHECK(read("a = <<E\n$${x}\nE\n") == "{a: '${x}\n'}");
    CHECK(read("a = <<E\n%{ if x ~}\nE\nb = 1") == "{a: ?<<E\n%{ if x ~}\nE?, b: 1}");
    CHECK(read("a = f(<<E\nx\nE\n)\n") == "{a: ?f(<<E\nx\nE\n)?}");
    CHECK(read("a = <<E\nx\n") == "1:5 this heredoc has no line `E` that ends it");
}

TEST_CASE("blocks that an expression makes may be none", "[documents]") {
    CHECK(
        read("r {\n  dynamic \"x\" {\n    for_each = l\n    content {}\n  }\n}") ==
        "{r: [{x: ?dynamic \"x\" {\n    for_each = l\n    content {}\n  }?}]}"
    );
    CHECK(
        read("r {\n  x {}\n  dynamic \"x\" { for_each = l }\n}") ==
        "{r: [{x: [{}, ?dynamic \"x\" { for_each = l }?]}]}"
    );
}

TEST_CASE("a broken text says where, and has no tree", "[documents]") {
    CHECK(read("a = {\n  subnets: [\"x\"]\n}\n") == "{a: {subnets: ['x']}}");
    CHECK(
        read("module \"m\" {\n  subnets: [\"x\"]\n}\n") ==
        "2:10 `:` stands where an attribute has `=`"
    );
    CHECK(read("a = [1 2]") == "1:8 two values stand beside each other");
    CHECK(
        read("r \"a\" {\n  x = [1,\n    2\n  y = 3\n}\n") ==
        "4:3 two values stand beside each other"
    );
    CHECK(read("a = \"abc\nb = 1\n") == "1:5 this quoted text does not end on its line");
    CHECK(read("a = 1 b = 2\n") == "1:7 two values stand beside each other");
    CHECK(read("a {\n  b = 1\n") == "1:1 the block `a` that begins here is never closed");
    CHECK(read("a = 1\n}\n") == "2:1 this `}` closes nothing");
    CHECK(read("a = \"\\q\"") == "1:6 this is no escape of a quoted text");
    CHECK(read("a = f(1]\n") == "1:8 `]` closes nothing: `(` is open since line 1");
    CHECK(read("a = f(1\n") == "1:6 `(` is never closed");
    CHECK(read("a = 1\na = 2\n") == "2:1 `a` is set twice");
    CHECK(read("/* x") == "1:1 this comment has no end");
    CHECK(read("a = ") == "1:5 a value is missing here");
    CHECK(read("a = \"x\"==\nb = 1") == "1:10 a value is missing here");
    CHECK(read("a = x.*\n") == "{a: ?x.*?}");
    CHECK(read("a b = 1") == "1:5 `=` or `{` is expected here");
    CHECK(read("\xC3\xA9 = 'x'") == "1:5 this character does not belong here");
}

TEST_CASE("places count characters from one", "[documents]") {
    const auto hcl = read_hcl("r \"\xC3\xA9\" \"b\" {\n  x = [\"\xC3\xA9\", 2]\n}\n");
    const auto& root = hcl.tree.roots().at(0);
    CHECK(root.at("r/0").spot.line == 1);
    CHECK(root.at("r/0/x/1").spot.line == 2);
    CHECK(root.at("r/0/x/1").spot.column == 13);
    CHECK(root.at("r/0").find("x")->spot.column == 3);
}

TEST_CASE("an expression alone is read by the same rules", "[documents]") {
    Tree tree;
    CHECK(written(read_hcl_expression("[1, \"x\"]", tree)) == "[1, 'x']");
    CHECK(written(read_hcl_expression("{\"a\": {\"b\": [true]}}", tree)) == "{a: {b: [true]}}");
    CHECK(written(read_hcl_expression("1 }", tree)) == "?1 }?");
    CHECK(written(read_hcl_expression("", tree)) == "??");
}

TEST_CASE("hostile texts are refused in bounded time and depth", "[documents]") {
    const auto repeated = [](std::string_view part, int times) {
        std::string text;
        for (int i = 0; i < times; ++i) {
            text += part;
        }
        return text;
    };
    CHECK(read("a = " + repeated("[", 200'000)).find("nested too deeply") != std::string::npos);
    CHECK(read("a = " + repeated("f(", 200'000)).find("nested too deeply") != std::string::npos);
    CHECK(read(repeated("a {\n", 100'000)).find("nested too deeply") != std::string::npos);
    CHECK(read("a = " + repeated("\"${", 100'000)).find("nested too deeply") != std::string::npos);
    CHECK(read("a = [" + repeated("1,", 600'000) + "]").find("more than") != std::string::npos);
    CHECK(read(std::string(HclLimits::bytes + 1, ' ')) == "1:1 larger than 16 MiB");
    CHECK(read(repeated("a = 1\n", 2)) == "2:1 `a` is set twice");
    CHECK(read(std::string("a = 1\0b", 7)) == "1:6 this character does not belong here");
}

TEST_CASE("every part of a text, cut and mixed, ends", "[documents]") {
    const std::string whole =
        "r \"a\" {\n  x = \"${f(\"y\", [1, {a = <<-E\n q\n E\n}])}\" /* c */\n  b { c = [for a in "
        "b : a] }\n  dynamic \"d\" { for_each = 1 }\n}\n";
    std::mt19937 random(20);
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        read_hcl(whole.substr(0, size));
        auto mixed = whole;
        for (int i = 0; i < 4; ++i) {
            mixed[random() % mixed.size()] = whole[random() % whole.size()];
        }
        const auto hcl = read_hcl(mixed);
        CHECK(hcl.mistake.empty() == (hcl.tree.roots().size() == 1));
    }
}
