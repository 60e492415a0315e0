// SPDX-License-Identifier: Apache-2.0
#include "config/configuration.hpp"

#include "config/placeholders.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::config;

namespace {

Configuration read_good(const std::string& text) {
    const auto loaded = read_configuration(text, "deploy.yaml");
    INFO(render(loaded.diagnostics, ColorMode::plain));
    REQUIRE(loaded.diagnostics.empty());
    return loaded.configuration;
}

const std::string head = "apiVersion: deployctl/v1\napp: {name: web, image: example.com/web}\n";
const std::string tail = "environments: {dev: {namespace: shop}}\n";

}  // namespace

TEST_CASE("a small file has the defaults of the model", "[config]") {
    const auto read = read_good(head + tail);
    Configuration expected;
    expected.app.name = "web";
    expected.app.image = "example.com/web";
    expected.app.workload.name = "web";
    expected.environments["dev"].name = "dev";
    expected.environments["dev"].kube_namespace = "shop";
    CHECK(read == expected);
}

TEST_CASE("an image is a text or a map", "[config]") {
    const auto read = read_good(
        "apiVersion: deployctl/v1\napp: {name: web, image: {name: example.com:5000/web, digest: "
        "require}}\n" +
        tail
    );
    CHECK(read.app.image == "example.com:5000/web");
    CHECK(read.app.digest == DigestPolicy::require);
    CHECK(read_good(head + tail).app.digest == DigestPolicy::prefer);
}

TEST_CASE("one Service or several can be active", "[config]") {
    const auto active = [](const std::string& services) {
        return read_good(
                   head + "strategies: {blue-green: {active_service: " + services + "}}\n" + tail
        )
            .strategies.blue_green.active_services;
    };
    CHECK(active("web") == std::vector<std::string>{"web"});
    CHECK(active("[web, admin]") == std::vector<std::string>{"web", "admin"});
}

TEST_CASE("a role stands for the people in it, beside those that are named", "[config]") {
    const auto configuration = read_good(
        head +
        "roles: {sre: {people: [ada, bob]}, dba: {people: [eve, bob]}}\n"
        "approvals: {one: {people: [mia, ada], roles: [sre, dba]}, two: {roles: [dba]}}\n"
        "freeze: {override: {roles: [sre]}}\n" +
        tail
    );
    using People = std::vector<std::string>;
    CHECK(configuration.approvals.at("one").people == People{"mia", "ada", "bob", "eve"});
    CHECK(configuration.approvals.at("two").people == People{"eve", "bob"});
    CHECK(configuration.freeze.in_emergency.people == People{"ada", "bob"});
}

TEST_CASE("keys that start with x- are free, and anchors in them work", "[config]") {
    const auto read = read_good(
        head +
        "x-health: &health {type: http, every: 1s}\ngates:\n  x-note: anything\n  one: {<<: "
        "*health, path: /one}\n" +
        tail
    );
    REQUIRE(read.gates.size() == 1);
    CHECK(std::get<HttpQuestion>(read.gates.at("one").question).path == "/one");
    CHECK(read.gates.at("one").policy.every == seconds(1));
}

TEST_CASE("the gate of the version probe can be listed without being defined", "[config]") {
    const auto read = read_good(
        "apiVersion: deployctl/v1\napp: {name: web, image: example.com/web, version_probe: {port: "
        "8080}}\nenvironments: {dev: {namespace: shop, gates: [version]}}\n"
    );
    CHECK(read.environments.at("dev").gates == std::vector<std::string>{"version"});
}

TEST_CASE("a map without anything in it is the same as none", "[config]") {
    CHECK(
        read_good(head + "defaults:\ngates:\nstrategies: {canary: }\n" + tail) ==
        read_good(head + tail)
    );
}

TEST_CASE("a source of metrics and the queries are read as they are written", "[config]") {
    const auto read = read_good(
        head +
        "prometheus:\n  url: https://prom.example.com/tenant\n  username: ci\n"
        "  password_file: /run/word\n  ca_file: ca.pem\n  headers: {x-scope-orgid: shop}\n"
        "  timeout: 2s\n"
        "queries:\n  error_rate: |\n    sum(errors)\n    / sum(requests{pod=~\"${pods}\"})\n"
        "  x-note: {free: 1}\n" +
        tail
    );
    MetricsSource expected;
    expected.url = "https://prom.example.com/tenant";
    expected.username = "ci";
    expected.password_file = "/run/word";
    expected.ca_file = "ca.pem";
    expected.headers = {{"x-scope-orgid", "shop"}};
    expected.timeout = seconds(2);
    CHECK(read.prometheus == expected);
    CHECK(
        read.queries ==
        std::map<std::string, std::string>{
            {"error_rate", "sum(errors)\n/ sum(requests{pod=~\"${pods}\"})\n"}
        }
    );
    CHECK_FALSE(read_good(head + tail).prometheus.has_value());
}

TEST_CASE("placeholders are a closed list", "[config]") {
    AppSettings app;
    app.name = "web";
    Environment environment;
    environment.name = "dev";
    CHECK(fill_in("k8s/${app}/${env}/${env}", app, environment) == "k8s/web/dev/dev");
    CHECK(fill_in("a $ b ${ c", app, environment) == "a $ b ${ c");
    CHECK(unknown_name_in("${env}/${app}").empty());
    CHECK(unknown_name_in("${env}/${HOME}/x") == "${HOME}");
    CHECK(unknown_name_in("x ${") == "${");
}
