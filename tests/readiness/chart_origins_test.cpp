// SPDX-License-Identifier: Apache-2.0
// What Helm has rendered, told at the line of the template: outlines of templates, and their nodes
// found again. tests/helm asks the same of the real Helm.
#include "readiness/chart_origins.hpp"

#include "readiness/template_outline.hpp"
#include "tests/readiness/told.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace deployctl::readiness {
namespace {

const std::string deployment = R"({{- $x := dict
     "a" 1 }}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-settings
data:
  color: {{ .Values.color }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}-web
spec:
  {{- if .Values.replicas }}
  replicas: {{ .Values.replicas }}
  {{- else }}
  replicas: 1
  {{- end }}
  template:
    spec:
      containers:
      - name: app
        image: "web:{{ .Values.tag }}"
        resources:
          {{- toYaml .Values.resources | nindent 10 }}
      {{- range .Values.more }}
      - name: {{ .name }}
        image: {{ .image }}
      {{- end }}
)";
const std::string output = R"(---
# Source: shop/templates/web.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: r-settings
data:
  color: blue
---
# Source: shop/templates/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: r-web
spec:
  replicas: 1
  template:
    spec:
      containers:
      - name: app
        image: "web:2"
        resources:
          limits: {cpu: 1}
      - name: proxy
        image: proxy:1
      - name: logs
        image: logs:1
---
# Source: shop/charts/db/templates/db.yaml
apiVersion: v1
kind: Service
metadata: {name: db}
)";

struct Rendered {
    explicit Rendered(const Texts& texts) {
        for (const auto& [path, text] : texts) {
            facts.add(read_file(path, text));
        }
        const auto tree = yaml_language().read(output).tree;
        made = with_template_places(tree, "charts/web", facts.files());
    }

    /// "file:line"
    std::string place(std::size_t root, std::string_view path) const {
        const auto& node = made.roots().at(root).at(path);
        return (node.source == 0 ? "-" : facts.files().at(node.source - 1).path) + ":" +
               std::to_string(node.spot.line);
    }

    Facts facts{Settings{}};
    documents::Tree made;
};

const Texts chart = {
    {"charts/web/Chart.yaml", "apiVersion: v2\nname: shop\n"},
    {"charts/web/templates/web.yaml", deployment},
    {"charts/web/charts/db/templates/db.yaml",
     "# no directive\napiVersion: v1\nkind: Service\nmetadata: {name: db}\n"},
};

TEST_CASE("what a chart has made is told at the lines of its templates", "[readiness]") {
    const Rendered shop(chart);
    const std::string web = "charts/web/templates/web.yaml:";
    CHECK(shop.place(0, "data/color") == web + "8");
    CHECK(shop.place(1, "metadata/name") == web + "13");
    // Of two branches the one with the words that were made.
    CHECK(shop.place(1, "spec/replicas") == web + "18");
    CHECK(shop.place(1, "spec/template/spec/containers/0/image") == web + "24");
    // What a directive makes of several lines is told at the key above it.
    CHECK(shop.place(1, "spec/template/spec/containers/0/resources/limits/cpu") == web + "25");
    CHECK(shop.place(1, "spec/template/spec/containers/1/image") == web + "29");
    CHECK(shop.place(1, "spec/template/spec/containers/2/image") == web + "29");
    CHECK(shop.place(2, "metadata/name") == "charts/web/charts/db/templates/db.yaml:4");
}

TEST_CASE("what is of no template that is there is told at the chart", "[readiness]") {
    auto texts = chart;
    texts.erase("charts/web/charts/db/templates/db.yaml");
    const Rendered shop(texts);
    CHECK(shop.place(2, "metadata/name") == "charts/web/Chart.yaml:1");
}

TEST_CASE("a template is no file that anybody is asked about", "[readiness]") {
    const auto file = read_file("web/templates/a.yaml", "kind: Pod\nspec: {{ .x }}\n");
    CHECK(file.kind == unrecognised);
    CHECK(file.trouble.what.empty());
    CHECK(file.tree.roots().at(0).text_at("kind") == "Pod");
    CHECK(read_file("web/a.yaml", "a: {{ .x }}\n").tree.roots().empty());
}

TEST_CASE("outlines of hostile templates end, whatever is in them", "[readiness]") {
    std::string deep;
    for (int level = 0; level < 5000; ++level) {
        deep += std::string(static_cast<std::size_t>(level % 900), ' ') + "- a:\n";
    }
    std::string wide = "{{";
    for (int number = 0; number < 20000; ++number) {
        wide += "- - - - - - - x: {{\n}}: y\n";
    }
    std::string dashes;
    for (int number = 0; number < 20000; ++number) {
        dashes += "- ";
    }
    for (const auto& text :
         {deep,
          wide,
          dashes,
          std::string("a:\n  - b\n c:\n- d\n  e: f\n---\n- - x"),
          std::string("\t{{\n: :\n:\n- :"),
          std::string("a: |\n  b: {{ c }}\n\n")}) {
        const auto tree = outline_of_template(text);
        CHECK(tree.source() == text);
    }
}

}  // namespace
}  // namespace deployctl::readiness
