// SPDX-License-Identifier: Apache-2.0
// What compose files become; that rules see it is in the fixtures of COMPOSE-*.
#include "readiness/inputs/compose.hpp"

#include "readiness/inputs/compose_values.hpp"
#include "tests/readiness/assessing.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>

namespace deployctl::readiness {
namespace {

/// "text of a node", "?text" of an unknown one, "(none)".
std::string at(
    const std::shared_ptr<const Facts>& facts, std::string_view name, std::string_view path
) {
    for (const auto* const service : facts->of("compose-service")) {
        if (service->name == name) {
            const auto& node = service->node->at(path);
            const auto place = node.is_unknown() ? "?" : "";
            return node.exists() ? place + std::string(node.text) : "(none)";
        }
    }
    return "(no service)";
}

TEST_CASE("variables have their defaults, and nothing else is known of them", "[readiness]") {
    CHECK(compose_value("a${B:-c}d") == "acd");
    CHECK(compose_value("${A-b}") == "b");
    CHECK(compose_value("${A:-${B:-c}}") == "c");
    CHECK(compose_value("$$A ${B:-}") == "$A ");
    CHECK(compose_value("5$") == "5$");
    CHECK(compose_value("a${B}") == std::nullopt);
    CHECK(compose_value("$B") == std::nullopt);
    CHECK(compose_value("${B:?must be set}") == std::nullopt);
    CHECK(compose_value("${B:+c}") == std::nullopt);
    CHECK(compose_value("${B:-c") == std::nullopt);
}

TEST_CASE("short forms are what they mean", "[readiness]") {
    const auto facts = facts_of({{"compose.yaml", R"(
services:
  web:
    image: a
    ports: ["127.0.0.1:80:8080/udp", 9090, "${P:-1}:2", "[::1]:5:6", "${Q}:7"]
    volumes: [data:/d, ./x:/y:ro, /only, "C:\\data:/w", "${S:-v}:/z"]
    networks: [one]
    environment: [A=b, C]
    build: app
    mem_limit: 1g
)"}});
    CHECK(at(facts, "web", "ports/0/host_ip") == "127.0.0.1");
    CHECK(at(facts, "web", "ports/0/published") == "80");
    CHECK(at(facts, "web", "ports/0/target") == "8080");
    CHECK(at(facts, "web", "ports/0/protocol") == "udp");
    CHECK(at(facts, "web", "ports/1/target") == "9090");
    CHECK(at(facts, "web", "ports/1/published") == "(none)");
    CHECK(at(facts, "web", "ports/2/published") == "1");
    CHECK(at(facts, "web", "ports/3/host_ip") == "[::1]");
    CHECK(at(facts, "web", "ports/4/published") == "?${Q}");
    CHECK(at(facts, "web", "ports/4/target") == "7");
    CHECK(at(facts, "web", "volumes/0/type") == "volume");
    CHECK(at(facts, "web", "volumes/1/type") == "bind");
    CHECK(at(facts, "web", "volumes/1/read_only") == "true");
    CHECK(at(facts, "web", "volumes/2/source") == "(none)");
    CHECK(at(facts, "web", "volumes/2/target") == "/only");
    CHECK(at(facts, "web", "volumes/3/source") == "C:\\data");
    CHECK(at(facts, "web", "volumes/3/type") == "bind");
    CHECK(at(facts, "web", "volumes/4/source") == "v");
    CHECK(at(facts, "web", "environment/A") == "b");
    CHECK(at(facts, "web", "environment/C") == "(none)");
    CHECK(at(facts, "web", "build/context") == "app");
    CHECK(at(facts, "web", "x-limits/memory") == "1g");
}

TEST_CASE("a service has what it extends, and its own before it", "[readiness]") {
    const auto facts = facts_of({
        {"compose.yaml", R"(
services:
  a: {extends: b, command: [own], environment: {X: 2}, volumes: ["n:/d"]}
  b: {extends: {service: c, file: sub/base.yaml}, environment: {Y: 3}}
)"},
        {"sub/base.yaml", R"(
services:
  c: {image: base, command: [theirs, two], environment: {X: 1, Z: 1}, volumes: ["m:/d", "o:/e"], ports: [80]}
)"},
    });
    CHECK(at(facts, "a", "image") == "base");
    CHECK(at(facts, "a", "command/0") == "own");
    CHECK(at(facts, "a", "command/1") == "(none)");
    CHECK(at(facts, "a", "environment/X") == "2");
    CHECK(at(facts, "a", "environment/Y") == "3");
    CHECK(at(facts, "a", "environment/Z") == "1");
    CHECK(at(facts, "a", "volumes/0/source") == "o");
    CHECK(at(facts, "a", "volumes/1/source") == "n");
    CHECK(at(facts, "a", "volumes/2") == "(none)");
    const auto* const a = facts->of("compose-service").front();
    CHECK(facts->place(*a, a->node->at("image")).file == "sub/base.yaml");
    CHECK(facts->place(*a, a->node->at("environment/X")).file == "compose.yaml");
}

TEST_CASE("an override is read on top of the file beside it", "[readiness]") {
    const auto facts = facts_of({
        {"docker-compose.yml", "services:\n  web: {image: a, user: '1'}\n"},
        {"docker-compose.override.yml", "services:\n  web: {user: '2'}\n  more: {image: b}\n"},
        {"docker-compose.prod.yml", "services:\n  web: {read_only: true}\n  lost: {user: '3'}\n"},
    });
    const auto services = facts->of("compose-service");
    REQUIRE(services.size() == 5);
    const auto told = [&](std::size_t number) {
        const auto& service = *services[number];
        return service.path + " " + std::string(service.node->text_at("image", "?")) + " " +
               std::string(service.node->text_at("user", "?"));
    };
    CHECK(told(0) == "docker-compose.override.yml -> service/web a 2");
    CHECK(told(1) == "docker-compose.override.yml -> service/more b ?");
    CHECK(told(2) == "docker-compose.prod.yml -> service/web a 1");
    CHECK(services[3]->node->is_unknown());
    CHECK(told(4) == "docker-compose.yml -> service/web a 1");
}

TEST_CASE("what is not known of a base is asked by no rule", "[readiness]") {
    const auto pack = rules_of(R"(
- id: X-1
  title: t
  category: containers
  severity: low
  subject: compose-service
  pass: {path: healthcheck, exists: true}
  message: m
  why: w
  mend: m
  references: [r]
)");
    const auto outcome = [&](const std::string& service) {
        const auto assessment =
            assess({{"compose.yaml", "services:\n  w: {image: a}\n  v: " + service}}, pack);
        return assessment.results.front().findings.at(1).outcome;
    };
    CHECK(outcome("{extends: {service: x, file: gone.yaml}}") == Outcome::not_assessed);
    CHECK(outcome("{extends: v}") == Outcome::not_assessed);
    CHECK(outcome("{extends: {service: nobody}}") == Outcome::not_assessed);
    CHECK(outcome("{extends: w}") == Outcome::fail);
}

TEST_CASE("a compose file is known by its name or by its services", "[readiness]") {
    const auto kind = [](const std::string& path, const std::string& text) {
        return read_file(path, text).kind;
    };
    CHECK(kind("compose.yml", "a: b") == "compose");
    CHECK(kind("a/docker-compose-dev.yaml", "a: b") == "compose");
    CHECK(kind("stack.yaml", "services: {a: {image: b}}") == "compose");
    CHECK(kind("config/services.yaml", "services: {_defaults: {autowire: true}}") != "compose");
    CHECK(kind("x.yaml", "services: [redis]\nimage: a") != "compose");
    CHECK(kind("composer.yaml", "a: b") != "compose");
    CHECK(kind("stack.yaml", "services:\n  a:\n    image: b\n  }}") == "compose");
    CHECK(kind("x.yaml", "kind: A\nservices:\n  a:\n    image: b\n  }}") != "compose");
}

TEST_CASE("whatever stands where, compose files are read or left out", "[readiness]") {
    for (const auto* const value :
         {"1", "[]", "{}", "[[1]]", "[{a: b}]", "{a: [b]}", "~", "'::::'", "[~, '']"}) {
        for (const auto* const key :
             {"ports",
              "volumes",
              "environment",
              "networks",
              "extends",
              "build",
              "depends_on",
              "secrets",
              "healthcheck",
              "deploy"}) {
            const auto facts = facts_of(
                {{"compose.yaml",
                  std::string("services: {web: {image: a, ") + key + ": " + value + "}}\n" +
                      "networks: " + value + "\ninclude: " + value + "\n"}}
            );
            CHECK(facts->of("compose-service").size() == 1);
        }
    }
    for (const auto* const text :
         {"", "services: 1", "services: [a]", "[]", "services: {a: ~, b: 1}"}) {
        CHECK(facts_of({{"compose.yaml", text}})->of("compose-file").size() <= 1);
    }
}

TEST_CASE("what a file that cannot be read may have held is counted", "[readiness]") {
    const auto lost = [](const std::string& path, const std::string& text) {
        const auto assessment = assess({{path, text}}, own_rules());
        int most = 0;
        for (const auto& result : assessment.results) {
            for (const auto& finding : result.findings) {
                CHECK(finding.outcome == Outcome::not_assessed);
                most = std::max(most, finding.count);
            }
        }
        return most;
    };
    CHECK(
        lost(
            "compose.yaml", "services:\n  a: {image: x}\n  b: {build: .}\n  c: {'image' : y}\n }}"
        ) == 3
    );
    CHECK(lost("Dockerfile", "FROM a\nFROM b\n  from c\nRUN <<E\nx\n") == 3);
    CHECK(lost("Dockerfile", "RUN x\n") == 1);
}

TEST_CASE("a base that thousands extend costs bounded memory", "[readiness]") {
    std::string text = "services:\n  base:\n    image: a\n    environment:\n";
    for (int number = 0; number < 3000; ++number) {
        text += "      V" + std::to_string(number) + ": x\n";
    }
    for (int number = 0; number < 3000; ++number) {
        text += "  s" + std::to_string(number) + ": {extends: base, environment: {W: y}}\n";
    }
    const auto facts = facts_of({{"compose.yaml", text}});
    CHECK(facts->of("compose-service").size() <= 3001);
    CHECK(at(facts, "s0", "environment/V0") == "x");
}

}  // namespace
}  // namespace deployctl::readiness
