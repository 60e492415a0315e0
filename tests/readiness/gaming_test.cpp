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

const RuleResult& result_of(const Assessment& assessment, std::string_view id) {
    const auto found = std::ranges::find_if(assessment.results, [&](const RuleResult& result) {
        return result.rule->id == id;
    });
    REQUIRE(found != assessment.results.end());
    return *found;
}

int count_of(const RuleResult& result, Outcome outcome) {
    int count = 0;
    for (const auto& finding : result.findings) {
        count += finding.outcome == outcome ? finding.count : 0;
    }
    return count;
}

TEST_CASE("what a script only says of its backups raises no score", "[readiness]") {
    const std::string backs_up = "set -e\npg_dump shop > shop.sql\n";
    const std::string says =
        "echo \"restic gpg -e age aws s3 cp s3://b sha256sum --verify --keep-last retention prune "
        "find -mtime [ -s f ] stat\"\n";
    const auto before = low_of(assess_raw({{"backup.sh", backs_up}}));
    for (const auto& lie :
         {says,
          "# " + says,
          ": " + says.substr(5),
          "NOTE=" + says.substr(5),
          "export " + says.substr(5),
          "true && " + says,
          "printf '%s' " + says.substr(5),
          std::string("echo \"$(date +%F) begins\"\necho $(date)\n"),
          "cat <<END\n" + says + "END\n"}) {
        INFO(lie);
        CHECK(low_of(assess_raw({{"backup.sh", backs_up + lie}})) <= before);
    }
}

TEST_CASE("hundreds of good scripts hide no bad one", "[readiness]") {
    Texts texts;
    for (int count = 0; count < 320; ++count) {
        texts["a" + std::to_string(count) + ".sh"] =
            "kubectl apply -f k8s\nkubectl rollout status deploy/web\n";
    }
    texts["z.sh"] = "kubectl apply -f k8s\n";
    const auto assessment = assess_raw(texts);
    const auto& waits = result_of(assessment, "DEPLOY-6");
    CHECK(count_of(waits, Outcome::pass) == 300);
    CHECK(count_of(waits, Outcome::not_assessed) == 21);
    CHECK(waits.findings.back().place.file == "z.sh");
    CHECK(waits.points->low.hundredths < waits.points->high.hundredths);
}

TEST_CASE("targets beyond what is asked are counted with their Makefile", "[readiness]") {
    std::string text;
    for (int count = 0; count < 1'000; ++count) {
        text += "backup" + std::to_string(count) + ":\n\tpg_dump shop > shop.sql\n";
    }
    const auto assessment = assess_raw({{"Makefile", text}});
    const auto& named = result_of(assessment, "BACKUP-3");
    CHECK(count_of(named, Outcome::fail) == 300);
    CHECK(count_of(named, Outcome::not_assessed) == 700);
    CHECK(named.findings.size() == 301);
}

TEST_CASE("hundreds of containers hide no other user of an image", "[readiness]") {
    std::string pods;
    for (int count = 0; count < 250; ++count) {
        pods += std::string("apiVersion: v1\nkind: Pod\nmetadata: {name: ") +
                (count < 240 ? "p" : "z") + std::to_string(count) +
                "}\nspec: {securityContext: {runAsUser: " + (count < 240 ? "1000" : "0") +
                "}, containers: [{name: web, image: shop/web:1}]}\n---\n";
    }
    const Texts texts = {
        {"k8s/pods.yaml", pods},
        {"compose.yaml", "services: {web: {image: \"shop/web:1\", user: \"1000\"}}\n"}
    };
    const auto assessment = assess_raw(texts);
    const auto& user = result_of(assessment, "IMG-10");
    CHECK(count_of(user, Outcome::pass) == 0);
    CHECK(count_of(user, Outcome::not_assessed) == 1);
}

TEST_CASE("one group that is open to the world is one blocker", "[readiness]") {
    const auto assessment = assess_raw(
        {{"infra/main.tf",
          "resource \"aws_security_group\" \"a\" {\n  description = \"a\"\n  ingress {\n"
          "    description = \"a\"\n    protocol = \"-1\"\n    from_port = 0\n    to_port = 0\n"
          "    cidr_blocks = [\"0.0.0.0/0\"]\n  }\n}\n"}}
    );
    int blocking = 0;
    for (const auto& [result, finding] : blockers(assessment)) {
        blocking += finding->object().find("aws_security_group") != std::string_view::npos ? 1 : 0;
    }
    CHECK(blocking == 1);
}

}  // namespace
}  // namespace deployctl::readiness
