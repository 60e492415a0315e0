// SPDX-License-Identifier: Apache-2.0
#include "config/app_from_flags.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::config;

namespace {

AppFlags good_flags() {
    AppFlags flags;
    flags.workload = "deploy/web";
    flags.image = "example.com/web";
    flags.kube_namespace = "shop";
    return flags;
}

}  // namespace

TEST_CASE("flags alone make a canary of 10 and 50 percent with a health gate", "[config]") {
    const auto loaded = app_from_flags(good_flags());
    CHECK(loaded.diagnostics.empty());
    const auto& configuration = loaded.configuration;
    CHECK(configuration.app.name == "web");
    CHECK(configuration.app.workload.name == "web");
    CHECK(
        configuration.strategies.canary.steps ==
        std::vector<CanaryStep>{{10, seconds(60)}, {50, seconds(60)}}
    );
    CHECK(configuration.strategies.canary.gates == std::vector<std::string>{"health"});
    CHECK(configuration.timeouts == Timeouts{});
    CHECK(configuration.environments.empty());
}

TEST_CASE("a configuration of flags is one that a file can say", "[config]") {
    auto configuration = app_from_flags(good_flags()).configuration;
    configuration.environments["shop"] = {};
    configuration.environments["shop"].name = "shop";
    configuration.environments["shop"].kube_namespace = "shop";
    const auto again = read_configuration(to_yaml(configuration), "deploy.yaml");
    CHECK(again.diagnostics.empty());
    CHECK(again.configuration == configuration);
}

TEST_CASE("the workload may be written as kubectl writes it", "[config]") {
    for (const auto* text :
         {"web", "deploy/web", "deployment/web", "deployments/web", "Deployment/web"}) {
        auto flags = good_flags();
        flags.workload = text;
        CHECK(app_from_flags(flags).configuration.app.workload.name == "web");
    }
}

TEST_CASE("each wrong flag is named", "[config]") {
    AppFlags flags;
    flags.workload = "sts/db";
    flags.image = "example.com/web:v1";
    flags.app = "Web";
    flags.kube_namespace = "Shop";
    std::string wrong;
    for (const auto& one : app_from_flags(flags).diagnostics) {
        wrong += one.code + " " + one.place.file + " ";
    }
    CHECK(wrong == "C1008 --workload C1021 --namespace C1021 --app C1020 --image ");
    flags.workload = "deploy/";
    CHECK(app_from_flags(flags).diagnostics.front().code == "C1021");
}
