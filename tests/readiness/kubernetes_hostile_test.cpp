// SPDX-License-Identifier: Apache-2.0
// Manifests in which things are not what they should be: seeded, from the fixtures of the rules.
#include "documents/yaml.hpp"
#include "tests/readiness/assessing.hpp"
#include "tests/support/source_dir.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

namespace deployctl::readiness {
namespace {

constexpr std::array<const char*, 16> odd_values = {
    "[]",
    "{}",
    "null",
    "x",
    "-1",
    "99999999999999999999",
    "[null]",
    "{a: [b]}",
    "[[[]]]",
    "''",
    "nan",
    "'%'",
    "{x: {y: }}",
    "[{name: }]",
    "true",
    "100%",
};

/// The manifests of all fixtures of rules about Kubernetes, each a list of lines.
std::vector<std::string> manifests() {
    const auto folder = std::filesystem::path(tests::source_dir()) / "tests/readiness/rules";
    std::vector<std::filesystem::path> paths;
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
        paths.push_back(file.path());
    }
    std::sort(paths.begin(), paths.end());
    std::vector<std::string> texts;
    for (const auto& path : paths) {
        std::ifstream stream(path);
        const std::string fixture{std::istreambuf_iterator<char>(stream), {}};
        const documents::YamlSource source(fixture, path.string());
        const auto read = documents::read_yaml(source);
        for (const auto& one : read.root.entries) {
            for (const auto& file : one.value.entries) {
                if (file.key == "app.yaml") {
                    texts.push_back(file.value.text);
                }
            }
        }
    }
    return texts;
}

/// Some values after a colon, in a line or the head of a block, become odd ones.
std::string spoiled(const std::string& text, std::mt19937& random) {
    std::string result;
    std::size_t skipped_depth = std::string::npos;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        const auto line = text.substr(at, end - at);
        at = end + 1;
        const auto depth = line.find_first_not_of(" -");
        if (skipped_depth != std::string::npos && depth > skipped_depth) {
            continue;
        }
        skipped_depth = std::string::npos;
        const auto colon = line.find(": ");
        const bool is_head = line.ends_with(':');
        if ((colon != line.npos || is_head) && random() % 12 == 0) {
            const auto key = line.substr(0, is_head ? line.size() - 1 : colon);
            result += key + ": " + odd_values.at(random() % odd_values.size()) + "\n";
            skipped_depth = is_head ? depth : std::string::npos;
        } else {
            result += line + "\n";
        }
    }
    return result;
}

std::string told(const Assessment& assessment) {
    std::string text;
    for (const auto& result : assessment.results) {
        for (const auto& finding : result.findings) {
            text += result.rule->id + std::string(finding.object()) +
                    std::string(outcome_names.at(static_cast<std::size_t>(finding.outcome))) +
                    finding.observed + "\n";
        }
    }
    return text;
}

TEST_CASE("manifests of any shape are asked, and answered the same each time", "[readiness]") {
    const auto all = manifests();
    REQUIRE(all.size() > 300);
    std::size_t asked = 0;
    for (unsigned seed = 1; seed <= 20; ++seed) {
        std::mt19937 random(seed);
        Texts texts;
        for (const auto& one : all) {
            texts["m" + std::to_string(texts.size()) + ".yaml"] = spoiled(one, random);
        }
        const auto answer = told(assess(texts, own_rules()));
        INFO("seed " << seed);
        CHECK(answer == told(assess(texts, own_rules())));
        asked += static_cast<std::size_t>(std::count(answer.begin(), answer.end(), '\n'));
    }
    CHECK(asked > 100'000);
}

TEST_CASE(
    "the version of the cluster decides which versions of the API are served", "[readiness]"
) {
    const std::string old =
        "apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: a}\n";
    const auto [version, outcome] = GENERATE(table<std::string, Outcome>({
        {"1.24", Outcome::pass},
        {"v1.24.17", Outcome::pass},
        {"1.25", Outcome::fail},
        {"", Outcome::fail},
        {"the newest", Outcome::fail},
    }));
    Settings settings;
    settings.kubernetes_version = version;
    auto pack = std::make_shared<RulePack>();
    pack->rules.push_back(*own_rules()->find("K8S-63"));
    const auto assessment = assess({{"a.yaml", old}}, pack, settings);
    INFO(version);
    REQUIRE(assessment.results.front().findings.size() == 1);
    CHECK(assessment.results.front().findings.front().outcome == outcome);
}

TEST_CASE("no report shows a secret that a manifest holds", "[readiness]") {
    const std::string text =
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {DB_PASSWORD: "
        "hunter-two}\n---\n"
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - name: app\n"
        "      image: web\n      env: [{name: API_TOKEN, value: hunter-three},"
        " {name: API_TOKEN, value: hunter-four}]\n";
    const auto answer = told(assess({{"a.yaml", text}}, own_rules()));
    CHECK(answer.find("K8S-58") != answer.npos);
    CHECK(answer.find("K8S-158") != answer.npos);
    CHECK(answer.find("hunter") == answer.npos);
}

/// The rules that fail and say this of what they have seen.
std::string rules_that_say(const Assessment& assessment, std::string_view words) {
    std::string rules;
    for (const auto& result : assessment.results) {
        for (const auto& finding : result.findings) {
            const bool says =
                finding.outcome == Outcome::fail && finding.observed.find(words) != words.npos;
            rules += says ? result.rule->id + " " : "";
        }
    }
    return rules;
}

TEST_CASE("what is missing of a backup's object is counted once", "[readiness]") {
    const auto assessment = assess(
        {{"backup.yaml",
          "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: backup}\nspec:\n"
          "  schedule: '0 3 * * *'\n"
          "  jobTemplate: {spec: {template: {spec: {containers: [{name: dump, image: a:1, "
          "command: [pg_dump, shop]}]}}}}\n---\n"
          "apiVersion: velero.io/v1\nkind: Schedule\nmetadata: {name: a}\nspec: {template: {}}\n"}},
        own_rules()
    );
    CHECK(rules_that_say(assessment, "concurrencyPolicy") == "K8S-264 ");
    CHECK(rules_that_say(assessment, "startingDeadlineSeconds") == "K8S-64 ");
    CHECK(rules_that_say(assessment, "template/ttl") == "VOL-19 ");
}

TEST_CASE("an image that moves stops production once", "[readiness]") {
    const auto assessment = assess(
        {{"environments/prod/web.yaml",
          "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n"
          "spec: {template: {spec: {containers: [{name: app, image: web:latest}]}}}\n"}},
        own_rules()
    );
    std::string stopping;
    for (const auto& [result, finding] : blockers(assessment)) {
        const bool is_of_image = finding->observed.find("web:latest") != std::string::npos;
        stopping += is_of_image ? result->rule->id + " " : "";
    }
    CHECK(stopping == "K8S-51 ");
}

}  // namespace
}  // namespace deployctl::readiness
