// SPDX-License-Identifier: Apache-2.0
#include "config/initial.hpp"

#include "config/configuration.hpp"
#include "config/readiness.hpp"
#include "documents/yaml.hpp"
#include "tests/config/golden_texts.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::config;

namespace {

std::string a_deployment(const std::string& name, const std::string& more = "") {
    return "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: " + name +
           "}\nspec:\n  replicas: 3\n" + more +
           "  template:\n    metadata: {labels: {app: " + name +
           "}}\n    spec:\n      containers:\n        - {name: app, image: \"example.com/" + name +
           ":v1\"}\n";
}

std::string a_service(const std::string& name, const std::string& selected) {
    return "---\napiVersion: v1\nkind: Service\nmetadata: {name: " + name +
           "}\nspec: {selector: {app: " + selected + "}}\n";
}

Configuration validated(const Initial& initial) {
    const auto loaded = read_configuration(initial.text, "deploy.yaml");
    INFO(initial.text << render(loaded.diagnostics, ColorMode::plain));
    CHECK(loaded.diagnostics.empty());
    REQUIRE_FALSE(initial.text.empty());
    return loaded.configuration;
}

std::string only_mistake(const Initial& initial) {
    CHECK(initial.text.empty());
    REQUIRE(initial.diagnostics.size() == 1);
    const auto& one = initial.diagnostics.front();
    return one.code + " " + one.message + "; " + one.note + "; " + one.help;
}

}  // namespace

TEST_CASE("the manifests of the examples give a file that says what it guessed", "[config]") {
    InitialRequest request;
    request.files = {{"k8s/shop.yaml", read_source_file("examples/01-canary/k8s/shop.yaml")}};
    const auto initial = initial_configuration(request);
    const auto configuration = validated(initial);
    CHECK(std::get<HttpQuestion>(configuration.gates.at("health").question).path == "/healthz");
    CHECK(std::get<HttpQuestion>(configuration.gates.at("health").question).port == 8080);
    CHECK(configuration.environments.at("production").kube_namespace == "shop");
    check_golden("config/initial.yaml", initial.text);
}

TEST_CASE("one Deployment of several has to be named", "[config]") {
    InitialRequest request;
    request.files = {{"a.yaml", a_deployment("web")}, {"b.yaml", a_deployment("api")}};
    auto initial = initial_configuration(request);
    CHECK(
        only_mistake(initial) ==
        "C1051 2 Deployments: say which one; found: api, web; add `--workload deploy/api`"
    );
    CHECK(initial.candidates == std::vector<std::string>{"api", "web"});
    request.workload = "web";
    CHECK(validated(initial_configuration(request)).app.name == "web");
    request.workload = "wab";
    CHECK(
        only_mistake(initial_configuration(request)) ==
        "C1052 no Deployment `wab` in the manifests; found: api, web; "
    );
}

TEST_CASE("without a Deployment it says what there is instead", "[config]") {
    InitialRequest request;
    request.files = {{"a.yaml", "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\n"}};
    CHECK(
        only_mistake(initial_configuration(request)) ==
        "C1050 no Deployment in the manifests; found instead: StatefulSet/db; name their folder: "
        "deployctl config init --from DIR"
    );
}

TEST_CASE("a Deployment may be in what could not be read", "[config]") {
    InitialRequest request;
    request.files = {{"a.yaml", "", "Permission denied"}};
    const auto initial = initial_configuration(request);
    REQUIRE(initial.diagnostics.size() == 2);
    CHECK(initial.diagnostics[0].message == "cannot be read: Permission denied");
    CHECK(initial.diagnostics[0].place.file == "a.yaml");
    CHECK(initial.diagnostics[1].message == "no Deployment in what could be read of the manifests");
    CHECK(initial.diagnostics[1].help.find("mend what is told above") == 0);
}

TEST_CASE(
    "the container is the one that was named, or is named like the workload, or the first",
    "[config]"
) {
    InitialRequest request;
    request.files = {
        {"a.yaml",
         "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: "
         "{template: {spec: {containers: [{name: proxy, image: p}, {name: web, image: "
         "w}]}}}}"}
    };
    CHECK(validated(initial_configuration(request)).app.image == "w");
    request.container = "proxy";
    CHECK(validated(initial_configuration(request)).app.workload.container == "proxy");
    request.container = "sidecar";
    CHECK(
        only_mistake(initial_configuration(request)) ==
        "C1052 no container `sidecar` in the Deployment; found: proxy, web; "
    );
}

TEST_CASE("Services that select the pods become active ones", "[config]") {
    InitialRequest request;
    request.files = {
        {"a.yaml",
         a_deployment("web") + a_service("web", "web") + a_service("admin", "web") +
             a_service("db", "db")}
    };
    CHECK(
        validated(initial_configuration(request)).strategies.blue_green.active_services ==
        std::vector<std::string>{"admin", "web"}
    );
}

TEST_CASE("kustomize overlays become environments", "[config]") {
    InitialRequest request;
    request.files = {
        {"k8s/base/web.yaml", a_deployment("web")},
        {"k8s/base/kustomization.yaml", "resources: [web.yaml]\n"},
        {"k8s/overlays/dev/kustomization.yaml", "namespace: shop-dev\nresources: [../../base]\n"},
        {"k8s/overlays/prod/kustomization.yaml", "namespace: shop\n"},
        {"k8s/overlays/prod/size.yaml",
         "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 9}}\n"},
    };
    const auto configuration = validated(initial_configuration(request));
    CHECK(configuration.app.manifests.kustomize == "k8s/overlays/${env}");
    REQUIRE(configuration.environments.size() == 2);
    CHECK(configuration.environments.at("dev").kube_namespace == "shop-dev");
    CHECK(configuration.environments.at("prod").kube_namespace == "shop");
}

TEST_CASE("a single kustomization is named as it is", "[config]") {
    InitialRequest request;
    request.files = {
        {"k8s/web.yaml", a_deployment("web")}, {"k8s/kustomization.yaml", "namespace: shop\n"}
    };
    const auto configuration = validated(initial_configuration(request));
    CHECK(configuration.app.manifests.kustomize == "k8s");
    CHECK(configuration.environments.at("production").kube_namespace == "shop");
}

TEST_CASE("a workload that has no room for two versions starts with rolling", "[config]") {
    const auto strategy = [](const std::string& deployment) {
        InitialRequest request;
        request.files = {{"a.yaml", deployment}};
        return validated(initial_configuration(request)).environments.at("production").strategy;
    };
    CHECK(strategy(a_deployment("web")) == StrategyKind::canary);
    CHECK(strategy(a_deployment("web", "  strategy: {type: Recreate}\n")) == StrategyKind::rolling);
    auto one = a_deployment("web");
    one.replace(one.find("replicas: 3"), 11, "replicas: 1");
    CHECK(strategy(one) == StrategyKind::rolling);
    CHECK(
        strategy(
            one +
            "---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: "
            "web}\nspec: {scaleTargetRef: {name: web}}\n"
        ) == StrategyKind::canary
    );
}

TEST_CASE("files that are no manifests do not stop it", "[config]") {
    InitialRequest request;
    request.files = {
        {"chart/templates/web.yaml", "kind: {{ .Values.kind }}\n  name: a\n"},
        {"values.yaml", "replicas: 3\n"},
        {"bad\nname.yaml", a_deployment("web")},
    };
    const auto initial = initial_configuration(request);
    CHECK(validated(initial).app.name == "web");
    REQUIRE(initial.diagnostics.size() == 1);
    CHECK(initial.diagnostics.front().severity == Severity::warning);
    CHECK(initial.text.find("bad?name.yaml") != std::string::npos);
}

TEST_CASE("names that deploy.yaml cannot take are replaced and said", "[config]") {
    InitialRequest request;
    request.files = {
        {"a.yaml",
         "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web.shop.v1, namespace: $(NS)}, "
         "spec: {template: {spec: {containers: [{name: app, image: \"$(IMAGE)\"}]}}}}"}
    };
    const auto initial = initial_configuration(request);
    const auto configuration = validated(initial);
    CHECK(configuration.app.name == "web-shop-v1");
    CHECK(configuration.app.workload.name == "web.shop.v1");
    CHECK(configuration.environments.at("production").kube_namespace == "default");
    CHECK(initial.text.find("write yours") != std::string::npos);
}

TEST_CASE("a gate asks what the readiness probe asks, where a gate can", "[config]") {
    const auto gate = [](const std::string& probe) {
        const auto text =
            "{name: app, ports: [{name: web, containerPort: 8080}], readinessProbe: " + probe + "}";
        const documents::YamlSource source(text, "web.yaml");
        return gate_from_readiness(to_value(documents::read_yaml(source).root));
    };
    CHECK(gate("{httpGet: {path: /ok, port: web}}")->port == 8080);
    CHECK(gate("{httpGet: {path: /ok, port: 81}}")->path == "/ok");
    CHECK(gate("{httpGet: {port: 81}}")->path == "/");
    CHECK_FALSE(gate("{httpGet: {port: other}}").has_value());
    CHECK_FALSE(gate("{httpGet: {port: 81, scheme: HTTPS}}").has_value());
    CHECK_FALSE(gate("{httpGet: {port: 81, path: \"a b\"}}").has_value());
    CHECK_FALSE(gate("{tcpSocket: {port: 81}}").has_value());
    CHECK_FALSE(gate("~").has_value());
}
