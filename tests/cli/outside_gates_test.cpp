// SPDX-License-Identifier: Apache-2.0
// Gates that ask others than the pods, from the command line.
#include "tests/cli/shell.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using Catch::Matchers::Contains;
using tests::Folder;
using tests::Shell;

namespace {

const std::string alerts = "GET http://am:9093/api/v2/alerts";

std::string firing(const std::string& name) {
    return R"([{"labels":{"alertname":")" + name +
           R"(","service":"web"},"startsAt":"2026-11-30T01:02:03Z","status":{"state":"active"}}])";
}

/// With one gate `asked`.
struct Shop {
    explicit Shop(const std::string& gate)
        : file(folder.write(
              "deploy.yaml",
              "apiVersion: deployctl/v1\n"
              "app: {name: web, image: registry/shop/web}\n"
              "gates: {asked: {" +
                  gate +
                  "}}\n"
                  "strategies: {canary: {gates: [asked]}}\n"
                  "environments: {production: {namespace: shop}}\n"
          )) {}

    tests::Answer run(const std::string& line) { return shell.run("-f " + file + " " + line); }

    Shell shell;
    Folder folder;
    std::string file;
};

struct AlertsShop : Shop {
    AlertsShop()
        : Shop("type: alerts, labels: {service: \"${app}\"}, alertmanager: \"http://am:9093\"") {}
};

}  // namespace

TEST_CASE("an alert that fires sends a rollout back, one that does not lets it through", "[cli]") {
    AlertsShop shop;
    shop.shell.parts.web.on(alerts, 200, "[]");
    CHECK(shop.run("rollout canary v2 -q").exit == 0);
    shop.shell.parts.web.on(alerts, 200, firing("HighErrors"));
    const auto bad = shop.run("rollout canary v3-errors -q");
    INFO(bad.out << bad.err);
    CHECK(bad.exit == 6);
    CHECK_THAT(bad.err, Contains("asked: 1 alert fires: HighErrors"));
    CHECK_THAT(bad.err, Contains("HighErrors since 2026-11-30T01:02:03Z"));
}

TEST_CASE("whether alerts can be asked for is found out before a rollout", "[cli]") {
    AlertsShop shop;
    const auto answer = shop.run("rollout canary v2 -q");
    CHECK(answer.exit == 4);
    CHECK_THAT(answer.err, Contains("gate `asked`: nobody knows which alerts fire"));
    CHECK(shop.shell.parts.world.writes().empty());
    shop.shell.parts.web.on(alerts, 200, firing("HighErrors"));
    const auto plan = shop.run("plan v2 --strategy canary");
    CHECK_THAT(plan.out, Contains("1 alert fires: HighErrors already"));
}

TEST_CASE("alerts of a metrics source need one", "[cli]") {
    Shop shop("type: alerts, labels: {service: web}");
    const auto answer = shop.run("rollout canary v2 -q");
    CHECK(answer.exit == 4);
    CHECK_THAT(answer.err, Contains("asks a metrics source, and none is configured"));
}

TEST_CASE("an address that nobody listens at sends a rollout back", "[cli]") {
    Shop shop("type: tcp, address: \"web-${version}.${namespace}.svc:80\", fail_after: 1");
    HttpAnswer accepted;
    accepted.kind = HttpAnswer::Kind::answered;
    shop.shell.parts.web.on("GET http://web-v2.shop.svc:80/", accepted);
    CHECK(shop.run("rollout canary v2 -q").exit == 0);
    const auto bad = shop.run("rollout canary v3-errors -q");
    CHECK(bad.exit == 6);
    CHECK_THAT(bad.err, Contains("web-v3-errors.shop.svc:80: connection refused"));
}

TEST_CASE("a program that measures is frozen with the plan", "[cli]") {
    Folder folder;
    const auto file = folder.write(
        "deploy.yaml",
        "apiVersion: deployctl/v1\n"
        "app: {name: web, image: registry/shop/web}\n"
        "metrics_program: {run: [./metrics.py], timeout: 2s}\n"
        "gates: {queue: {type: metric, query: queued, max: 10}}\n"
        "strategies: {canary: {gates: [queue]}}\n"
        "environments: {production: {namespace: shop}}\n"
    );
    Shell shell;
    shell.parts.measurements.on("queued", 3);
    CHECK(shell.run("-f " + file + " rollout canary v2 -q").exit == 0);
    const auto& source = shell.parts.measurements.last_source();
    CHECK(source.run == std::vector<std::string>{"./metrics.py"});
    CHECK(source.timeout == seconds(2));
}

TEST_CASE("gate test and gate show tell what an alerts gate asks", "[cli]") {
    AlertsShop shop;
    shop.shell.parts.web.on(alerts, 200, firing("HighErrors"));
    const auto tested = shop.run("gate test asked -e production");
    CHECK(tested.exit == 4);
    CHECK_THAT(tested.out, Contains("1 alert fires: HighErrors"));
    CHECK_THAT(tested.out, Contains("alerts with service=${app} of http://am:9093"));
    const auto shown = shop.run("gate show asked -o json");
    CHECK_THAT(
        shown.out, Contains("\"silenced\": \"ignore\"") || Contains("\"silenced\":\"ignore\"")
    );
}
