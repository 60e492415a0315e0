// SPDX-License-Identifier: Apache-2.0
// Trees of strangers that would cost hours where a question looks at all for each: they end, and
// what could not be asked is not known.
#include "tests/readiness/assessing.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <ctime>

namespace deployctl::readiness {
namespace {

/// All rules that are compiled in, asked of these files, in less than this.
void ends_soon(const Texts& texts) {
    const auto begin = std::chrono::steady_clock::now();
    const auto assessment = assess(texts, own_rules());
    const auto took = std::chrono::steady_clock::now() - begin;
    CHECK(!assessment.results.empty());
    CHECK(std::chrono::duration_cast<std::chrono::seconds>(took).count() < 20);
}

std::string repeated(const std::string& text, int times) {
    std::string all;
    for (int count = 0; count < times; ++count) {
        all += text;
    }
    return all;
}

std::string numbered(const std::string& before, const std::string& after, int times) {
    std::string all;
    for (int count = 0; count < times; ++count) {
        all += before + std::to_string(count) + after;
    }
    return all;
}

TEST_CASE("templates of GitLab that double at each level end", "[readiness]") {
    std::string text;
    for (char level = 'a'; level < 'm'; ++level) {
        const std::string next = std::string(".") + static_cast<char>(level + 1);
        text +=
            std::string(".") + level + ": {extends: [" + repeated(next + ", ", 50) + next + "]}\n";
    }
    ends_soon({{".gitlab-ci.yml", text + "job: {extends: .a, script: [ls]}\n"}});
}

TEST_CASE("jobs that all need each other end", "[readiness]") {
    std::string needs = "[" + numbered("j", ", ", 300) + "j0]";
    std::string jobs = numbered(
        "  j",
        ": {runs-on: x, environment: production, needs: " + needs +
            ", steps: [{run: helm upgrade a b}]}\n",
        300
    );
    ends_soon(
        {{".github/workflows/a.yml",
          "on: pull_request\njobs:\n  s: {runs-on: x, environment: staging}\n" + jobs}}
    );
}

TEST_CASE("thousands of alerts through thousands of routes end", "[readiness]") {
    ends_soon(
        {{"rules.yaml",
          "groups:\n- name: a\n  rules:\n" +
              repeated("  - {alert: A, expr: a > 1, labels: {severity: critical}}\n", 4'000)},
         {"alertmanager.yml",
          "receivers: [{name: a}]\nroute:\n  receiver: a\n  routes:\n" +
              repeated("  - {matchers: ['severity=~\"warning|info\"'], receiver: a}\n", 4'000)}}
    );
}

TEST_CASE("a Makefile of backups and a script of promises end", "[readiness]") {
    ends_soon(
        {{"Makefile", numbered("backup", ":\n\tpg_dump a > b\n", 20'000)},
         {"a.sh", repeated("# usage: [a|b|c|d]\nls\n", 20'000)},
         {"b.md", repeated("RPO: 5 minutes, across regions, nightly backups, `make x`\n", 5'000)}}
    );
}

/// Seconds of a core (others' load is not in them) for this many buckets, each with what says more.
double time_of_buckets(int count, const std::string& owner) {
    std::string text;
    for (int at = 0; at < count; ++at) {
        const auto name = std::to_string(at);
        text += "resource \"aws_s3_bucket\" \"b" + name + "\" {\n  bucket = \"shop-" + name +
                "\"\n}\nresource \"aws_s3_bucket_versioning\" \"v" + name +
                "\" {\n  bucket = " + owner + name +
                (owner.starts_with('"')     ? "\""
                 : owner.starts_with("aws") ? ".id"
                                            : "") +
                "\n}\n";
    }
    const auto facts = facts_of({{"main.tf", text}});
    const auto checks = all_checks();
    const auto versioned = std::ranges::find(checks, "aws-bucket-is-versioned", &NamedCheck::name);
    const auto begin = std::clock();
    for (const auto* bucket : facts->of("tf:aws_s3_bucket")) {
        versioned->check(*bucket, *facts);
    }
    return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

TEST_CASE("eight times the buckets take no sixty times as long", "[readiness]") {
    // By addresses that are another's, by names, by what is not known.
    const std::string owner = GENERATE("aws_s3_bucket.b", "\"other-", "var.x");
    INFO(owner);
    const auto few = std::max(time_of_buckets(1'500, owner), time_of_buckets(1'500, owner));
    const auto many = time_of_buckets(12'000, owner);
    CHECK(many < 32 * few);
}

TEST_CASE("a line of dates and an expression that names every bucket end", "[readiness]") {
    std::string buckets;
    std::string all;
    for (int at = 0; at < 20'000; ++at) {
        const auto name = std::to_string(at);
        buckets += "resource \"aws_s3_bucket\" \"b" + name + "\" {}\n";
        all += "aws_s3_bucket.b" + name + ".id, ";
    }
    ends_soon(
        {{"backup.sh", "pg_dump shop; " + repeated("date;", 200'000) + "\n"},
         {"main.tf",
          buckets + "resource \"aws_s3_bucket_versioning\" \"v\" {\n  bucket = coalesce(" + all +
              "var.x)\n}\n"}}
    );
}

}  // namespace
}  // namespace deployctl::readiness
