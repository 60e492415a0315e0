// SPDX-License-Identifier: Apache-2.0
// The table of mistakes in docs/configuration.md, held against the sources.
#include "tests/support/source_dir.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

namespace {

const std::filesystem::path root = deployctl::tests::source_dir();

using Codes = std::set<std::string>;

std::string text_of(const std::filesystem::path& file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

/// All that `pattern` finds, by its first group.
Codes codes_in(const std::string& text, const std::regex& pattern) {
    Codes codes;
    for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at) {
        codes.insert((*at)[1]);
    }
    return codes;
}

Codes codes_in_sources() {
    const std::regex quoted("\"(C[0-9]{4})\"");
    Codes codes;
    for (const auto* folder : {"config", "documents", "cli"}) {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
            if (entry.path().extension() == ".cpp") {
                codes.merge(codes_in(text_of(entry.path()), quoted));
            }
        }
    }
    return codes;
}

}  // namespace

TEST_CASE("each mistake that can be made stands in the table, and no other", "[config]") {
    const auto known = codes_in_sources();
    CHECK(known.size() > 60);
    CHECK(
        codes_in(text_of(root / "docs/configuration.md"), std::regex("\\| (C[0-9]{4}) \\|")) ==
        known
    );
}
