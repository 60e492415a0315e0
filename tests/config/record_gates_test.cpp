// SPDX-License-Identifier: Apache-2.0
// Gates that ask what was written down before, as deploy.yaml has them.
#include "config/configuration.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::config;
using namespace std::chrono_literals;

namespace {

const std::string digest = "sha256:" + std::string(64, 'a');

Loaded load(const std::string& gate, const std::string& lists = "") {
    return read_configuration(
        "apiVersion: deployctl/v1\napp: {name: web, image: example.com/web}\ngates: {g: {" + gate +
            "}}\nenvironments: {staging: {namespace: shop" + lists +
            "}, production: {context: prod, namespace: shop}}\n",
        "deploy.yaml"
    );
}

/// "3:19 C1100 there is no environment `x`", of the only one.
std::string mistake_in(const std::string& gate, const std::string& lists = "") {
    const auto loaded = load(gate, lists);
    if (loaded.diagnostics.empty()) {
        return "none";
    }
    CHECK(loaded.diagnostics.size() == 1);
    const auto& first = loaded.diagnostics.front();
    CHECK(first.place.file == "deploy.yaml");
    CHECK_FALSE(first.help.empty());
    CHECK_FALSE(first.docs.empty());
    return std::to_string(first.place.line) + ":" + std::to_string(first.place.column) + " " +
           first.code + " " + first.message;
}

template <class Question>
Question question_of(const std::string& gate) {
    const auto loaded = load(gate);
    REQUIRE(loaded.diagnostics.empty());
    return std::get<Question>(loaded.configuration.gates.at("g").question);
}

}  // namespace

TEST_CASE("a soak names another environment of this file", "[config]") {
    CHECK(question_of<SoakQuestion>("type: soak, env: staging") == SoakQuestion{"staging", 24h});
    CHECK(
        question_of<SoakQuestion>("type: soak, env: staging, for: 2d") ==
        SoakQuestion{"staging", 48h}
    );
    CHECK(mistake_in("type: soak, for: 1h") == "3:9 C1009 gate `g` has no `env`");
    CHECK(mistake_in("type: soak, env: stagng") == "3:30 C1100 there is no environment `stagng`");
    CHECK(load("type: soak, env: stagng").diagnostics.front().help == "write `env: staging`");
    CHECK(mistake_in("type: soak, env: '${env}'") == "3:30 C1100 there is no environment `${env}`");
    CHECK(
        mistake_in("type: soak, env: staging, for: 0s") ==
        "3:44 C1012 `for` takes a duration such as `24h`, not `0s`"
    );
    CHECK(
        mistake_in("type: soak, env: staging", ", preflight: [g]") ==
        "4:55 C1107 gate `g` waits for `staging` itself"
    );
    CHECK(
        mistake_in("type: soak, env: staging", ", gates: [g]") ==
        "4:51 C1107 gate `g` waits for `staging` itself"
    );
    CHECK(mistake_in("type: soak, env: production", ", gates: [g]") == "none");
}

TEST_CASE("a dependency says in one way which version it needs", "[config]") {
    CHECK(
        question_of<DependencyQuestion>(
            "type: dependency, app: payments, env: '${env}', min_version: v2.3.0-rc.1"
        ) == DependencyQuestion{"payments", "${env}", "v2.3.0-rc.1"}
    );
    CHECK(
        question_of<DependencyQuestion>(
            "type: dependency, app: p, env: e, digest: '" + digest + "'"
        )
            .digest == digest
    );
    const std::string head = "type: dependency, app: payments, env: e";
    CHECK(mistake_in(head) == "3:9 C1101 gate `g` needs `min_version` or `version` or `digest`");
    CHECK(
        mistake_in(head + ", min_version: 2.3.0, version: 2.3.1") ==
        "3:83 C1101 `min_version` and `version` both say what passes"
    );
    CHECK(
        mistake_in(head + ", min_version: 2.3") ==
        "3:67 C1102 `min_version` takes a semantic version, not `2.3`"
    );
    CHECK(
        mistake_in(head + ", digest: 'sha256:abc'") ==
        "3:62 C1103 `digest` takes `sha256:` and 64 hexadecimal digits"
    );
    CHECK(
        mistake_in("type: dependency, app: p, env: '${app}', version: main") ==
        "3:44 C1070 ${app} stands for nothing"
    );
    CHECK(
        mistake_in("type: dependency, env: e, version: main") == "3:9 C1009 gate `g` has no `app`"
    );
    CHECK(
        mistake_in("type: dependency, app: 'a b', env: e, version: main") ==
        "3:36 C1021 `a b` is no name that Kubernetes takes"
    );
}

TEST_CASE("a readiness gate takes 80 of 100, and nothing critical, unless it is told", "[config]") {
    const auto plain = question_of<ReadinessQuestion>("type: readiness, report: r.json");
    CHECK(plain == ReadinessQuestion{"r.json", "", 80, {FindingSeverity::critical}, 24h});
    const auto full = question_of<ReadinessQuestion>(
        "type: readiness, report: 'r/${env}.json', min_score: 91.5, fail_on: [high, low], max_age: "
        "2h"
    );
    CHECK(
        full ==
        ReadinessQuestion{
            "r/${env}.json", "", 91.5, {FindingSeverity::high, FindingSeverity::low}, 2h
        }
    );
    CHECK(question_of<ReadinessQuestion>("type: readiness, report: r, fail_on: []").fail_on.empty()
    );
    CHECK(question_of<ReadinessQuestion>("type: readiness") == ReadinessQuestion{});
    const auto own = question_of<ReadinessQuestion>("type: readiness, assess: a, max_drop: 2.5");
    CHECK(own.report.empty());
    CHECK(own.assess == "a");
    CHECK(own.max_drop == 2.5);
    CHECK(
        mistake_in("type: readiness, report: r, assess: a") ==
        "3:49 C1101 `report` and `assess` both say what passes"
    );
    CHECK(
        mistake_in("type: readiness, report: r, fail_on: [critical, hihg]") ==
        "3:61 C1104 `hihg` is no severity of a finding"
    );
    CHECK(
        mistake_in("type: readiness, report: r, min_score: 101") ==
        "3:52 C1012 `min_score` takes a number from 0 to 100, not `101`"
    );
    CHECK(mistake_in("type: readiness, report: '${x}'") == "3:38 C1070 ${x} stands for nothing");
}

TEST_CASE("backups are files or a CronJob's, and only the last part has wildcards", "[config]") {
    CHECK(
        question_of<BackupAgeQuestion>("type: backup-age, files: 'b/${app}/*.dump', max_age: 6h") ==
        BackupAgeQuestion{"b/${app}/*.dump", "", 6h}
    );
    CHECK(
        question_of<BackupAgeQuestion>("type: backup-age, cron_job: db-backup") ==
        BackupAgeQuestion{"", "db-backup", 24h}
    );
    CHECK(question_of<BackupAgeQuestion>("type: backup-age, files: '*'").files == "*");
    CHECK(mistake_in("type: backup-age") == "3:9 C1101 gate `g` needs `files` or `cron_job`");
    CHECK(
        mistake_in("type: backup-age, files: b, cron_job: c") ==
        "3:51 C1101 `files` and `cron_job` both say what passes"
    );
    CHECK(
        mistake_in("type: backup-age, files: 'b/*/x.dump'") ==
        "3:38 C1105 only the last part of `files` may have `*` or `?`"
    );
    CHECK(
        mistake_in("type: backup-age, files: '${pods}'") == "3:38 C1070 ${pods} stands for nothing"
    );
    CHECK(
        mistake_in("type: backup-age, cron_job: 'a/b'") ==
        "3:41 C1021 `a/b` is no name that Kubernetes takes"
    );
}

TEST_CASE("a performance gate limits some latency", "[config]") {
    const auto plain =
        question_of<PerformanceQuestion>("type: performance, report: r.json, max_p95: 200ms");
    CHECK(plain == PerformanceQuestion{"r.json", std::nullopt, 200ms});
    const auto full = question_of<PerformanceQuestion>(
        "type: performance, report: 'r/${version}.json', max_p50: 50ms, max_p99: 1s, max_errors: "
        "0.5, baseline: 'r/${previous_version}.json', tolerance: 0.25, max_age: 1h"
    );
    CHECK(
        full ==
        PerformanceQuestion{
            "r/${version}.json",
            50ms,
            std::nullopt,
            1s,
            0.5,
            "r/${previous_version}.json",
            0.25,
            1h,
        }
    );
    CHECK(mistake_in("type: performance") == "3:9 C1101 gate `g` needs `report`");
    CHECK(
        mistake_in("type: performance, report: r, max_errors: 0.1") ==
        "3:9 C1106 gate `g` limits no latency"
    );
    CHECK(mistake_in("type: performance, report: r, baseline: b") == "none");
    CHECK(
        mistake_in("type: performance, report: r, baseline: '${x}'") ==
        "3:53 C1070 ${x} stands for nothing"
    );
    CHECK(
        mistake_in("type: performance, report: r, max_p95: 0s") ==
        "3:52 C1012 `max_p95` takes a duration such as `200ms`, not `0s`"
    );
}

TEST_CASE("a capacity gate is asked before a rollout, and in no step", "[config]") {
    CHECK(question_of<CapacityQuestion>("type: capacity") == CapacityQuestion{});
    CHECK(question_of<CapacityQuestion>("type: capacity, headroom: 20%").headroom == 20);
    CHECK(question_of<CapacityQuestion>("type: capacity, max_nodes: 12").max_nodes == 12);
    CHECK(question_of<CapacityQuestion>("type: capacity").max_nodes == 0);
    CHECK(
        mistake_in("type: capacity, headroom: 0.2") ==
        "3:39 C1011 `headroom` takes a percent from 1 to 100 such as `20%`, not `0.2`"
    );
    CHECK(
        mistake_in("type: capacity, headroom: 101%") ==
        "3:39 C1011 `headroom` takes a percent from 1 to 100 such as `20%`, not `101%`"
    );
    CHECK(mistake_in("type: capacity", ", preflight: [g]") == "none");
    CHECK(
        mistake_in("type: capacity", ", gates: [g]") ==
        "4:51 C1108 gate `g` is asked before a rollout alone"
    );
}

TEST_CASE("gates about what was written down are written as they are read", "[config]") {
    for (const std::string& gate : std::vector<std::string>{
             "type: soak, env: staging",
             "type: soak, env: staging, for: 2h",
             "type: dependency, app: p, env: '${env}', min_version: 1.0.0",
             "type: dependency, app: p, env: e, version: main",
             "type: dependency, app: p, env: e, digest: '" + digest + "'",
             "type: readiness, report: r",
             "type: readiness, report: r, min_score: 90, fail_on: [high], max_age: 1h",
             "type: readiness, report: r, fail_on: []",
             "type: backup-age, files: 'b/*'",
             "type: backup-age, cron_job: c, max_age: 1h",
             "type: capacity",
             "type: capacity, headroom: 25%, max_nodes: 12",
             "type: performance, report: r, max_p95: 1s",
             "type: performance, report: r, max_p50: 1s, max_p99: 2s, baseline: b, tolerance: 0",
         }) {
        CAPTURE(gate);
        const auto first = load(gate).configuration;
        for (const auto& text : {to_short_yaml(first), to_yaml(first)}) {
            const auto again = read_configuration(text, "deploy.yaml");
            CAPTURE(text);
            CHECK(again.diagnostics.empty());
            CHECK(again.configuration.gates == first.gates);
        }
    }
}
