// SPDX-License-Identifier: Apache-2.0
#include "config/configuration.hpp"

#include <string>
#include <vector>

using namespace deployctl;
using namespace deployctl::config;

namespace {

const std::string head = "apiVersion: deployctl/v1\napp: {name: web, image: example.com/web}\n";
const std::string tail = "environments: {dev: {namespace: shop}}\n";

std::string places(const std::string& text) {
    std::string out;
    for (const auto& one : read_configuration(text, "deploy.yaml").diagnostics) {
        out += (out.empty() ? "" : " ") + std::to_string(one.place.line) + ":" +
               std::to_string(one.place.column) + " " + one.code;
    }
    return out;
}

struct Row {
    std::string text;
    std::string expected;
};

void check_rows(const std::vector<Row>& rows) {
    for (const auto& row : rows) {
        CAPTURE(row.text);
        CHECK(places(row.text) == row.expected);
    }
}

/// In the third line, between a good head and a good tail.
std::string inside(const std::string& line) {
    return head + line + "\n" + tail;
}

std::string app(const std::string& members) {
    return "apiVersion: deployctl/v1\napp: {name: web, image: example.com/web, " + members + "}\n" +
           tail;
}

std::string environment(const std::string& members) {
    return head + "environments: {dev: {namespace: shop, " + members + "}}\n";
}

}  // namespace

TEST_CASE("what is no YAML, or not this YAML, has a place") {
    check_rows({
        {"", "1:1 C1009 1:1 C1009 1:1 C1009"},
        {"just words", "1:1 C1010"},
        {"- a\n- b\n", "1:1 C1010"},
        {"a: [1, 2\n", "2:1 C1001"},
        {"a: b: c\n", "1:5 C1001"},
        {"a: *nowhere\n", "1:4 C1001"},
        {"\ta: 1\n", "1:1 C1001"},
        {"a: \"open\n", "2:1 C1001"},
        {head + tail + "---\na: 1\n", "5:1 C1004"},
        {head + head + tail, "3:1 C1003 4:1 C1003"},
        {"a: \xFF\n", "1:4 C1005"},
        {"a: \xC3\xA4 \x01\n", "1:6 C1005"},
        {std::string("a: b\nc: \0d\n", 11), "2:4 C1005"},
        {"? [a, b]\n: 1\n", "1:3 C1006"},
        {"a: &a [*a]\n", "1:8 C1006"},
        {"<<: 3\n", "1:1 C1006"},
    });
}

TEST_CASE("a key that nobody knows, or not yet, or that is missing, has a place") {
    check_rows({
        {inside("frobnicate: 1"), "3:1 C1007"},
        {inside("gatez: {}"), "3:1 C1007"},
        {inside("freeze: {}"), "3:1 C1008"},
        {inside("prometheus: {url: x}"), "3:1 C1008"},
        {inside("hooks: {}\nqueries: {}\nserver: {}"), "3:1 C1008 4:1 C1008 5:1 C1008"},
        {inside("defaults: {on_orphan: shift}"), "3:12 C1008"},
        {inside("gates: {g: {type: http, everry: 3s}}"), "3:25 C1007"},
        {inside("gates: {g: {type: metric, query: q}}"), "3:19 C1008"},
        {inside("gates: {g: {path: /}}"), "3:9 C1009"},
        {inside("strategies: {canary: {router: {type: istio, route: r}}}"), "3:38 C1008"},
        {inside("strategies: {canary: {sticky_header: {}}}"), "3:23 C1008"},
        {inside("strategies: {canary: {steps: [{hold: 1m}]}}"), "3:31 C1009"},
        {inside("strategies: {recreate: {}}"), "3:14 C1007"},
        {inside("x-anything: {at: all}"), ""},
        {app("manifests: {helm: {}}"), "2:58 C1008"},
        {app("version_probe: {path: /v}"), "2:46 C1009"},
        {environment("preflight: []"), "3:39 C1008"},
        {environment("nmespace: a"), "3:39 C1007"},
        {head, "1:1 C1009"},
        {head + "environments:\n", "3:1 C1009"},
        {head + "environments: {dev: {context: kind}}", "3:16 C1009"},
        {head + "environments: {dev: }", "3:16 C1009"},
        {"apiVersion: deployctl/v2\napp: {image: a/b}\n" + tail, "1:13 C1013 2:1 C1009"},
    });
}

TEST_CASE("a value of the wrong type or out of range has a place") {
    check_rows({
        {inside("gates: []"), "3:1 C1010"},
        {inside("defaults: yes"), "3:1 C1010"},
        {inside("gates: {g: {type: http, every: soon}}"), "3:32 C1011"},
        {inside("gates: {g: {type: http, every: 0s}}"), "3:32 C1012"},
        {inside("gates: {g: {type: http, every: }}"), "3:25 C1010"},
        {inside("gates: {g: {type: http, path: healthz}}"), "3:31 C1011"},
        {inside("gates: {g: {type: http, requests: many}}"), "3:35 C1011"},
        {inside("gates: {g: {type: http, requests: 0}}"), "3:35 C1012"},
        {inside("gates: {g: {type: http, max_errors: 5}}"), "3:37 C1012"},
        {inside("gates: {g: {type: http, max_errors: nan}}"), "3:37 C1012"},
        {inside("gates: {g: {type: http, expect: {status: \"200\"}}}"), "3:42 C1011"},
        {inside("gates: {g: {type: http, port: 70000}}"), "3:31 C1012"},
        {inside("gates: {g: {type: htp}}"), "3:19 C1013"},
        {inside("defaults: {on_failure: rollbck}"), "3:24 C1013"},
        {inside("defaults: {drain: 99999999h}"), "3:19 C1011"},
        {inside("defaults: {drain: 9000h}"), "3:19 C1012"},
        {inside("defaults: {evidence: {previous_container: maybe}}"), "3:43 C1011"},
        {inside("strategies: {rolling: {batches: [25, \"50%\"]}}"), "3:34 C1011"},
        {inside("strategies: {rolling: {batches: \"50%\"}}"), "3:24 C1010"},
        {inside("strategies: {canary: {steps: [5, 10]}}"), "3:31 C1010 3:34 C1010"},
        {inside("strategies: {canary: {steps: [{weight: 101}]}}"), "3:40 C1012"},
        {app("workload: {kind: StatefulSet}"), "2:63 C1008"},
        {app("workload: {kind: Deploymnt}"), "2:63 C1013"},
        {environment("protected: 1"), "3:50 C1011"},
        {environment("strategy: bluegreen"), "3:49 C1013"},
    });
}

TEST_CASE("what cannot be meant has a place") {
    check_rows({
        {"apiVersion: deployctl/v1\napp: {name: Web, image: example.com/web}\n" + tail, "2:13 C1021"
        },
        {"apiVersion: deployctl/v1\napp: {name: web, image: \"example.com/web:v1\"}\n" + tail,
         "2:25 C1020"},
        {"apiVersion: deployctl/v1\napp: {name: web, image: {name: web@sha256:12}}\n" + tail,
         "2:32 C1020"},
        {"apiVersion: deployctl/v1\napp: {name: web, image: Shop/Web}\n" + tail, "2:25 C1020"},
        {app("manifests: {kustomize: a, dir: b}"), "2:72 C1024"},
        {head + "environments: {dev: {namespace: Shop}}", "3:33 C1021"},
        {head + "environments: {Dev: {namespace: shop}}", "3:16 C1021"},
        {environment("gates: [health]"), "3:47 C1022"},
        {inside("gates: {health: {type: http}}\nstrategies: {rolling: {gates: [helth, health]}}"),
         "4:32 C1022"},
        {inside("gates: {health: {type: http}}\nstrategies: {rolling: {gates: [health, health]}}"),
         "4:40 C1026"},
        {inside("strategies: {canary: {steps: [{weight: 20}, {weight: 20}]}}"), "3:54 C1023"},
        {inside("strategies: {canary: {steps: []}}"), "3:23 C1023"},
        {inside("strategies: {rolling: {batches: [\"50%\", \"25%\"]}}"), "3:41 C1023"},
        {inside("strategies: {blue-green: {active_service: web, preview_service: web}}"),
         "3:65 C1025"},
        {inside("strategies: {blue-green: {active_service: [web, Web]}}"), "3:49 C1021"},
        {"a: &a [1]\n\xC3\xA4: 1\n" + head + tail, "1:1 C1007 2:1 C1007"},
    });
}
