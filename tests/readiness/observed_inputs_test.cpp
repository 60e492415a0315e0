// SPDX-License-Identifier: Apache-2.0
// What monitoring, pipelines, scripts and environments become as subjects.
#include "readiness/cron_period.hpp"
#include "readiness/inputs/environment_names.hpp"
#include "tests/readiness/assessing.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace deployctl::readiness {
namespace {

/// "kind path:line" of each subject of these kinds, one a line.
std::string told_of(const Facts& facts, const std::vector<std::string>& kinds) {
    std::string text;
    for (const auto& kind : kinds) {
        for (const auto* subject : facts.of(kind)) {
            const auto place = facts.place(*subject, *subject->node);
            text += kind + " " + subject->path + ":" + std::to_string(place.spot.line) + "\n";
        }
    }
    return text;
}

std::string told(const Texts& texts, const std::vector<std::string>& kinds) {
    return told_of(*facts_of(texts), kinds);
}

std::string joined(const documents::Node& list) {
    std::string text;
    for (const auto& item : list.items) {
        text += (text.empty() ? "" : "|") + std::string(item.text);
    }
    return text;
}

TEST_CASE("rule files give alerts and recordings, two of one name told apart", "[readiness]") {
    CHECK(
        told(
            {{"a.yaml",
              "groups:\n- name: api\n  rules:\n  - alert: Down\n    expr: up == 0\n"
              "  - alert: Down\n    expr: up < 1\n  - record: a:b\n    expr: up\n  - expr: lost\n"}
            },
            {"rule-file", "alert", "recording"}
        ) ==
        "rule-file a.yaml:1\n"
        "alert a.yaml -> group/api/alert/Down:4\n"
        "alert a.yaml -> group/api/alert/Down#2:6\n"
        "recording a.yaml -> group/api/recording/a:b:8\n"
    );
}

TEST_CASE("PrometheusRule objects are rule files whose paths name no file", "[readiness]") {
    CHECK(
        told(
            {{"k8s/rules.yaml",
              "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\n"
              "metadata: {name: api, namespace: shop}\nspec:\n  groups:\n  - name: g\n"
              "    rules:\n    - {alert: Down, expr: up == 0}\n"}},
            {"rule-file", "alert"}
        ) ==
        "rule-file PrometheusRule/shop/api:5\n"
        "alert PrometheusRule/shop/api/group/g/alert/Down:8\n"
    );
}

TEST_CASE("a text in a ConfigMap has the lines of its file", "[readiness]") {
    CHECK(
        told(
            {{"cm.yaml",
              "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: rules}\ndata:\n  a.rules: |\n"
              "    groups:\n    - name: g\n      rules:\n      - {alert: Down, expr: up == 0}\n"
              "  broken.yml: |\n    groups: [\n  other.txt: 'groups: '\n"}},
            {"rule-file", "alert"}
        ) ==
        "rule-file ConfigMap/rules/a.rules:6\n"
        "alert ConfigMap/rules/a.rules -> group/g/alert/Down:9\n"
    );
}

TEST_CASE("a rule file that cannot be read loses as many alerts as it names", "[readiness]") {
    const auto pack = rules_of(
        "- {id: X-1, title: t, category: monitoring, severity: low, subject: alert,\n"
        "   pass: {path: expr, exists: true}, message: m, why: w, mend: m, references: [r]}\n"
    );
    const auto assessment = assess(
        {{"a.yaml", "groups:\n- rules:\n  - alert: A\n    expr: b\n - alert: C\n   expr: d\n"}},
        pack
    );
    REQUIRE(assessment.results.front().findings.size() == 1);
    CHECK(assessment.results.front().findings.front().outcome == Outcome::not_assessed);
    CHECK(assessment.results.front().findings.front().count == 2);
}

TEST_CASE("workflows have jobs and steps, whatever way `on` is written", "[readiness]") {
    CHECK(
        told(
            {{".github/workflows/ci.yml",
              "on: push\njobs:\n  test:\n    runs-on: x\n    steps:\n    - run: make\n"
              "    - uses: ./a\n"},
             {"a/action.yml", "runs:\n  using: composite\n  steps:\n  - run: ls\n"},
             {"ci.yml", "on: push\njobs: {}\n"}},
            {"workflow", "workflow-job", "workflow-step"}
        ) ==
        "workflow .github/workflows/ci.yml:1\n"
        "workflow-job .github/workflows/ci.yml -> job/test:4\n"
        "workflow-step .github/workflows/ci.yml -> job/test/step/1:6\n"
        "workflow-step .github/workflows/ci.yml -> job/test/step/2:7\n"
        "workflow-step a/action.yml -> step/1:4\n"
    );
}

TEST_CASE("a job of GitLab has what it extends, and its own keys win", "[readiness]") {
    const auto facts = facts_of(
        {{".gitlab-ci.yml",
          "default: {timeout: 1h, image: old}\n.a: {image: a, script: [a], extends: [.b]}\n"
          ".b: {script: [b], stage: ship, extends: .a}\njob: {extends: .a, script: [own]}\n"
          "stages: [ship]\n"}}
    );
    const auto jobs = facts->of("gitlab-job");
    REQUIRE(jobs.size() == 1);
    CHECK(jobs[0]->path == ".gitlab-ci.yml -> job/job");
    CHECK(jobs[0]->node->text_at("image") == "a");
    CHECK(jobs[0]->node->text_at("script/0") == "own");
    CHECK(jobs[0]->node->text_at("stage") == "ship");
    CHECK(jobs[0]->node->text_at("timeout") == "1h");
}

TEST_CASE("commands are found in scripts, targets, jobs and containers", "[readiness]") {
    const Texts texts = {
        {"backup.sh", "set -e\npg_dump shop > f\n"},
        {"Makefile", "save:\n\t@pg_dump shop > f\nall: save\n"},
        {".github/workflows/b.yml",
         "on: {schedule: [{cron: '0 3 * * *'}]}\njobs:\n  b:\n    steps:\n    - run: |\n"
         "        ls\n        restic backup /data\n"},
        {"k8s/b.yaml",
         "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: b}\nspec:\n  schedule: '@daily'\n"
         "  jobTemplate:\n    spec:\n      template:\n        spec:\n          containers:\n"
         "          - name: c\n            command: [pg_dump, -Fc, shop]\n"},
        {"docs.md", "pg_dump shop\n"},
    };
    const auto facts = facts_of(texts);
    CHECK(
        told_of(*facts, {"backup-commands"}) ==
        "backup-commands backup.sh:2\n"
        "backup-commands .github/workflows/b.yml -> job/b:7\n"
        "backup-commands CronJob/b/container/c:12\n"
        "backup-commands Makefile -> target/save:2\n"
    );
    const auto found = facts->of("backup-commands");
    CHECK(joined(found[0]->node->at("strict")) == "errexit");
    CHECK(found[1]->node->text_at("schedule") == "0 3 * * *");
    CHECK(joined(found[1]->node->at("strict")) == "errexit");
    CHECK(found[2]->node->text_at("schedule") == "@daily");
    CHECK(joined(found[3]->node->at("lines")) == "pg_dump shop > f");
}

TEST_CASE("what pretends to deliver delivers nothing", "[readiness]") {
    CHECK(told({{"a.sh", "kubectl apply --dry-run=client -f x\n"}}, {"deploy-commands"}).empty());
    CHECK(told({{"a.sh", "echo my-kubectl apply\n"}}, {"deploy-commands"}).empty());
    CHECK(!told({{"a.sh", "kubectl -n shop apply -f x\n"}}, {"deploy-commands"}).empty());
}

TEST_CASE("a path speaks of an environment where its folder or file is one", "[readiness]") {
    CHECK(environment_of_path("overlays/prod/web.yaml") == "production");
    CHECK(environment_of_path("k8s/production/web.yaml") == "production");
    CHECK(environment_of_path("production/main.tf") == "production");
    CHECK(environment_of_path("infra/envs/dev/main.tf") == "development");
    CHECK(environment_of_path("environments/production-eu/a.yaml") == "production-eu");
    CHECK(environment_of_path("values-staging.yaml") == "staging");
    CHECK(environment_of_path(".env.production") == "production");
    CHECK(environment_of_path("prod.tfvars") == "production");
    CHECK(environment_of_path("docker-compose.dev.yml") == "development");
    for (const auto* const path :
         {"test/main.go",
          "tests/production_test.go",
          "src/dev/tool.py",
          "live/a.txt",
          "dev.md",
          "values.yaml",
          "stage.go",
          ""}) {
        INFO(path);
        CHECK(environment_of_path(path).empty());
    }
    CHECK(environment_role("production-eu") == EnvironmentRole::production);
    CHECK(environment_role("shop") == EnvironmentRole::other);
}

TEST_CASE("an environment gathers its files, objects and workloads", "[readiness]") {
    const auto facts = facts_of(
        {{"overlays/prod/web.yaml",
          "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\n"
          "spec:\n  replicas: 3\n  template:\n    spec:\n      containers:\n"
          "      - {name: app, image: 'web:1', resources: {limits: {cpu: 1}}}\n"},
         {"deploy.yaml",
          "apiVersion: deployctl/v1\nenvironments:\n  prod: {namespace: shop}\n  qa: {namespace: "
          "q}\n"}}
    );
    const auto found = facts->of("environment");
    REQUIRE(found.size() == 2);
    CHECK(found[0]->path == "environment/production");
    CHECK(found[0]->node->text_at("role") == "production");
    CHECK(joined(found[0]->node->at("files")) == "overlays/prod/web.yaml");
    CHECK(joined(found[0]->node->at("namespaces")) == "shop|shop");
    CHECK(found[0]->node->text_at("workloads/0/id") == "Deployment/web");
    CHECK(found[0]->node->text_at("workloads/0/containers/0/image") == "web:1");
    CHECK(found[0]->node->at("workloads/0/containers/0/limits").exists());
    const auto place = facts->place(*found[0], found[0]->node->at("workloads/0/replicas"));
    CHECK(place.file == "overlays/prod/web.yaml");
    CHECK(place.spot.line == 5);
    CHECK(found[1]->name == "qa");
}

TEST_CASE("the longest pause of a cron expression is known", "[readiness]") {
    CHECK(longest_pause("*/5 * * * *") == 5);
    CHECK(longest_pause("0 * * * *") == 60);
    CHECK(longest_pause("0,40 * * * *") == 40);
    CHECK(longest_pause("0 */6 * * *") == 360);
    CHECK(longest_pause("0 3 * * *") == 1440);
    CHECK(longest_pause("0 8,20 * * *") == 720);
    CHECK(longest_pause("0 3 * * 0") == 7 * 1440);
    CHECK(longest_pause("0 3 * * 1-5") == 3 * 1440);
    CHECK(longest_pause("0 3 1 * *") == 31 * 1440);
    CHECK(longest_pause(" @daily ") == 1440);
    CHECK(longest_pause("5/15 * * * *") == 15);
    for (const auto* const text :
         {"", "0 3 * *", "a b c d e", "99 * * * *", "*/0 * * * *", "5-1 * * * *"}) {
        INFO(text);
        CHECK_FALSE(longest_pause(text));
    }
}

TEST_CASE(
    "what is made while subjects are gathered counts for no file that was read", "[readiness]"
) {
    const auto facts =
        facts_of({{".gitlab-ci.yml", "a: {script: [pg_dump a]}\n"}, {".env.production", "A=b\n"}});
    int made = 0;
    for (const auto& file : facts->files()) {
        if (!file.rendering.empty()) {
            ++made;
            CHECK(file.kind == unrecognised);
        }
    }
    CHECK(made == 4);
}

TEST_CASE("files that cannot be read cost themselves only", "[readiness]") {
    const auto facts = facts_of(
        {{"a.sh", std::string("ls\0ls", 5)},
         {"b.sh", "ls\n"},
         {"Makefile",
          "\xFF\xFE"
          "a"}}
    );
    CHECK(told_of(*facts, {"script", "makefile"}) == "script b.sh:1\n");
    const auto* broken = facts->file("a.sh");
    REQUIRE(broken != nullptr);
    CHECK(broken->kind == "script");
    CHECK(broken->trouble.what == "is not text in UTF-8");
}

}  // namespace
}  // namespace deployctl::readiness
