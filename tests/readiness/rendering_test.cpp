// SPDX-License-Identifier: Apache-2.0
#include "readiness/rendering.hpp"

#include "readiness/inputs/environment_names.hpp"
#include "readiness/inputs/yaml_language.hpp"
#include "simcluster/run.hpp"
#include "simcluster/virtual_clock.hpp"
#include "tests/fakes/fake_process.hpp"
#include "tests/readiness/assessing.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <ctime>
#include <string>

namespace deployctl::readiness {
namespace {

using tests::FakeProcess;

const std::string base = R"(apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
  template:
    spec:
      containers:
        - name: proxy
          image: proxy:1
        - name: app
          image: web:1
          securityContext:
            privileged: true
)";
const std::string patch = R"(apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
)";
/// As kustomize gives it: sorted keys, a prefix, an image of its own, a generated ConfigMap.
const std::string output = R"(apiVersion: apps/v1
kind: Deployment
metadata:
  name: prod-web
spec:
  replicas: 3
  template:
    spec:
      containers:
      - image: proxy:1
        name: proxy
      - image: web:2
        name: app
        securityContext:
          privileged: true
---
apiVersion: v1
data:
  color: blue
kind: ConfigMap
metadata:
  name: prod-settings-abc
)";
const std::string overlay = R"(namePrefix: prod-
resources:
  - ../../base
patches:
  - path: replicas.yaml
configMapGenerator:
  - name: settings
    literals: [color=blue]
images:
  - name: web
    newTag: "2"
)";

Texts shop() {
    return {
        {"base/kustomization.yaml", "resources: [web.yaml]\n"},
        {"base/web.yaml", base},
        {"overlays/production/kustomization.yaml", overlay},
        {"overlays/production/replicas.yaml", patch},
    };
}

/// A tree, a kubectl that answers with words of its own, and what comes of it.
struct Bench {
    explicit Bench(const Texts& texts) {
        for (const auto& [path, text] : texts) {
            facts.add(read_file(path, text));
        }
        tools.process = &process;
        tools.base = "/srv/shop";
        tools.kubectl = "kubectl";
        tools.read = yaml_language().read;
    }

    std::string jobs() const {
        std::string text;
        for (const auto& job : plan_renderings(facts, tools).jobs) {
            text += job.name + ":";
            for (const auto& word : job.argv) {
                text += " " + word;
            }
            text += (job.refused.empty() ? "" : " " + job.refused) + "\n";
        }
        return text;
    }

    std::vector<AssessedFile> all() { return simcluster::run(render(&facts, tools)); }

    FakeProcess process;
    Facts facts{Settings{}};
    RenderTools tools;
};

CommandResult failed(const std::string& words) {
    CommandResult result;
    result.end = CommandResult::End::exited;
    result.exit_code = 1;
    result.error_output = words;
    return result;
}

/// "file:line" of a node of the first root.
std::string origin(const Bench& bench, const documents::Node& node) {
    for (const auto& file : bench.facts.files()) {
        if (file.number == node.source) {
            return file.path + ":" + std::to_string(node.spot.line);
        }
    }
    return "nowhere";
}

TEST_CASE("a tree without kustomizations and charts starts nothing", "[readiness]") {
    Bench bench({{"web.yaml", base}, {"README.md", "hello"}});
    CHECK(bench.all().empty());
    CHECK(bench.process.commands().empty());
}

TEST_CASE("roots are rendered, and bases that others use are not", "[readiness]") {
    const Bench bench(shop());
    CHECK(bench.jobs() == "overlays/production: kubectl kustomize /srv/shop/overlays/production\n");
}

TEST_CASE("an overlay of an environment is a root though another one uses it", "[readiness]") {
    auto texts = shop();
    texts["overlays/dr/kustomization.yaml"] = "resources: [../production]\n";
    texts["parts/debug/kustomization.yaml"] = "kind: Component\n";
    const Bench bench(texts);
    CHECK(
        bench.jobs() ==
        "overlays/dr: kubectl kustomize /srv/shop/overlays/dr\n"
        "overlays/production: kubectl kustomize /srv/shop/overlays/production\n"
    );
}

TEST_CASE("the top folder is a root by the name of a dot", "[readiness]") {
    const Bench bench({{"kustomization.yaml", "resources: [web.yaml]\n"}, {"web.yaml", base}});
    CHECK(bench.jobs() == ".: kubectl kustomize /srv/shop/\n");
}

TEST_CASE(
    "what would have to be fetched, or is not there, is refused with its reason", "[readiness]"
) {
    const auto [text, reason] = GENERATE(table<std::string, std::string>({
        {"resources: ['https://example.org/base.yaml']\n",
         "uses https://example.org/base.yaml, which is outside and is not fetched"},
        {"resources: ['github.com/org/base?ref=v1']\n",
         "uses github.com/org/base?ref=v1, which is outside and is not fetched"},
        {"resources: ['../../elsewhere']\n",
         "uses ../../elsewhere, which is outside and is not fetched"},
        {"resources: [/etc]\n", "uses /etc, which is outside and is not fetched"},
        {"resources: ['gh:org/base']\n", "uses gh:org/base, which is outside and is not fetched"},
        {"resources: ['GitHub.com/org/base']\n",
         "uses GitHub.com/org/base, which is outside and is not fetched"},
        {"resources: ['someone@example.org:base']\n",
         "uses someone@example.org:base, which is outside and is not fetched"},
        {"helmCharts: [{name: web}]\n", "inflates Helm charts, and there is no helm here"},
        {"helmCharts: [{name: web, repo: 'https://example.org'}]\n",
         "inflates a Helm chart from a repository, which is not fetched"},
    }));
    const Bench bench({{"k8s/kustomization.yaml", text}});
    CHECK(bench.jobs() == "k8s: " + reason + "\n");
}

TEST_CASE("no field of a kustomization fetches anything", "[readiness]") {
    const std::string url = "http://127.0.0.1:9/x";
    const auto field = GENERATE(
        as<std::string>(),
        "replacements: [{path: 'URL'}]",
        "configurations: ['URL']",
        "configMapGenerator: [{name: a, files: ['key=URL']}]",
        "configMapGenerator: [{name: a, envs: ['URL']}]",
        "configMapGenerator: [{name: a, env: 'URL'}]",
        "secretGenerator: [{name: a, files: ['URL']}]",
        "secretGenerator: [{name: a, Files: ['URL']}]",
        "openapi: {path: 'URL'}",
        "crds: ['URL']",
        "components: ['URL']",
        "patches: [{path: 'URL'}]",
        "patches: ['URL']",
        "patchesJson6902: [{path: 'URL', target: {kind: Pod}}]",
        "patchesStrategicMerge: ['URL']",
        "generators: ['URL']",
        "validators: ['URL']",
        "commonLabels: &x {path: 'URL'}\nreplacements: [*x]"
    );
    auto text = field;
    text.replace(text.find("URL"), 3, url);
    INFO(text);
    const Bench bench({{"k8s/kustomization.yaml", text + "\n"}});
    CHECK_THAT(bench.jobs(), Catch::StartsWith("k8s: uses ") && Catch::Contains("not fetched"));
    CHECK_THAT(bench.jobs(), Catch::Contains("http://127.0.0.1:9/x"));
}

TEST_CASE("a generator's configuration fetches nothing either", "[readiness]") {
    const std::string config =
        "apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: x}\n"
        "files: ['k=http://127.0.0.1:9/x']\n";
    const Bench beside(Texts{
        {"k8s/kustomization.yaml", "generators: [g.yaml]\n"},
        {"k8s/g.yaml", config},
    });
    CHECK_THAT(beside.jobs(), Catch::Contains("uses k=http://127.0.0.1:9/x, which is outside"));
    const Bench in_place(Texts{
        {"k8s/kustomization.yaml",
         "transformers:\n  - |\n    kind: PatchTransformer\n"
         "    path: http://127.0.0.1:9/x\n"}
    });
    CHECK_THAT(in_place.jobs(), Catch::Contains("which is outside and is not fetched"));
    // What builds it may patch such a field into it.
    const Bench folder(Texts{
        {"k8s/kustomization.yaml", "generators: [../g]\n"},
        {"g/kustomization.yaml", "resources: [g.txt]\n"},
        {"g/g.txt", config},
    });
    CHECK(
        folder.jobs() == "k8s: takes a configuration from g, which is no file that could be read\n"
    );
    const Bench unread(
        Texts{{"k8s/kustomization.yaml", "generators: [g.txt]\n"}, {"k8s/g.txt", config}}
    );
    CHECK_THAT(unread.jobs(), Catch::Contains("which is no file that could be read"));
}

TEST_CASE("fields that only the tool would understand are refused", "[readiness]") {
    // It takes "Resources" for "resources", and so would follow what nobody here has seen.
    const Bench bench(Texts{{"k8s/kustomization.yaml", "Resources: [../vendor/base]\n"}});
    CHECK(
        bench.jobs() ==
        "k8s: has a field Resources, which kustomize does not have in these letters\n"
    );
    const Bench unseen(Texts{{"k8s/kustomization.yaml", "resources: [../vendor/base]\n"}});
    CHECK(unseen.jobs() == "k8s: uses vendor/base, which was not read\n");
}

TEST_CASE("addresses that are data refuse nothing", "[readiness]") {
    const Bench bench(Texts{
        {"k8s/kustomization.yaml",
         "commonAnnotations: {docs: 'https://example.org'}\n"
         "configMapGenerator: [{name: a, literals: ['url=https://example.org']}]\n"
         "images: [{name: github.com/org/web, newTag: '1'}]\n"
         "patches:\n  - patch: |\n      value: https://example.org\n    target: {kind: Pod}\n"
         "patchesStrategicMerge:\n  - |\n    data: {url: 'https://example.org'}\n"},
    });
    CHECK(bench.jobs() == "k8s: kubectl kustomize /srv/shop/k8s\n");
}

TEST_CASE("what is remote is found behind any number of ways to it", "[readiness]") {
    Texts texts;
    for (int depth = 0; depth < 40; ++depth) {
        const auto next = "../k" + std::to_string(depth + 1);
        texts["k" + std::to_string(depth) + "/kustomization.yaml"] =
            "resources: [" + next + ", " + next + "/.]\n";
    }
    texts["k40/kustomization.yaml"] = "configurations: ['http://127.0.0.1:9/x']\n";
    const Bench bench(texts);
    CHECK(bench.jobs() == "k0: uses http://127.0.0.1:9/x, which is outside and is not fetched\n");
}

TEST_CASE("a rendering reaches no network, by its own or by another's settings", "[readiness]") {
    Bench bench(shop());
    bench.process.on({"kubectl", "kustomize"}, output);
    bench.all();
    REQUIRE(bench.process.commands().size() == 1);
    auto environment = bench.process.commands()[0].environment;
    CHECK(environment.at("NO_PROXY").empty());
    CHECK(environment.at("no_proxy").empty());
    CHECK(environment.at("GIT_ALLOW_PROTOCOL") == "none");
    for (const auto* name : {"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"}) {
        CHECK(environment.at(name) == "http://127.0.0.1:9");
    }
}

TEST_CASE("a rendering has a network of its own where that is allowed", "[readiness]") {
    const std::string alone = "unshare --user --map-root-user --net -- ";
    const std::string kustomize = "kubectl kustomize /srv/shop/overlays/production\n";
    Bench bench(shop());
    bench.tools.unshare = "unshare";
    bench.process.on({"unshare"}, output);
    CHECK(bench.all().at(0).trouble.what.empty());
    CHECK(bench.process.commands_text() == alone + "true\n" + alone + kustomize);
    Bench refused(shop());
    refused.tools.unshare = "unshare";
    refused.process.on({"unshare"}, failed("Operation not permitted")).on({"kubectl"}, output);
    CHECK(refused.all().at(0).trouble.what.empty());
    CHECK(refused.process.commands_text() == alone + "true\n" + kustomize);
}

TEST_CASE("what is remote in a base is refused for the overlay", "[readiness]") {
    auto texts = shop();
    texts["base/kustomization.yaml"] = "resources: ['ssh://example.org/base']\n";
    const Bench bench(texts);
    CHECK(
        bench.jobs() ==
        "overlays/production: uses ssh://example.org/base, which is outside and is not fetched\n"
    );
}

TEST_CASE(
    "kustomizations in a ring are said to be one, and are not followed for ever", "[readiness]"
) {
    const Bench bench({
        {"a/kustomization.yaml", "resources: [../b]\n"},
        {"b/kustomization.yaml", "resources: [../c]\n"},
        {"c/kustomization.yaml", "resources: [../b, .]\n"},
    });
    CHECK(bench.jobs() == "a: kustomizations use each other: b -> c -> b\n");
    const Bench alone({
        {"x/kustomization.yaml", "resources: [../y]\n"},
        {"y/kustomization.yaml", "resources: [../x]\n"},
    });
    CHECK(alone.jobs() == "x: kustomizations use each other: x -> y -> x\n");
}

TEST_CASE(
    "kustomizations that use each other a million times over are not all followed", "[readiness]"
) {
    Texts texts;
    for (int depth = 0; depth < 40; ++depth) {
        const auto next = "../k" + std::to_string(depth + 1);
        texts["k" + std::to_string(depth) + "/Kustomization"] =
            "resources: [" + next + ", " + next + "/.]\n";
    }
    texts["k40/Kustomization"] = "resources: []\n";
    const Bench bench(texts);
    CHECK(bench.jobs() == "k0: kubectl kustomize /srv/shop/k0\n");
}

TEST_CASE("a chart that is not rendered counts what its templates are named after", "[readiness]") {
    Bench bench({
        {"web/Chart.yaml", "apiVersion: v2\nname: web\n"},
        {"web/values.yaml", "a: 1\n"},
        {"web/templates/deployment.yaml", "kind: {{ .Kind }}\n"},
        {"web/templates/service.yaml", "kind: {{ .Kind }}\n"},
        {"web/templates/_helpers.tpl", "{{ define }}\n"},
    });
    const auto files = bench.all();
    REQUIRE(files.size() == 1);
    CHECK(files[0].tree.source() == "kind: Deployment\nimage:\nkind: Service\n");
}

TEST_CASE("a chart is rendered once for each file of values", "[readiness]") {
    Bench bench({
        {"web/Chart.yaml", "apiVersion: v2\nname: web\n"},
        {"web/values.yaml", "a: 1\n"},
        {"web/values-production.yaml", "a: 2\n"},
        {"web/templates/values.yaml", "a: 3\n"},
        {"web/charts/db/Chart.yaml", "apiVersion: v2\nname: db\n"},
        {"web/charts/db/values.yaml", "a: 4\n"},
        {"lib/Chart.yaml", "apiVersion: v2\nname: lib\ntype: library\n"},
        {"lib/values.yaml", "a: 5\n"},
    });
    CHECK(
        bench.jobs() ==
        "web/values-production.yaml: there is no helm here to render the chart\n"
        "web/values.yaml: there is no helm here to render the chart\n"
    );
    bench.tools.helm = "helm";
    CHECK(
        bench.jobs() ==
        "web/values-production.yaml: helm template release /srv/shop/web --skip-tests --values "
        "/srv/shop/web/values-production.yaml\n"
        "web/values.yaml: helm template release /srv/shop/web --skip-tests --values "
        "/srv/shop/web/values.yaml\n"
    );
}

TEST_CASE(
    "charts in a folder of charts are rendered, and those in a chart are not", "[readiness]"
) {
    Bench bench({
        {"charts/web/Chart.yaml", "apiVersion: v2\nname: web\n"},
        {"charts/web/values.yaml", "a: 1\n"},
        {"charts/web/charts/db/Chart.yaml", "apiVersion: v2\nname: db\n"},
        {"charts/web/charts/db/charts/disk/Chart.yaml", "apiVersion: v2\nname: disk\n"},
        {"lib/Chart.yaml", "apiVersion: v2\nname: lib\ntype: library\n"},
        {"lib/charts/api/Chart.yaml", "apiVersion: v2\nname: api\n"},
    });
    bench.tools.helm = "helm";
    CHECK(
        bench.jobs() ==
        "charts/web/values.yaml: helm template release /srv/shop/charts/web --skip-tests --values "
        "/srv/shop/charts/web/values.yaml\n"
        "lib/charts/api/Chart.yaml: helm template release /srv/shop/lib/charts/api --skip-tests\n"
    );
}

TEST_CASE("a chart without values is rendered with its own", "[readiness]") {
    Bench bench({
        {"k8s/Chart.yaml", "apiVersion: v2\nname: web\n"},
        {"k8s/templates/web.yaml", "kind: Deployment\nspec:\n  image: {{ .Values.image }}\n"},
    });
    CHECK(bench.jobs() == "k8s/Chart.yaml: there is no helm here to render the chart\n");
    CHECK(bench.all().at(0).tree.source() == "kind: Deployment\nimage:\n");
    bench.tools.helm = "helm";
    CHECK(bench.jobs() == "k8s/Chart.yaml: helm template release /srv/shop/k8s --skip-tests\n");
    const Bench broken(Texts{{"k8s/Chart.yaml", "{\n"}});
    CHECK(broken.jobs() == "k8s/Chart.yaml: there is no helm here to render the chart\n");
}

std::size_t judged(Bench& bench) {
    for (auto& file : bench.all()) {
        bench.facts.add(std::move(file));
    }
    gather_subjects(bench.facts);
    return bench.facts.of("Deployment").size();
}

TEST_CASE("templates are judged as they lie there until their chart is rendered", "[readiness]") {
    const Texts texts = {
        {"charts/web/Chart.yaml", "apiVersion: v2\nname: web\n"},
        {"charts/web/templates/web.yaml", base},
        {"charts/web/charts/db/Chart.yaml", "apiVersion: v2\nname: db\n"},
        {"charts/web/charts/db/templates/db.yaml", base},
    };
    Bench without(texts);
    CHECK(judged(without) == 2);
    Bench refused(texts);
    refused.tools.helm = "helm";
    refused.process.on({"helm"}, failed("Error: no\n"));
    CHECK(judged(refused) == 2);
    Bench with(texts);
    with.tools.helm = "helm";
    with.process.on({"helm"}, base);
    CHECK(judged(with) == 1);
}

TEST_CASE("a Chart.yaml hides nothing", "[readiness]") {
    // Without helm, what a template may hold is not assessed, wherever the chart lies.
    const auto text = "apiVersion: v1\nkind: Pod\nspec:\n  image: {{ .Values.image }}\n";
    const auto folder = GENERATE(as<std::string>(), "", "web/", "charts/web/", "a/charts/web/");
    Bench bench({
        {folder + "Chart.yaml", "apiVersion: v2\nname: web\n"},
        {folder + "templates/pods/web.yaml", text},
        {folder + "templates/_names.yaml", text},
        {folder + "templates/NOTES.txt", text},
    });
    const auto files = bench.all();
    REQUIRE(files.size() == 1);
    CHECK(files[0].trouble.what == "there is no helm here to render the chart");
    CHECK(files[0].tree.source() == "kind: Deployment\nimage:\n");
}

TEST_CASE("each field of a rendering names the place that made it", "[readiness]") {
    Bench bench(shop());
    bench.process.on({"kubectl", "kustomize"}, output);
    const auto files = bench.all();
    REQUIRE(files.size() == 1);
    CHECK(files[0].rendering == "overlays/production");
    CHECK(files[0].trouble.what.empty());
    const auto& web = files[0].tree.roots().at(0);
    const auto& containers = web.at("spec/template/spec/containers");
    CHECK(origin(bench, web.at("spec/replicas")) == "overlays/production/replicas.yaml:6");
    CHECK(origin(bench, containers.at("0/image")) == "base/web.yaml:11");
    CHECK(origin(bench, containers.at("1")) == "base/web.yaml:12");
    CHECK(origin(bench, containers.at("1/securityContext/privileged")) == "base/web.yaml:15");
    // The tag is the overlay's.
    CHECK(origin(bench, containers.at("1/image")) == "overlays/production/kustomization.yaml:10");
    CHECK(web.text_at("metadata/name") == "prod-web");
    const auto& settings = files[0].tree.roots().at(1);
    CHECK(origin(bench, settings.at("data/color")) == "overlays/production/kustomization.yaml:7");
}

TEST_CASE("what a patch in place adds is told at its line", "[readiness]") {
    Bench bench({
        {"base/kustomization.yaml", "resources: [web.yaml]\n"},
        {"base/web.yaml", base},
        {"parts/net/kustomization.yaml",
         "kind: Component\npatches:\n  - target: {kind: Deployment}\n    patch: |-\n"
         "      - op: add\n        path: /spec/template/spec/hostNetwork\n        value: true\n"},
        {"k8s/kustomization.yaml",
         "resources: [../base]\ncomponents: [../parts/net]\npatches:\n"
         "  - {path: pid.yaml, target: {kind: Deployment}}\n"
         "patchesStrategicMerge:\n  - |\n    spec:\n      replicas: 5\n"},
        {"k8s/pid.yaml", "- {op: add, path: /spec/template/spec/hostPID, value: true}\n"},
    });
    bench.process.on(
        {"kubectl"},
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 5\n"
        "  template:\n    spec: {hostNetwork: true, hostPID: true, hostIPC: true}\n"
    );
    const auto files = bench.all();
    REQUIRE(files.at(0).trouble.what.empty());
    const auto& spec = files[0].tree.roots().at(0).at("spec");
    CHECK(origin(bench, spec.at("replicas")) == "k8s/kustomization.yaml:8");
    CHECK(origin(bench, spec.at("template/spec/hostNetwork")) == "parts/net/kustomization.yaml:6");
    CHECK(origin(bench, spec.at("template/spec/hostPID")) == "k8s/pid.yaml:1");
    // Nobody says why: it is told where its owner is.
    CHECK(origin(bench, spec.at("template/spec/hostIPC")) == "base/web.yaml:9");
}

TEST_CASE("many roots are rendered side by side, and each gets its own answer", "[readiness]") {
    Texts texts;
    for (int number = 1; number <= 9; ++number) {
        texts["k" + std::to_string(number) + "/kustomization.yaml"] = "resources: []\n";
    }
    texts["k5/kustomization.yaml"] = "resources: [git@example.org]\n";
    Bench bench(texts);
    for (int number = 1; number <= 9; ++number) {
        const auto name = "k" + std::to_string(number);
        bench.process.on({"kubectl", "kustomize", "/srv/shop/" + name}, "name: " + name + "\n");
    }
    const auto files = bench.all();
    REQUIRE(files.size() == 9);
    CHECK(bench.process.commands().size() == 8);
    for (const auto& file : files) {
        const bool is_refused = file.rendering == "k5";
        CHECK(file.trouble.what.empty() != is_refused);
        CHECK((is_refused || file.tree.roots().at(0).text_at("name") == file.rendering));
    }
}

TEST_CASE("findings in a rendering are told at the file that they come from", "[readiness]") {
    Bench bench(shop());
    bench.process.on({"kubectl", "kustomize"}, output);
    for (auto& file : bench.all()) {
        bench.facts.add(std::move(file));
    }
    gather_subjects(bench.facts);
    const auto* app = bench.facts.of("container")[1];
    CHECK(app->path == "overlays/production -> Deployment/prod-web/container/app");
    const auto place = bench.facts.place(*app, app->node->at("securityContext/privileged"));
    CHECK(place.file == "base/web.yaml");
    CHECK(place.spot.line == 15);
}

TEST_CASE("a root that cannot be rendered costs itself, in the tool's words", "[readiness]") {
    auto texts = shop();
    texts["overlays/staging/kustomization.yaml"] = "resources: [../../base]\n";
    Bench bench(texts);
    bench.process.on({"kubectl", "kustomize", "/srv/shop/overlays/staging"}, output)
        .on({"kubectl", "kustomize", "/srv/shop/overlays/production"},
            failed(
                "error: accumulating '/srv/shop/base' in /tmp/kustomize-123: no such file\nmore\n"
            ));
    const auto files = bench.all();
    REQUIRE(files.size() == 2);
    CHECK(
        files[0].trouble.what == "error: accumulating 'base' in a temporary folder: no such file"
    );
    CHECK(files[1].trouble.what.empty());
}

TEST_CASE("what is not rendered counts as lost", "[readiness]") {
    Bench bench(shop());
    bench.process.on({"kubectl"}, failed("error: no\n"));
    for (auto& file : bench.all()) {
        bench.facts.add(std::move(file));
    }
    gather_subjects(bench.facts);
    // The raw files are judged, for nothing else shows them.
    CHECK(bench.facts.of("Deployment").size() == 2);
    auto pack = rules_of(
        "- {id: A-1, title: t, category: containers, severity: low, subject: container,\n"
        "   pass: {path: name, exists: true}, message: m, why: w, mend: m, references: [r]}\n"
    );
    REQUIRE(pack->diagnostics.empty());
    const auto facts = std::make_shared<Facts>(std::move(bench.facts));
    const auto assessment = ask_rules(facts, pack);
    const auto& last = assessment.results.front().findings.back();
    CHECK(last.outcome == Outcome::not_assessed);
    CHECK(last.count == 2);
}

TEST_CASE("a tool that says nothing, hangs or gives no YAML is trouble", "[readiness]") {
    CommandResult hangs;
    hangs.end = CommandResult::End::timed_out;
    const auto [result, words] = GENERATE_COPY(table<CommandResult, std::string>({
        {failed(""), "the tool ended without words"},
        {hangs, "rendering took too long"},
    }));
    Bench bench(shop());
    bench.process.on({"kubectl"}, result);
    CHECK(bench.all().at(0).trouble.what == words);
    Bench broken(shop());
    broken.process.on({"kubectl"}, "a: [\n");
    CHECK(broken.all().at(0).trouble.what.starts_with("what was rendered: "));
}

TEST_CASE("words of a tool are the same on each machine and each day", "[readiness]") {
    const auto [words, expected] = GENERATE(table<std::string, std::string>({
        {"# Warning: 'bases' is deprecated.\nerror: no such file\n", "error: no such file"},
        {"E1130 13:34:02.463834   19160 run.go:72] \"command failed\" err=\"no such file\"\n",
         "\"no such file\""},
        {"# Warning: only this\n", "# Warning: only this"},
        {"error: '/srv/shop' and /srv/shop/base\n", "error: '' and base"},
    }));
    Bench bench(shop());
    bench.process.on({"kubectl"}, failed(words));
    CHECK(bench.all().at(0).trouble.what == expected);
}

TEST_CASE("without kubectl every root says so", "[readiness]") {
    Bench bench(shop());
    bench.tools.kubectl.clear();
    CHECK(bench.all().at(0).trouble.what == "there is no kubectl here to render it");
    CHECK(bench.process.commands().empty());
}

Texts refused_roots(int count) {
    Texts texts;
    for (int number = 0; number < count; ++number) {
        texts["k" + std::to_string(number) + "/kustomization.yaml"] =
            "resources: ['https://example.org/x']\n";
    }
    return texts;
}

double seconds_of_rendering(int roots) {
    Bench bench(refused_roots(roots));
    const auto begin = std::clock();
    CHECK(bench.all().size() == static_cast<std::size_t>(roots));
    return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

TEST_CASE("four times as many roots take no more than some four times as long", "[readiness]") {
    const auto few = seconds_of_rendering(1000);
    CHECK(seconds_of_rendering(4000) < 8 * few + 0.1);
}

TEST_CASE("more roots than a machine should render are not rendered, and said", "[readiness]") {
    Texts texts;
    for (int number = 0; number < 510; ++number) {
        texts["k" + std::to_string(number) + "/kustomization.yaml"] = "resources: []\n";
    }
    Bench bench(texts);
    bench.process.on({"kubectl"}, "a: 1\n");
    const auto files = bench.all();
    REQUIRE(files.size() == 510);
    CHECK(bench.process.commands().size() == 500);
    CHECK(std::ranges::count(files, "more than 500 renderings, not rendered", [](const auto& file) {
              return file.trouble.what;
          }) == 10);
}

/// Each run takes its minute.
struct SlowProcess final : Process {
    SlowProcess(simcluster::VirtualClock& its_clock, std::vector<Command>& its_commands)
        : clock(its_clock), commands(its_commands) {}

    Task<CommandResult> run(Command command) override {
        commands.push_back(command);
        co_await clock.sleep(seconds(60));
        CommandResult result;
        result.end = CommandResult::End::exited;
        result.output = "a: 1\n";
        co_return result;
    }

    simcluster::VirtualClock& clock;
    std::vector<Command>& commands;
};

TEST_CASE("all renderings together end in ten minutes, the rest is not rendered", "[readiness]") {
    Texts texts;
    for (int number = 100; number < 200; ++number) {
        texts["k" + std::to_string(number) + "/kustomization.yaml"] = "resources: []\n";
    }
    Bench bench(texts);
    simcluster::VirtualClock clock;
    std::vector<Command> commands;
    SlowProcess process(clock, commands);
    bench.tools.process = &process;
    bench.tools.clock = &clock;
    const auto files = bench.all();
    REQUIRE(files.size() == 100);
    CHECK(commands.size() < 44);
    CHECK(files.front().trouble.what.empty());
    CHECK(files.back().trouble.what == "not rendered: all renderings together take too long");
}

TEST_CASE("a production by another name is asked about as well", "[readiness]") {
    Settings settings;
    settings.environment = "production";
    const auto facts = std::make_shared<Facts>(settings);
    for (const std::string name : {"overlays/prd-eu", "overlays/production", "overlays/dev"}) {
        auto file = read_file(name + ".yaml", base);
        file.rendering = name;
        facts->add(std::move(file));
    }
    gather_subjects(*facts);
    const auto pack = rules_of(
        "- {id: A-1, title: t, category: containers, severity: low, subject: workload,\n"
        "   pass: {path: kind, exists: true}, message: m, why: w, mend: m, references: [r]}\n"
    );
    const auto assessment = ask_rules(facts, pack);
    std::string asked;
    for (const auto& finding : assessment.results.front().findings) {
        asked += finding.subject->scope->name + " ";
    }
    CHECK(asked == "overlays/prd-eu overlays/production ");
}

TEST_CASE("an environment is known by its folder or its values", "[readiness]") {
    const auto [path, name] = GENERATE(table<std::string, std::string>({
        {"overlays/eu-west", "eu-west"},
        {"k8s/production", "production"},
        {"k8s/base", ""},
        {"web/values-staging.yaml", "staging"},
        {"web/values.yaml", ""},
        {"web/values.dev.yaml", "development"},
        {"web/values-prd-eu.yaml", "prd-eu"},
        {"web/values/prod.yaml", "production"},
        {"overlays/prd-eu", "prd-eu"},
        {"k8s/prd-eu", "prd-eu"},
        {"k8s/web", ""},
        {"apps/web/dev", "development"},
        {"apps/local-storage", ""},
        {"production/web", ""},
        {"env/Chart.yaml", ""},
        {"live", ""},
        {".", ""},
    }));
    INFO(path);
    CHECK(environment_of_rendering(path) == name);
}

}  // namespace
}  // namespace deployctl::readiness
