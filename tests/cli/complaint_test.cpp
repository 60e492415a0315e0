// SPDX-License-Identifier: Apache-2.0
#include "cli/complaint.hpp"

#include "tests/cli/shell.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace deployctl;
using tests::Folder;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("the report of a crash is its owner's alone, and has no reason in it", "[cli]") {
    const Folder folder;
    const auto state = folder.path("deployctl");
    const auto said = cli::crash_complaint(
        "impossible", {"rollout", "abort", "--reason", "the secret", "--reason=another"}, state
    );
    namespace fs = std::filesystem;
    const fs::path report = *begin(fs::directory_iterator(state));
    CHECK(contains(said, report.string()));
    CHECK(fs::status(report).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
    const auto text = folder.read("deployctl/" + report.filename().string());
    CHECK(contains(text, "impossible"));
    CHECK(contains(text, "abort"));
    CHECK_FALSE(contains(text, "secret"));
    CHECK_FALSE(contains(text, "another"));
}
