// SPDX-License-Identifier: Apache-2.0
// What must never raise the low end of a score: hiding, breaking, emptying, moving, waiving.
#include "readiness/delta.hpp"
#include "readiness/waivers.hpp"
#include "tests/readiness/mcp_server.hpp"

#include <catch2/catch.hpp>

namespace deployctl::readiness {
namespace {

std::int64_t low_of(const Assessment& assessment) {
    REQUIRE(assessment.score);
    return assessment.score->low.hundredths;
}

/// As it lies there: nothing is rendered.
Assessment assess_raw(const Texts& texts) {
    return assess(texts, own_rules());
}

/// One of the files gives no text.
Assessment assess_without_right(const Texts& texts, const std::string& refused) {
    auto facts = std::make_shared<Facts>(Settings{});
    for (const auto& [path, text] : texts) {
        facts->add(
            path == refused ? unread_file(path, "Permission denied") : read_file(path, text)
        );
    }
    gather_subjects(*facts);
    auto assessment = ask_rules(facts, own_rules());
    count_points(assessment);
    return assessment;
}

TEST_CASE("an empty file raises no score", "[readiness]") {
    const auto texts = flawed_mcp_server();
    const auto before = low_of(assess_raw(texts));
    for (const std::string name :
         {"k8s/more.yaml",
          "Dockerfile.more",
          "more.tf",
          "more.sh",
          "MORE.md",
          "more/Makefile",
          "monitoring/more.rules.yml",
          ".github/workflows/more.yml",
          "compose.more.yaml"}) {
        auto more = texts;
        more[name] = "";
        INFO(name);
        CHECK(low_of(assess_raw(more)) <= before);
    }
}

TEST_CASE("a file that nobody may read raises no score", "[readiness]") {
    const auto texts = flawed_mcp_server();
    const auto before = low_of(assess_raw(texts));
    for (const auto& [path, text] : texts) {
        if (read_file(path, text).kind != unrecognised) {
            INFO(path);
            CHECK(low_of(assess_without_right(texts, path)) <= before);
        }
    }
}

TEST_CASE("a file that is broken raises no score", "[readiness]") {
    const auto texts = flawed_mcp_server();
    const auto before = low_of(assess_raw(texts));
    for (const auto& [path, text] : texts) {
        auto broken = texts;
        broken[path] = text + "\n\"{[: broken\n  - [\n";
        if (!read_file(path, broken[path]).trouble.what.empty()) {
            INFO(path);
            CHECK(low_of(assess_raw(broken)) <= before);
        }
    }
}

TEST_CASE("what the baseline had and is gone raises no score", "[readiness]") {
    const auto texts = flawed_mcp_server();
    const auto whole = assess_raw(texts);
    const auto before = low_of(whole);
    const auto baseline = recorded_of(whole);
    for (const auto& [path, text] : texts) {
        if (!read_file(path, text).trouble.what.empty()) {
            continue;  // without it others can be seen that could not be
        }
        auto less = texts;
        less.erase(path);
        auto assessment = assess_raw(less);
        count_removed(assessment, baseline);
        INFO(path);
        CHECK(low_of(assessment) <= before);
    }
}

TEST_CASE("a folder by another name raises no score", "[readiness]") {
    const auto texts = flawed_mcp_server();
    const auto before = low_of(assess_raw(texts));
    for (const std::string folder : {"terraform", "monitoring", "runbooks", "app"}) {
        Texts moved;
        for (const auto& [path, text] : texts) {
            const bool is_below = path.starts_with(folder + "/");
            moved[is_below ? "elsewhere" + path.substr(folder.size()) : path] = text;
        }
        INFO(folder);
        CHECK(low_of(assess_raw(moved)) <= before);
    }
}

TEST_CASE("a probe in a comment raises no score", "[readiness]") {
    auto texts = good_mcp_server();
    const auto before = low_of(assess_raw(texts));
    auto& text = texts.at("k8s/base/deployment.yaml");
    for (const std::string probe : {"readinessProbe", "livenessProbe", "startupProbe"}) {
        RE2::GlobalReplace(&text, "(?m)^( +)" + probe + ":", "\\1x-" + probe + ":");
    }
    CHECK(low_of(assess_raw(texts)) < before);
}

TEST_CASE("waivers for everything raise no score", "[readiness]") {
    Settings settings;
    for (const auto& rule : own_rules()->rules) {
        settings.waivers.push_back({rule.id, "", "known", "ada", "2026-12-31"});
    }
    const auto texts = flawed_mcp_server();
    const auto before = low_of(assess_raw(texts));
    auto waived = ask_rules(facts_of(texts, settings), own_rules());
    apply_waivers(waived, std::chrono::sys_days(std::chrono::year(2026) / 11 / 30));
    count_points(waived);
    CHECK(low_of(waived) == before);
    CHECK(blockers(waived).empty());
}

}  // namespace
}  // namespace deployctl::readiness
