// SPDX-License-Identifier: Apache-2.0
#include "cli/output/style.hpp"

#include "cli/output/terminal.hpp"

using namespace deployctl::cli;

TEST_CASE("text of others loses everything that could move a cursor or hide a line", "[cli]") {
    CHECK(printable("plain") == "plain");
    CHECK(printable("a\033[2Jb\033[31mc\033[0m") == "abc");
    CHECK(printable("title\033]0;evil\aend") == "titleend");
    CHECK(printable("link\033]8;;http://x\033\\text") == "linktext");
    CHECK(printable("a\rb\bc\x7f") == "abc");
    CHECK(printable("one\ttwo\nthree") == "one two three");
    CHECK(
        printable("\xc2\x9b"
                  "31m") == "31m"
    );
    CHECK(
        printable("\xe2\x80\xae"
                  "abc") == "abc"
    );
    CHECK(printable("bad \xff\xfe bytes") == "bad ?? bytes");
    CHECK(printable("ends in \033") == "ends in ");
    CHECK(printable("grün → ✓") == "grün → ✓");
}

TEST_CASE("columns count letters, not bytes or colours", "[cli]") {
    CHECK(columns_of("abc") == 3);
    CHECK(columns_of("grün") == 4);
    CHECK(columns_of("\033[32m✓\033[0m") == 1);
    CHECK(columns_of("漢字") == 4);
    CHECK(columns_of("e\xcc\x81") == 1);
}

TEST_CASE("a line is cut at the window's edge and its colour is closed", "[cli]") {
    const Style style;
    CHECK(fit(style, "short", 10) == "short");
    CHECK(fit(style, "rather long", 6) == "rathe…");
    CHECK(fit(Style{false, true, 80}, "rather long", 6) == "rat...");
    CHECK(fit(style, "\033[32mrather long\033[0m", 6) == "\033[32mrathe…\033[0m");
    CHECK(fit(style, "漢字漢字", 5) == "漢字…");
}

TEST_CASE(
    "a table's columns are as wide as their widest cell and no line ends in blanks", "[cli]"
) {
    const std::vector<std::vector<std::string>> rows{
        {"ID", "NAME", ""}, {"1", "grün", "x"}, {"22", "a", ""}
    };
    CHECK(table(Style{}, rows, Folding::none) == "ID  NAME\n1   grün  x\n22  a\n");
    CHECK(
        table(Style{false, false, 8}, rows, Folding::last_column) == "ID  NAME\n1   grü…\n22  a\n"
    );
}

namespace {

/// What a stream gets with these variables; a terminal unless said otherwise.
bool is_coloured(
    const std::string& name, const std::string& value, ColourChoice choice, StreamFacts stream
) {
    const EnvironmentLookup look_up = [&](const std::string& asked) -> std::optional<std::string> {
        return asked == name ? std::optional(value) : std::nullopt;
    };
    Look look;
    look.colour = choice;
    return style_for(stream, look, look_up).colour;
}

}  // namespace

TEST_CASE(
    "the flag --color wins, then NO_COLOR, CLICOLOR_FORCE and TERM, then whether it is a terminal",
    "[cli]"
) {
    const StreamFacts tty{true, 80};
    const StreamFacts pipe{false, 80};
    const auto automatic = ColourChoice::automatic;
    CHECK(is_coloured("TERM", "xterm", automatic, tty));
    CHECK_FALSE(is_coloured("TERM", "xterm", automatic, pipe));
    CHECK_FALSE(is_coloured("TERM", "dumb", automatic, tty));
    CHECK_FALSE(is_coloured("NO_COLOR", "1", automatic, tty));
    CHECK(is_coloured("CLICOLOR_FORCE", "1", automatic, pipe));
    CHECK_FALSE(is_coloured("CLICOLOR_FORCE", "0", automatic, pipe));
    CHECK(is_coloured("NO_COLOR", "1", ColourChoice::always, pipe));
    CHECK_FALSE(is_coloured("CLICOLOR_FORCE", "1", ColourChoice::never, tty));
}

TEST_CASE("a state is told without colour too, and in ASCII where that is asked for", "[cli]") {
    CHECK(sign(Style{}, Sign::done) == "✓");
    CHECK(sign(Style{false, true, 80}, Sign::done) == "+");
    CHECK(sign(Style{true, false, 80}, Sign::failed) == "\033[1;31m✗\033[0m");
    CHECK(std::string(arrow(Style{false, true, 80})) == "->");
}
