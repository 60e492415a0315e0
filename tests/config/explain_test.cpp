// SPDX-License-Identifier: Apache-2.0
#include "config/configuration.hpp"
#include "config/keys.hpp"
#include "tests/config/golden_texts.hpp"
#include "tests/support/source_dir.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::config;

TEST_CASE("a key is explained with type, default and example", "[config]") {
    CHECK(
        explain("gates.every") ==
        "gates.<name>.every\n  Time between samples.\n\n  takes    a duration such as `10s`\n"
        "  default  10s\n  example  every: 10s\n"
    );
    CHECK(
        explain("strategies.canary.steps")
            .value()
            .find("default  [{weight: 10, hold: 1m}, {weight: 50, hold: 1m}]") != std::string::npos
    );
}

TEST_CASE("names that people chose may stand in the path", "[config]") {
    CHECK(explain("gates.latency.every") == explain("gates.every"));
    CHECK(explain("gates.latency") == explain("gates"));
    CHECK(explain("environments.production.gates") == explain("environments.gates"));
    CHECK(explain("queries.error_rate") == explain("queries"));
    CHECK(explain("prometheus.headers.X-Scope-OrgID") == explain("prometheus.headers"));
    CHECK(
        explain("strategies.canary.steps[0].weight") == explain("strategies.canary.steps.weight")
    );
}

TEST_CASE("what stands below several keys is explained below each", "[config]") {
    CHECK(
        explain("hooks.post_verify[0].timeout") ==
        "hooks.post_verify[].timeout\n  How long it may take.\n\n"
        "  takes    a duration such as `10m`\n  default  10m\n  example  timeout: 10m\n"
    );
    CHECK(
        explain("backup.databases.web.keep.last").value().find("default  10\n") != std::string::npos
    );
    CHECK(explain("dr.traffic.timeout").value().find("default  10m\n") != std::string::npos);
    CHECK(explain("hooks.pre_deploy").value().find("default  []\n") != std::string::npos);
}

TEST_CASE("a map is explained with the keys in it", "[config]") {
    const auto page = explain("app").value();
    CHECK(page.find("Keys in it:\n  name ") != std::string::npos);
    CHECK(explain("app.manifests").value().find("helm") == std::string::npos);
}

TEST_CASE("a key of a later version is explained as such", "[config]") {
    CHECK(
        explain("notifications") == "notifications\n  Who is told. Not supported by this version.\n"
    );
}

TEST_CASE("an unknown key has no page but neighbours", "[config]") {
    CHECK_FALSE(explain("gates.evry").has_value());
    CHECK(similar_keys("gates.evry") == std::vector<std::string>{"gates.every"});
    CHECK(
        similar_keys("defaults.weight") ==
        std::vector<std::string>{"strategies.canary.steps.weight"}
    );
    CHECK(similar_keys("qqqqqqqqqqqq").empty());
    CHECK_FALSE(explain("..").has_value());
    CHECK_FALSE(explain("gates..every").has_value());
}

TEST_CASE("each key has a page, a sentence and an example that its own type takes", "[config]") {
    for (const auto& key : all_keys()) {
        CAPTURE(std::string(key.path));
        CHECK(explain(key.path).has_value());
        CHECK_FALSE(key.says.empty());
        CHECK_FALSE(key.says.ends_with('.'));
        CHECK_FALSE(key.example.empty());
    }
}

TEST_CASE("the manual lists the keys as the program does", "[config]") {
    const std::string start = "<!-- keys -->\n```\n";
    const std::string end = "```\n<!-- end of keys -->\n";
    const std::string path = "docs/configuration.md";
    const auto manual = read_source_file(path);
    const auto from = manual.find(start);
    const auto to = manual.find(end);
    REQUIRE(from != std::string::npos);
    REQUIRE(to != std::string::npos);
    const auto listed = manual.substr(from + start.size(), to - from - start.size());
    const auto expected = explain("").value();
    if (std::getenv("DEPLOYCTL_ACCEPT") != nullptr && listed != expected) {
        std::ofstream(tests::source_dir() / path)
            << manual.substr(0, from + start.size()) << expected << manual.substr(to);
    }
    CHECK(listed == expected);
}
