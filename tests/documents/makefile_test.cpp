// SPDX-License-Identifier: Apache-2.0
#include "documents/makefile.hpp"

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

std::string keys(const Node& map) {
    std::string text;
    for (const auto& entry : map.entries) {
        text += (text.empty() ? "" : "|") + std::string(entry.key);
    }
    return text;
}

const Node& root(const Tree& tree) {
    return tree.roots().front();
}

}  // namespace

TEST_CASE("a rule has its needs, its recipe and its help", "[documents]") {
    const auto tree = read_makefile(
        ".PHONY: deploy test\n"
        "deploy: test build ## Brings it out\n"
        "\t@kubectl apply \\\n"
        "\t  -f k8s\n"
        "\n"
        "\t-ls\n"
        "test:\n"
        "\tgo test ./...\n"
    );
    const auto& deploy = root(tree).at("targets/deploy");
    CHECK(joined(deploy.at("needs")) == "test|build");
    CHECK(joined(deploy.at("recipe")) == "@kubectl apply -f k8s|-ls");
    CHECK(deploy.at("recipe").items[0].spot.line == 3);
    CHECK(deploy.text_at("help") == "Brings it out");
    CHECK(joined(root(tree).at("phony")) == "deploy|test");
    CHECK(keys(root(tree).at("targets")) == "deploy|test");
    CHECK(root(tree).at("targets/test").spot.line == 7);
}

TEST_CASE("several targets share a rule, and several rules a target", "[documents]") {
    const auto tree = read_makefile("a b: c\n\tone\na: d\nb:: e; two\n");
    CHECK(joined(root(tree).at("targets/a/needs")) == "c|d");
    CHECK(joined(root(tree).at("targets/a/recipe")) == "one");
    CHECK(joined(root(tree).at("targets/b/needs")) == "c|e");
    CHECK(joined(root(tree).at("targets/b/recipe")) == "one|two");
}

TEST_CASE("assignments are variables, also those with a colon", "[documents]") {
    const auto tree = read_makefile(
        "TAG ?= $(shell git rev-parse HEAD)\nexport A := 1\nB ::= 2\nC != date\n"
        "SHELL = /bin/bash\n.SHELLFLAGS := -euc\ndeploy: TAG = x\ndeploy: X := y\n"
    );
    const auto& variables = root(tree).at("variables");
    CHECK(keys(variables) == "TAG|A|B|C|SHELL|.SHELLFLAGS");
    CHECK(variables.text_at("TAG") == "$(shell git rev-parse HEAD)");
    CHECK(variables.text_at("B") == "2");
    CHECK(root(tree).at("targets").entries.empty());
}

TEST_CASE("what a name does not say is computed; a dot in front is special", "[documents]") {
    const auto tree = read_makefile(
        ".ONESHELL:\n.DEFAULT_GOAL := help\n%.o: %.c\n\tcc\n$(BIN): x\n\tgo\n.github/x: y\n"
        "include a.mk b.mk\n-include c.mk\n"
    );
    CHECK(joined(root(tree).at("special")) == ".ONESHELL");
    CHECK(joined(root(tree).at("computed")) == "%.o|$(BIN)");
    CHECK(keys(root(tree).at("targets")) == ".github/x");
    CHECK(joined(root(tree).at("includes")) == "a.mk|b.mk|c.mk");
}

TEST_CASE("conditionals, defines, comments and other prefixes are no rules", "[documents]") {
    const auto tree = read_makefile(
        "ifeq ($(OS),x)\na:\n\tone\nelse\nb:\n\ttwo\nendif\ndefine text\nc: d\nendef\n# e: f\n"
        ".RECIPEPREFIX = >\ng:\n>three\n"
    );
    CHECK(keys(root(tree).at("targets")) == "a|b|g");
    CHECK(joined(root(tree).at("targets/g/recipe")) == "three");
}

TEST_CASE("no Makefile is too strange to be read", "[documents]") {
    for (const std::string_view text :
         {"", ":", "::", "\\", "a:\\", "\t", "$(", "a: $(b:c=d) e", "define x", "= y", "\r\n", "a:;"
         }) {
        CHECK(read_makefile(std::string(text)).roots().size() == 1);
    }
    CHECK(
        joined(root(read_makefile("a: $(b:c=d) e\r\n\tx\r\n")).at("targets/a/needs")) ==
        "$(b:c=d)|e"
    );
    CHECK(read_makefile(std::string(300'000, '(')).roots().size() == 1);
}
