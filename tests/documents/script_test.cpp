// SPDX-License-Identifier: Apache-2.0
#include "documents/script.hpp"

#include "documents/lines.hpp"

#include <catch2/catch.hpp>

using namespace deployctl::documents;

namespace {

std::string joined(const Node& list) {
    std::string text;
    for (const auto& item : list.items) {
        text += (text.empty() ? "" : "|") + std::string(item.text);
    }
    return text;
}

const Node& root(const Tree& tree) {
    return tree.roots().front();
}

}  // namespace

TEST_CASE("a script's commands stand where they begin, without comments", "[documents]") {
    const auto tree =
        read_script("#!/bin/bash\n\n# why\nset -e # strict\n  kubectl \\\n   apply\n");
    const auto& lines = root(tree).at("lines");
    CHECK(joined(lines) == "set -e|kubectl apply");
    CHECK(lines.items[1].spot.line == 5);
    CHECK(lines.items[1].spot.column == 3);
    CHECK(joined(root(tree).at("comments")) == "!/bin/bash|why|strict");
    CHECK(root(tree).text_at("shell") == "bash");
}

TEST_CASE("a hash inside a word or a quote begins no comment", "[documents]") {
    const auto tree = read_script("echo ${#list} a#b 'x # y' \"z # \\\" q\" \\# # yes\n");
    CHECK(joined(root(tree).at("lines")) == "echo ${#list} a#b 'x # y' \"z # \\\" q\" \\#");
}

TEST_CASE("an open quote goes on in the next line; one that never closes does not", "[documents]") {
    CHECK(joined(root(read_script("echo 'a\n# b'\nls\n")).at("lines")) == "echo 'a\n# b'|ls");
    CHECK(joined(root(read_script("echo it's\nls # c\n")).at("lines")) == "echo it's|ls");
}

TEST_CASE("the body of a heredoc is no command", "[documents]") {
    const auto tree =
        read_script("cat <<EOF >f\nset -e\nEOF\nx <<-'A' <<B\n\tone\n\tA\ntwo\nB\nls\n");
    CHECK(joined(root(tree).at("lines")) == "cat <<EOF >f|x <<-'A' <<B|ls");
    CHECK(
        joined(root(read_script("x=$((1 << 2))\nls <<< text\nls\n")).at("lines")) ==
        "x=$((1 << 2))|ls <<< text|ls"
    );
    CHECK(joined(root(read_script("cat <<EOF\nnever ends\n")).at("lines")) == "cat <<EOF");
}

TEST_CASE("what is strict comes from set and from the first line", "[documents]") {
    CHECK(
        joined(root(read_script("set -euo pipefail\n")).at("strict")) == "errexit|nounset|pipefail"
    );
    CHECK(joined(root(read_script("#!/bin/bash -eu\nls\n")).at("strict")) == "errexit|nounset");
    CHECK(joined(root(read_script("cd /x; set -o pipefail\n")).at("strict")) == "pipefail");
    CHECK(joined(root(read_script("set +e\nset -- -e\n# set -e\n")).at("strict")).empty());
}

TEST_CASE("each pattern of each arm of a case is found, nested ones as well", "[documents]") {
    const auto tree = read_script(
        "case \"$1\" in\n  blue-green|\"canary\") deploy;;\n  (rolling)\n    case $2 in a) x;; "
        "esac\n"
        "    ;;\n  *) usage ;;\nesac\nf() { case $1 in\n  v*) ls\n  esac; }\necho done)\n"
    );
    CHECK(joined(root(tree).at("arms")) == "blue-green|canary|rolling|a|*|v*");
    CHECK(root(tree).at("arms").items[2].spot.line == 3);
}

TEST_CASE("functions are found in both spellings", "[documents]") {
    const auto tree =
        read_script("roll_back() {\n ls\n}\nfunction drain-all {\n ls\n}\necho x()\n");
    const auto& functions = root(tree).at("functions");
    REQUIRE(functions.entries.size() == 2);
    CHECK(functions.entries[0].key == "roll_back");
    CHECK(functions.entries[1].key == "drain-all");
    CHECK(functions.entries[1].spot.line == 4);
}

TEST_CASE("the run of a step has the numbers of its file", "[documents]") {
    const auto lines = script_lines("ls\n\npwd\r\n", 40);
    REQUIRE(lines.size() == 2);
    CHECK(lines[1].text == "pwd");
    CHECK(lines[1].spot.line == 42);
}

TEST_CASE("no script is too strange to be read", "[documents]") {
    for (const std::string_view text :
         {"",
          "\\",
          "'",
          "\"\\",
          "<<",
          "<<-",
          "case",
          "case x in",
          "case x in (",
          ";;",
          "esac",
          "case x in a|b",
          "\xEF\xBB\xBF#!/bin/sh",
          "function ",
          "()",
          "set -o"}) {
        CHECK(read_script(std::string(text)).roots().size() == 1);
    }
    CHECK(read_script(std::string(300'000, '(')).roots().size() == 1);
    std::string deep;
    for (int level = 0; level < 20'000; ++level) {
        deep += "case x in a) ";
    }
    CHECK(root(read_script(deep)).at("arms").items.size() == 20'000);
}

TEST_CASE("a text says why it is none", "[documents]") {
    CHECK(why_unreadable("ls\n").empty());
    CHECK(why_unreadable(std::string("a\0b", 3)) == "is not text in UTF-8");
    CHECK(why_unreadable("\xFF\xFE l") == "is not text in UTF-8");
    CHECK(why_unreadable(std::string(5U << 20U, 'a')) == "is larger than 4 MiB");
    CHECK(why_unreadable(std::string(200'000, '\n')) == "has more than 100000 lines");
}

TEST_CASE("prose is its lines, each in its place", "[documents]") {
    const auto tree = read_lines("\xEF\xBB\xBF# One\r\n\r\nTwo");
    const auto& lines = root(tree).at("lines");
    CHECK(joined(lines) == "# One||Two");
    CHECK(lines.items[2].spot.line == 3);
    CHECK(root(read_lines("")).at("lines").items.empty());
}
