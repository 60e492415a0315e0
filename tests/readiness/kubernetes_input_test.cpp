// SPDX-License-Identifier: Apache-2.0
#include "readiness/inputs/kubernetes.hpp"
#include "readiness/inputs/kubernetes_relations.hpp"
#include "tests/readiness/assessing.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace deployctl::readiness {
namespace {

const std::string web = R"(apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata: {labels: {app: web}}
    spec:
      initContainers: [{name: migrate}]
      containers: [{name: app}, {name: proxy}]
)";
const std::string service = R"(apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}}
)";

/// "kind path" of what is in manifests, one a line, of one kind or of all.
std::string subjects_of(const Texts& texts, const std::string& kind = {}) {
    std::string text;
    const auto facts = facts_of(texts);
    for (const auto& subject : facts->subjects()) {
        if (subject.file->kind == "kubernetes" && (kind.empty() || subject.kind == kind)) {
            text += subject.kind + " " + subject.path + "\n";
        }
    }
    return text;
}

AssessedFile rendered(const std::string& name, const std::string& text) {
    auto file = read_file(name + ".yaml", text);
    file.rendering = name;
    return file;
}

std::string losses_of(const std::string& text) {
    AssessedFile file;
    file.tree = documents::Tree(text);
    std::string said;
    for (const auto& lost : kubernetes_input().lost(file)) {
        said += lost.subject_kind + " " + std::to_string(lost.count) + ", ";
    }
    return said;
}

TEST_CASE(
    "an object with a pod template is a workload with its pod and containers", "[readiness]"
) {
    CHECK(
        subjects_of({{"web.yaml", web}}) ==
        "Deployment Deployment/shop/web\n"
        "workload Deployment/shop/web\n"
        "pod Deployment/shop/web/pod\n"
        "container Deployment/shop/web/init-container/migrate\n"
        "container Deployment/shop/web/container/app\n"
        "container Deployment/shop/web/container/proxy\n"
    );
}

TEST_CASE("a container knows its pod and its workload", "[readiness]") {
    const auto facts = facts_of({{"web.yaml", web}});
    const auto* container = facts->of("container")[1];
    CHECK(container->name == "app");
    CHECK(container->nearest("pod")->node->at("containers").items.size() == 2);
    CHECK(container->nearest("workload")->node->text_at("kind") == "Deployment");
    CHECK(container->nearest("Deployment") != nullptr);
}

TEST_CASE("a pod template is found wherever it is, whatever the version", "[readiness]") {
    const auto [head, path] = GENERATE(table<std::string, std::string>({
        {"apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: ", "Pod/x/container/app"},
        {"apiVersion: extensions/v1beta1\nkind: DaemonSet\nmetadata: {name: x}\nspec:\n  "
         "template:\n    spec: ",
         "DaemonSet/x/container/app"},
        {"apiVersion: batch/v1beta1\nkind: CronJob\nmetadata: {name: x}\nspec:\n  jobTemplate:\n   "
         " spec:\n"
         "      template:\n        spec: ",
         "CronJob/x/container/app"},
        {"apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: x}\nspec:\n  "
         "template:\n    spec: ",
         "Rollout/x/container/app"},
        {"apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: x}\nspec:\n  "
         "template:\n    spec: ",
         "Service.serving.knative.dev/x/container/app"},
    }));
    CHECK(
        subjects_of({{"x.yaml", head + "{containers: [{name: app}]}\n"}}, "container") ==
        "container " + path + "\n"
    );
}

TEST_CASE("Lists are taken apart, Lists in them too", "[readiness]") {
    CHECK(
        subjects_of(
            {{"all.yaml",
              "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: List\n  items:\n"
              "  - {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n"
              "- {apiVersion: v1, kind: ConfigMap, metadata: {name: b}}\n- just a text\n"}}
        ) == "ConfigMap ConfigMap/a\nConfigMap ConfigMap/b\n"
    );
}

TEST_CASE("Lists that are nested without end are not followed without end", "[readiness]") {
    std::string text = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}";
    for (int depth = 0; depth < 12; ++depth) {
        text = "{apiVersion: v1, kind: List, items: [" + text + "]}";
    }
    CHECK(subjects_of({{"all.yaml", text + "\n"}}).empty());
}

TEST_CASE("what is no manifest is not taken", "[readiness]") {
    const auto [path, text] = GENERATE(table<std::string, std::string>({
        {"values.yaml", "image: web\nreplicas: 2\n"},
        {"kustomization.yaml", "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
        },
        {"part.yaml", "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"},
        {"config.yaml", "apiVersion: v1\nkind: Config\nclusters: []\n"},
        {"chart/templates/web.yaml",
         "apiVersion: v1\nkind: Service\nmetadata: {name: {{ .Name }}}\n"},
        {"chart/templates/one.yaml",
         "apiVersion: v1\nkind: Service\nmetadata: {name: '{{ .Name }}'}\n"},
    }));
    INFO(path);
    CHECK(read_file(path, text).kind != "kubernetes");
}

TEST_CASE(
    "plain manifests in the templates of a chart that is not rendered are judged", "[readiness]"
) {
    const Texts chart = {
        {"web/Chart.yaml", "apiVersion: v2\nname: web\n"},
        {"web/templates/web.yaml", web},
        {"templates/other.yaml", service},
    };
    const auto subjects = subjects_of(chart);
    CHECK(subjects.find("Service Service/shop/web\n") != std::string::npos);
    CHECK(subjects.find("Deployment Deployment/shop/web\n") != std::string::npos);
}

TEST_CASE("the same object twice is two subjects, named by their files", "[readiness]") {
    CHECK(
        subjects_of({{"a.yaml", service}, {"b.yaml", service + "---\n" + service}}) ==
        "Service Service/shop/web in a.yaml\n"
        "Service Service/shop/web in b.yaml\n"
        "Service Service/shop/web in b.yaml (2)\n"
    );
}

TEST_CASE("a rendering is a scope of its own, with its environment", "[readiness]") {
    Facts facts{Settings{}};
    facts.add(rendered("overlays/production", web));
    facts.add(rendered("live", service));
    facts.add(rendered("live", web));
    gather_subjects(facts);
    const auto pods = facts.of("pod");
    REQUIRE(pods.size() == 2);
    CHECK(pods[0]->path == "overlays/production -> Deployment/shop/web/pod");
    CHECK(pods[0]->scope->environment == "production");
    CHECK(facts.related(*pods[0], relation::services).empty());
    CHECK(pods[1]->path == "live -> Deployment/shop/web/pod");
    CHECK(pods[1]->scope->environment.empty());
    CHECK(facts.related(*pods[1], relation::services).size() == 1);
}

TEST_CASE("raw files are left to the rendering that uses them, and to no other", "[readiness]") {
    Facts facts{Settings{}};
    facts.add(read_file("base/kustomization.yaml", "resources: [web.yaml]\n"));
    facts.add(read_file("base/web.yaml", web));
    facts.add(read_file(
        "overlays/dr/kustomization.yaml", "resources: [../../base]\npatches: [{path: more.yaml}]\n"
    ));
    facts.add(read_file("overlays/dr/more.yaml", web));
    facts.add(read_file("other/web.yaml", web));
    SECTION("rendered") {
        facts.add(rendered("overlays/dr", web));
        gather_subjects(facts);
        REQUIRE(facts.of("Deployment").size() == 2);
        CHECK(facts.of("Deployment")[0]->file->path == "other/web.yaml");
        CHECK(facts.of("Deployment")[1]->file->rendering == "overlays/dr");
    }
    SECTION("not rendered") {
        gather_subjects(facts);
        CHECK(facts.of("Deployment").size() == 3);
    }
}

TEST_CASE("what a broken file may have held is counted", "[readiness]") {
    CHECK(
        losses_of(
            web + "---\nkind: Service # one\nspec:\n  image: x\n  - image: y\n  ref: {kind: Z}\n"
        ) == "Deployment 1, Service 1, container 2, pod 1, workload 1, "
    );
    CHECK(
        losses_of("kind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  ref:\n    kind: Node\n") ==
        "Pod 1, pod 1, workload 1, "
    );
    CHECK(losses_of("kind:\nkind: \n  image\n").empty());
}

TEST_CASE("a thousand pods and a thousand Services are related in no time", "[readiness]") {
    std::string text;
    for (int number = 0; number < 1000; ++number) {
        const auto name = "w" + std::to_string(number);
        text +=
            "---\n{apiVersion: v1, kind: Pod, metadata: {name: " + name +
            ", labels: {all: 'x', app: " + name +
            "}}, spec: {containers: []}}\n---\n{apiVersion: v1, kind: Service, metadata: {name: " +
            name + "}, spec: {selector: {all: 'x', app: " + name + "}}}\n";
    }
    const auto facts = facts_of({{"all.yaml", text}});
    REQUIRE(facts->of("Service").size() == 1000);
    for (const auto* one : facts->of("Service")) {
        REQUIRE(facts->related(*one, relation::pods).size() == 1);
    }
}

}  // namespace
}  // namespace deployctl::readiness
