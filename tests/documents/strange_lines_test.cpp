// SPDX-License-Identifier: Apache-2.0
// Scripts and Makefiles with pieces of others cut in, from a seed: always a tree, and its lines in
// their order.
#include "documents/makefile.hpp"
#include "documents/script.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <random>

using namespace deployctl::documents;

namespace {

constexpr std::array<std::string_view, 24> pieces = {
    "case \"$1\" in\n",
    "esac\n",
    ";;",
    " a|b) ",
    "<<EOF\n",
    "EOF\n",
    "<<-'X' ",
    "'",
    "\"",
    "\\\n",
    "\\",
    "#",
    "set -euo pipefail\n",
    "function f {\n",
    "}\n",
    "$(",
    ")",
    "\t",
    "a: b\n",
    "define x\n",
    "endef\n",
    ".RECIPEPREFIX = >\n",
    "\r\n",
    "\xC3\xA9"
};

std::string strange(std::mt19937& random) {
    std::string text;
    const auto count = random() % 40;
    for (unsigned piece = 0; piece < count; ++piece) {
        text += pieces[random() % pieces.size()];
    }
    return text;
}

bool is_in_order(const Node& list) {
    std::uint32_t line = 0;
    for (const auto& item : list.items) {
        if (item.spot.line < line || item.spot.column == 0) {
            return false;
        }
        line = item.spot.line;
    }
    return true;
}

}  // namespace

TEST_CASE("strange scripts and Makefiles are read whatever they hold", "[documents]") {
    std::mt19937 random(20260);
    for (int round = 0; round < 20'000; ++round) {
        const auto text = strange(random);
        INFO(text);
        const auto script = read_script(text);
        const auto makefile = read_makefile(text);
        REQUIRE(script.roots().size() == 1);
        REQUIRE(makefile.roots().size() == 1);
        REQUIRE(is_in_order(script.roots().front().at("lines")));
        REQUIRE(is_in_order(script.roots().front().at("arms")));
    }
}
