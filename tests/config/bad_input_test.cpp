// SPDX-License-Identifier: Apache-2.0

#include "config/configuration.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace deployctl;
using namespace deployctl::config;

namespace {

const std::string head = "apiVersion: deployctl/v1\napp: {name: web, image: example.com/web}\n";
const std::string tail = "environments: {dev: {namespace: shop}}\n";

/// "3:1 C1007 unknown key `gatez`", in order, each on a line of its own.
std::string mistakes(const std::string& text) {
    std::string out;
    for (const auto& one : read_configuration(text, "deploy.yaml").diagnostics) {
        const auto& at = one.place;
        out += (out.empty() ? "" : "\n") + at.file + ":" + std::to_string(at.line) + ":" +
               std::to_string(at.column) + " " + one.code + " " + one.message;
    }
    return out;
}

struct Row {
    std::string text;
    std::string expected;
};

/// What happened and where, and for each mistake what to do.
void check_rows(const std::vector<Row>& rows) {
    for (const auto& row : rows) {
        CAPTURE(row.text);
        CHECK(mistakes(row.text) == row.expected);
        for (const auto& one : read_configuration(row.text, "deploy.yaml").diagnostics) {
            CAPTURE(one.message);
            CHECK_FALSE(one.help.empty());
        }
    }
}

std::string help_for(const std::string& text) {
    const auto found = read_configuration(text, "deploy.yaml").diagnostics;
    return found.empty() ? "no mistake" : found.front().help;
}

/// In the third line, between a good head and a good tail.
std::string inside(const std::string& line) {
    return head + line + "\n" + tail;
}

/// One window, whose name is w.
std::string freeze(const std::string& members) {
    return inside("freeze: {windows: [{name: w, " + members + "}]}");
}

std::string app(const std::string& members) {
    return "apiVersion: deployctl/v1\napp: {name: web, image: example.com/web, " + members + "}\n" +
           tail;
}

std::string environment(const std::string& members) {
    return head + "environments: {dev: {namespace: shop, " + members + "}}\n";
}

}  // namespace

TEST_CASE("what is no YAML, or not this YAML, has a place", "[config][bad]") {
    check_rows({
        {"",
         "deploy.yaml:1:1 C1009 the file has no `apiVersion`\ndeploy.yaml:1:1 C1009 the file has "
         "no `app`\ndeploy.yaml:1:1 C1009 the file has no `environments`"},
        {"just words", "deploy.yaml:1:1 C1010 the file takes a map"},
        {"- a\n- b\n", "deploy.yaml:1:1 C1010 the file takes a map"},
        {"a: [1, 2\n", "deploy.yaml:1:4 C1001 not YAML: a `[` that is never closed"},
        {"a: b: c\n", "deploy.yaml:1:5 C1001 not YAML: a `: ` inside of a value"},
        {"a: *nowhere\n", "deploy.yaml:1:4 C1001 not YAML: an alias of an anchor that is not there"
        },
        {"a: [\"b\" \"c\"]\n", "deploy.yaml:1:9 C1001 not YAML: a `,` or `]` is missing before this"
        },
        {"a: {b: [1}\n", "deploy.yaml:1:10 C1001 not YAML: a bracket that closes nothing"},
        {"a:\n  b: {c: 1\n", "deploy.yaml:2:6 C1001 not YAML: a `{` that is never closed"},
        {"a: 1\n  b: 2\n", "deploy.yaml:2:4 C1001 not YAML: a `: ` inside of a value"},
        {"a:\n  b: 1\n c: 2\n",
         "deploy.yaml:3:2 C1001 not YAML: this does not fit into the map above it"},
        {"a: ]\n", "deploy.yaml:1:4 C1001 not YAML: a bracket that closes nothing"},
        {"\ta: 1\n", "deploy.yaml:1:1 C1001 not YAML: a tab, where only spaces may indent"},
        {"a: \"open\n", "deploy.yaml:1:4 C1001 not YAML: a quote that is never closed"},
        {head + tail + "---\na: 1\n", "deploy.yaml:5:1 C1004 a second document: this file takes one"
        },
        {head + head + tail,
         "deploy.yaml:3:1 C1003 `apiVersion` stands here twice\ndeploy.yaml:4:1 C1003 `app` stands "
         "here twice"},
        {"a: \xFF\n", "deploy.yaml:1:4 C1005 no UTF-8 text: a byte that YAML does not allow"},
        {"a: \xC3\xA4 \x01\n",
         "deploy.yaml:1:6 C1005 no UTF-8 text: a byte that YAML does not allow"},
        {std::string("a: b\nc: \0d\n", 11),
         "deploy.yaml:2:4 C1005 no UTF-8 text: a byte that YAML does not allow"},
        {"? [a, b]\n: 1\n", "deploy.yaml:1:3 C1006 a key must be a plain text"},
        {"a: &a [*a]\n", "deploy.yaml:1:8 C1006 an alias inside of what it stands for"},
        {"<<: 3\n", "deploy.yaml:1:1 C1006 `<<` takes a map, or a list of maps"},
    });
}

TEST_CASE("a key that nobody knows, or not yet, or that is missing, has a place", "[config][bad]") {
    check_rows({
        {inside("frobnicate: 1"), "deploy.yaml:3:1 C1007 unknown key `frobnicate`"},
        {inside("gatez: {}"), "deploy.yaml:3:1 C1007 unknown key `gatez`"},
        {inside("telemetry: {}"),
         "deploy.yaml:3:1 C1008 `telemetry` is not supported by this version"},
        {inside("notifications: {}\nserver: {}"),
         "deploy.yaml:3:1 C1008 `notifications` is not supported by this version\n"
         "deploy.yaml:4:1 C1008 `server` is not "
         "supported by this version"},
        {inside("defaults: {on_orphan: shift}"),
         "deploy.yaml:3:12 C1008 `on_orphan` is not supported by this version"},
        {inside("gates: {g: {type: http, everry: 3s}}"),
         "deploy.yaml:3:25 C1007 unknown key `everry` in gate `g`"},
        {inside("gates: {g: {type: job, query: q}}"),
         "deploy.yaml:3:19 C1008 `type: job` is not supported by this version"},
        {inside("gates: {g: {path: /}}"), "deploy.yaml:3:9 C1009 gate `g` has no `type`"},
        {inside("strategies: {canary: {router: {type: istio, route: r}}}"),
         "deploy.yaml:3:38 C1008 `type: istio` is not supported by this version"},
        {inside("strategies: {canary: {sticky_header: {}}}"),
         "deploy.yaml:3:23 C1008 `sticky_header` is not supported by this version"},
        {inside("strategies: {canary: {steps: [{hold: 1m}]}}"),
         "deploy.yaml:3:31 C1009 step 1 of `steps` has no `weight`"},
        {inside("strategies: {recreate: {}}"),
         "deploy.yaml:3:14 C1007 unknown key `recreate` in `strategies`"},
        {inside("x-anything: {at: all}"), ""},
        {inside("strategies: {canary: {steps: [{approval: sre}]}}"),
         "deploy.yaml:3:42 C1091 there is no approval `sre`"},
        {inside("approvals: {sre: {}}\nstrategies: {canary: {steps: [{approval: sre, weight: 5}]}}"
         ),
         "deploy.yaml:4:47 C1090 step 1 of `steps` waits for people, and has a `weight`"},
        {inside("approvals: {sre: {count: 3, people: [ada, bob]}}"),
         "deploy.yaml:3:13 C1093 approval `sre` needs 3 persons, and names 2"},
        {inside("approvals: {sre: {count: 2, people: [ada, ada]}}"),
         "deploy.yaml:3:13 C1093 approval `sre` needs 2 persons, and names 1"},
        {inside("approvals: {sre: {roles: [sre, srr]}}\nroles: {sre: {people: [ada]}}"),
         "deploy.yaml:3:32 C1096 there is no role `srr`"},
        {inside("freeze: {override: {roles: [sre]}}"),
         "deploy.yaml:3:29 C1096 there is no role `sre`"},
        {inside("roles: {sre: {people: []}}"), "deploy.yaml:3:15 C1095 role `sre` names nobody"},
        {inside("approvals: {sre: {people: []}}"),
         "deploy.yaml:3:19 C1095 approval `sre` names nobody"},
        {inside("freeze: {override: {people: []}}"),
         "deploy.yaml:3:21 C1095 the override names nobody"},
        {inside("roles: {sre: {}}"), "deploy.yaml:3:9 C1009 role `sre` has no `people`"},
        {inside("approvals: {a: {count: 3, people: [ada], roles: [b]}}\nroles: {b: {people: [ada, "
                "bob]}}"),
         "deploy.yaml:3:13 C1093 approval `a` needs 3 persons, and names 2"},
        {inside("approvals: {s: {}}\nstrategies: {canary: {steps: [{approval: s, only: [prod]}]}}"),
         "deploy.yaml:4:52 C1092 there is no environment `prod`"},
        {inside("strategies: {canary: {router: {type: replicas}}}"),
         "deploy.yaml:3:38 C1013 `type` takes `pods`, not `replicas`"},
        {head + "environments: {}", "deploy.yaml:3:1 C1009 `environments` is empty"},
        {inside("every: 10s"), "deploy.yaml:3:1 C1007 unknown key `every`"},
        {app("manifests: {helm: {}}"),
         "deploy.yaml:2:54 C1008 `helm` is not supported by this version"},
        {app("version_probe: {path: /v}"),
         "deploy.yaml:2:42 C1009 `app.version_probe` has no `port`"},
        {environment("confirm: plan"),
         "deploy.yaml:3:39 C1008 `confirm` is not supported by this version"},
        {environment("nmespace: a"),
         "deploy.yaml:3:39 C1007 unknown key `nmespace` in environment `dev`"},
        {head, "deploy.yaml:1:1 C1009 the file has no `environments`"},
        {head + "environments:\n", "deploy.yaml:3:1 C1009 `environments` is empty"},
        {head + "environments: {dev: {context: kind}}",
         "deploy.yaml:3:16 C1009 environment `dev` has no `namespace`"},
        {head + "environments: {dev: }",
         "deploy.yaml:3:16 C1009 environment `dev` has no `namespace`"},
        {"apiVersion: deployctl/v2\napp: {image: a/b}\n" + tail,
         "deploy.yaml:1:13 C1013 `apiVersion` takes `deployctl/v1`, not "
         "`deployctl/v2`\ndeploy.yaml:2:1 C1009 `app` has no `name`"},
    });
}

TEST_CASE("a value of the wrong type or out of range has a place", "[config][bad]") {
    check_rows({
        {inside("gates: []"), "deploy.yaml:3:1 C1010 `gates` takes a map"},
        {inside("defaults: yes"), "deploy.yaml:3:1 C1010 `defaults` takes a map"},
        {inside("gates: {g: {type: http, every: soon}}"),
         "deploy.yaml:3:32 C1011 `every` takes a duration such as `10s`, not `soon`"},
        {inside("gates: {g: {type: http, every: 0s}}"),
         "deploy.yaml:3:32 C1012 `every` takes a duration such as `10s`, not `0s`"},
        {inside("gates: {g: {type: http, every: }}"),
         "deploy.yaml:3:25 C1010 `every` has no value: it takes a duration such as `10s`"},
        {inside("gates: {g: {type: http, path: healthz}}"),
         "deploy.yaml:3:31 C1011 `path` takes a path such as `/healthz`, not `healthz`"},
        {inside("gates: {g: {type: http, requests: many}}"),
         "deploy.yaml:3:35 C1011 `requests` takes a whole number from 1 to 1000, not `many`"},
        {inside("gates: {g: {type: http, requests: 0}}"),
         "deploy.yaml:3:35 C1012 `requests` takes a whole number from 1 to 1000, not `0`"},
        {inside("gates: {g: {type: http, max_errors: 5}}"),
         "deploy.yaml:3:37 C1012 `max_errors` takes a number from 0 to 1, not `5`"},
        {inside("gates: {g: {type: http, max_errors: nan}}"),
         "deploy.yaml:3:37 C1012 `max_errors` takes a number from 0 to 1, not `nan`"},
        {inside("gates: {g: {type: http, expect: {status: \"200\"}}}"),
         "deploy.yaml:3:42 C1011 `status` takes a whole number from 100 to 599, not `\"200\"`"},
        {inside("gates: {g: {type: http, port: 70000}}"),
         "deploy.yaml:3:31 C1012 `port` takes a whole number from 0 to 65535, not `70000`"},
        {inside("gates: {g: {type: http, on_fail: hld}}"),
         "deploy.yaml:3:34 C1013 `on_fail` takes `rollback`, `hold` or `notify`, not `hld`"},
        {inside("defaults: {on_failure: rollbck}"),
         "deploy.yaml:3:24 C1013 `on_failure` takes `rollback` or `hold`, not `rollbck`"},
        {inside("defaults: {drain: 99999999h}"),
         "deploy.yaml:3:19 C1011 `drain` takes a duration such as `5s`, not `99999999h`"},
        {inside("defaults: {drain: 9000h}"),
         "deploy.yaml:3:19 C1012 `drain` takes a duration such as `5s`, not `9000h`"},
        {inside("defaults: {evidence: {previous_container: maybe}}"),
         "deploy.yaml:3:43 C1011 `previous_container` takes `true` or `false`, not `maybe`"},
        {inside("strategies: {rolling: {batches: [25, \"50%\"]}}"),
         "deploy.yaml:3:34 C1011 `batches` takes a list of percents from 1 to 100 such as "
         "`[\"25%\", "
         "\"50%\"]`, not `25`"},
        {inside("strategies: {rolling: {batches: \"50%\"}}"),
         "deploy.yaml:3:24 C1010 `batches` takes a list of percents from 1 to 100 such as "
         "`[\"25%\", "
         "\"50%\"]`"},
        {inside("strategies: {canary: {steps: [5, 10]}}"),
         "deploy.yaml:3:31 C1010 step 1 of `steps` takes a map\ndeploy.yaml:3:34 C1010 step 2 of "
         "`steps` takes a map"},
        {inside("strategies: {canary: {steps: [{weight: 101}]}}"),
         "deploy.yaml:3:40 C1012 `weight` takes a whole number from 1 to 100, not `101`"},
        {app("workload: {kind: StatefulSet}"),
         "deploy.yaml:2:59 C1008 `kind: StatefulSet` is not supported by this version"},
        {app("workload: {kind: Deploymnt}"),
         "deploy.yaml:2:59 C1013 `kind` takes `Deployment`, not `Deploymnt`"},
        {environment("protected: 1"),
         "deploy.yaml:3:50 C1011 `protected` takes `true` or `false`, not `1`"},
        {environment("strategy: bluegreen"),
         "deploy.yaml:3:49 C1013 `strategy` takes `rolling`, `blue-green` or `canary`, not "
         "`bluegreen`"},
    });
}

TEST_CASE("what cannot be meant has a place", "[config][bad]") {
    check_rows({
        {"apiVersion: deployctl/v1\napp: {name: Web, image: example.com/web}\n" + tail,
         "deploy.yaml:2:13 C1021 `Web` is no name that Kubernetes takes"},
        {"apiVersion: deployctl/v1\napp: {name: web, image: \"example.com/web:v1\"}\n" + tail,
         "deploy.yaml:2:25 C1020 the image has a tag or a digest"},
        {"apiVersion: deployctl/v1\napp: {name: web, image: {name: web@sha256:12}}\n" + tail,
         "deploy.yaml:2:32 C1020 the image has a tag or a digest"},
        {"apiVersion: deployctl/v1\napp: {name: web, image: Shop/Web}\n" + tail,
         "deploy.yaml:2:25 C1020 `Shop/Web` is no name of an image"},
        {app("manifests: {kustomize: a, dir: b}"),
         "deploy.yaml:2:68 C1024 `kustomize` and `dir` both say where manifests are"},
        {head + "environments: {dev: {namespace: Shop}}",
         "deploy.yaml:3:33 C1021 `Shop` is no name that Kubernetes takes"},
        {head + "environments: {Dev: {namespace: shop}}",
         "deploy.yaml:3:16 C1021 `Dev` is no name that Kubernetes takes"},
        {environment("gates: [health]"), "deploy.yaml:3:47 C1022 there is no gate `health`"},
        {inside("gates: {health: {type: http}}\nstrategies: {rolling: {gates: [helth, health]}}"),
         "deploy.yaml:4:32 C1022 there is no gate `helth`"},
        {inside("gates: {health: {type: http}}\nstrategies: {rolling: {gates: [health, health]}}"),
         "deploy.yaml:4:40 C1026 gate `health` stands here twice"},
        {inside("strategies: {canary: {steps: [{weight: 20}, {weight: 20}]}}"),
         "deploy.yaml:3:54 C1023 the weights of a canary must rise"},
        {inside("strategies: {canary: {steps: []}}"), "deploy.yaml:3:23 C1023 a canary needs a step"
        },
        {inside("strategies: {rolling: {batches: [\"50%\", \"25%\"]}}"),
         "deploy.yaml:3:41 C1023 batches count all pods so far: they must rise"},
        {inside("strategies: {blue-green: {active_service: web, preview_service: web}}"),
         "deploy.yaml:3:65 C1025 the preview Service is also an active one"},
        {inside("strategies: {blue-green: {active_service: [web, Web]}}"),
         "deploy.yaml:3:49 C1021 `Web` is no name that Kubernetes takes"},
        {inside("strategies: {blue-green: {active_service: [web, web]}}"),
         "deploy.yaml:3:49 C1026 Service `web` stands here twice"},
        {inside("defaults: {timeouts: {step: 3h}}"),
         "deploy.yaml:3:29 C1027 `step` is longer than `rollout`"},
        {inside("defaults: {timeouts: {first_ready: 30m}}"),
         "deploy.yaml:3:36 C1027 `first_ready` is longer than `step`"},
        {inside("strategies: {canary: {steps: [{weight: 10, hold: 3h}]}}"),
         "deploy.yaml:3:23 C1028 the holds of the canary leave no time for the rollout"},
        {inside("gates: {version: {type: http}}"),
         "deploy.yaml:3:9 C1029 no gate of yours can be called `version`"},
        {inside("gates: {health: {type: http, every: 5m, pass_after: 5}}"),
         "deploy.yaml:3:9 C1031 gate `health` cannot pass before its step ends"},
        {inside("gates: {health: {type: http, timeout: 6s}}"),
         "deploy.yaml:3:39 C1032 a gate waits at most 5s for an answer"},
        {inside("gates: {m: {type: metric, query: up, path: /}}"),
         "deploy.yaml:3:9 C1061 gate `m` has no limit\n"
         "deploy.yaml:3:38 C1060 `path` is no key of gate `m`"},
        {inside("gates: {t: {type: tcp, address: web}}"),
         "deploy.yaml:3:33 C1066 `address` takes a host and a port, not `web`"},
        {inside("gates: {t: {type: tcp, address: \"http://web:80\"}}"),
         "deploy.yaml:3:33 C1066 `address` takes a host and a port, not `http://web:80`"},
        {inside("gates: {t: {type: tcp, address: \"web.${ns}:80\", timeout: 6s}}"),
         "deploy.yaml:3:33 C1030 ${ns} stands for nothing\n"
         "deploy.yaml:3:58 C1032 a gate waits at most 5s for an answer"},
        {inside("gates: {t: {type: tcp, address: \"web-${version}.${namespace}:80\"}}"), ""},
        {inside("gates: {g: {type: grpc, address: \"web:80\", ca_file: ca.pem}}"),
         "deploy.yaml:3:53 C1067 `ca_file` needs `tls`"},
        {inside("gates: {g: {type: grpc, address: \"web:80\", timeout: 5001ms}}"),
         "deploy.yaml:3:53 C1032 a gate waits at most 5s for an answer"},
        {inside("gates: {t: {type: tcp, address: \"web:80\", service: s}}"),
         "deploy.yaml:3:43 C1060 `service` is no key of gate `t`"},
        {inside("gates: {c: {type: command, run: []}}"),
         "deploy.yaml:3:9 C1065 gate `c` names no program"},
        {inside("gates: {a: {type: alerts, labels: {}}}"),
         "deploy.yaml:3:9 C1062 gate `a` names no label of an alert"},
        {inside("gates: {a: {type: alerts, labels: {s: \"${nmespace}\"}}}"),
         "deploy.yaml:3:39 C1030 ${nmespace} stands for nothing"},
        {inside("gates: {a: {type: alerts, labels: {1-s: web}}}"),
         "deploy.yaml:3:36 C1033 `1-s` is no name of a label"},
        {inside("gates: {h: {type: http, max: 1}}"),
         "deploy.yaml:3:25 C1060 `max` is no key of gate `h`"},
        {inside("gates: {a: {type: analysis, errors: bad, alpha: 0.9}}"),
         "deploy.yaml:3:29 C1081 `errors` needs `total`\n"
         "deploy.yaml:3:49 C1012 `alpha` takes a number from 0.000001 to 0.5, not `0.9`"},
        {inside("gates: {a: {type: analysis, alpha: 0.1}}"),
         "deploy.yaml:3:9 C1080 gate `a` compares nothing"},
        {inside("gates: {a: {type: analysis, total: all, errors: bad, edges: [0.5]}}"),
         "deploy.yaml:3:54 C1082 `edges` needs `buckets`"},
        {inside("gates: {a: {type: analysis, buckets: b, quantiles: [0.9, \"x\", 1], edges: 1}}"),
         "deploy.yaml:3:58 C1011 `quantiles` takes a list of numbers such as `[0.9, 0.99]`, in "
         "0.5..0.99999, not `\"x\"`\ndeploy.yaml:3:63 C1012 `quantiles` takes a list of numbers "
         "such as `[0.9, 0.99]`, in 0.5..0.99999, not `1`\ndeploy.yaml:3:67 C1010 `edges` takes a "
         "list of numbers such as `[0.25, 0.5]`, in 0.000001..86400"},
        {inside("gates: {a: {type: analysis, method: exhaustion, query: q}}"),
         "deploy.yaml:3:9 C1083 gate `a` needs one limit"},
        {inside("gates: {a: {type: analysis, method: exhaustion, query: q, limit: 1, "
                "limit_query: l}}"),
         "deploy.yaml:3:9 C1083 gate `a` needs one limit"},
        {inside("gates: {a: {type: error-budget, objective: 99.9}}"),
         "deploy.yaml:3:9 C1084 gate `a` has no counters"},
        {inside("gates: {a: {type: analysis, method: slo, errors: e, total: t}}"),
         "deploy.yaml:3:9 C1009 gate `a` has no `objective`"},
        {inside("gates: {a: {type: analysis, method: mann-whitney, query: q, pass_score: 20}}"),
         "deploy.yaml:3:9 C1085 gate `a` passes below its marginal score"},
        {inside("gates: {a: {type: analysis, method: leak, query: q, max_ratio: 2}}"),
         "deploy.yaml:3:53 C1060 `max_ratio` is no key of gate `a`"},
        {inside("gates: {a: {type: analysis, method: tend, query: q, max_ratio: 2}}"),
         "deploy.yaml:3:37 C1013 `method` takes `sequential`, `trend`, `leak`, `exhaustion`, "
         "`mann-whitney` or `slo`, not `tend`"},
        {inside("freeze: {timezone: Europe/Berlyn}"),
         "deploy.yaml:3:20 C1041 there is no time zone `Europe/Berlyn`"},
        {freeze("cron: \"0 0 30 2 *\", for: 1h"),
         "deploy.yaml:3:36 C1042 `cron` never begins: no year has such a day"},
        {freeze("cron: \"0 17 * *\", for: 1h"),
         "deploy.yaml:3:36 C1042 `cron` never begins: it has 4 fields, not 5"},
        {freeze("cron: \"0 17 * * 5\", for: 0s"),
         "deploy.yaml:3:55 C1012 `for` takes a duration such as `62h`, not `0s`"},
        {freeze("cron: \"0 17 * * 5\", for: 8761h"),
         "deploy.yaml:3:55 C1012 `for` takes a duration such as `62h`, not `8761h`"},
        {freeze("from: \"2026-02-30T00:00\", to: \"2026-03-01T00:00\""),
         "deploy.yaml:3:36 C1043 `2026-02-30T00:00` is no time on a clock and a calendar"},
        {freeze("from: \"2026-12-18T00:00\", to: \"2026-12-17T00:00\""),
         "deploy.yaml:3:60 C1045 the window ends before it begins"},
        {freeze("from: \"2026-12-18T00:00\", to: \"2026-12-18T00:00\""),
         "deploy.yaml:3:60 C1045 the window ends before it begins"},
        {freeze("cron: \"0 17 * * 5\""), "deploy.yaml:3:20 C1044 the window has no `for`"},
        {freeze("to: \"2026-12-17T00:00\""), "deploy.yaml:3:20 C1044 the window has no `from`"},
        {freeze("env: [dev]"),
         "deploy.yaml:3:20 C1044 the window needs `cron` and `for`, or `from` and `to`"},
        {freeze("cron: \"0 17 * * 5\", for: 1h, to: \"2026-12-17T00:00\""),
         "deploy.yaml:3:20 C1044 the window has `cron` or `for` beside `from` or `to`"},
        {freeze("env: [dve], cron: \"0 17 * * 5\", for: 1h"),
         "deploy.yaml:3:36 C1046 there is no environment `dve`"},
        {inside("freeze: {windows: [{name: w, cron: \"0 17 * * 5\", for: 1h}, {name: w, cron: \"0 "
                "17 * * 4\", for: 1h}]}"),
         "deploy.yaml:3:67 C1026 window `w` stands here twice"},
        {inside("freeze: {override: {approval: sre}}"),
         "deploy.yaml:3:31 C1091 there is no approval `sre`"},
        {app("manifests: {dir: \"k8s/${environment}\"}"),
         "deploy.yaml:2:59 C1030 ${environment} stands for nothing"},
        {"a: &a [1]\n\xC3\xA4: 1\n" + head + tail,
         "deploy.yaml:1:1 C1007 unknown key `a`\ndeploy.yaml:2:1 C1007 unknown key `ä`"},
    });
}

TEST_CASE("a source of metrics that cannot be meant has a place", "[config][bad]") {
    check_rows({
        {inside("prometheus: {}"), "deploy.yaml:3:1 C1009 `prometheus` has no `url`"},
        {inside("prometheus:"), "deploy.yaml:3:1 C1009 `prometheus` has no `url`"},
        {inside("prometheus: https://p"), "deploy.yaml:3:1 C1010 `prometheus` takes a map"},
        {inside("prometheus: {url: p.example.com}"),
         "deploy.yaml:3:19 C1011 `url` takes an http or https URL without user, ? and #, such as "
         "`\"https://prom.example.com\"`, not `p.example.com`"},
        {inside("prometheus: {url: \"ftp://p\"}"),
         "deploy.yaml:3:19 C1011 `url` takes an http or https URL without user, ? and #, such as "
         "`\"https://prom.example.com\"`, not `ftp://p`"},
        {inside("prometheus: {url: \"https://\"}"),
         "deploy.yaml:3:19 C1011 `url` takes an http or https URL without user, ? and #, such as "
         "`\"https://prom.example.com\"`, not `https://`"},
        {inside("prometheus: {url: \"https://a@p\"}"),
         "deploy.yaml:3:19 C1011 `url` takes an http or https URL without user, ? and #, such as "
         "`\"https://prom.example.com\"`, not `https://a@p`"},
        {inside("prometheus: {url: \"https://p?x\"}"),
         "deploy.yaml:3:19 C1011 `url` takes an http or https URL without user, ? and #, such as "
         "`\"https://prom.example.com\"`, not `https://p?x`"},
        {inside("prometheus: {url: \"https://p.example.com\", timeout: 0s}"),
         "deploy.yaml:3:53 C1012 `timeout` takes a duration such as `5s`, not `0s`"},
        {inside("prometheus: {url: \"https://p.example.com\", retries: 11}"),
         "deploy.yaml:3:53 C1012 `retries` takes a whole number from 0 to 10, not `11`"},
        {inside("prometheus: {url: \"https://p.example.com\", token: t}"),
         "deploy.yaml:3:44 C1007 unknown key `token` in `prometheus`"},
        {inside("prometheus: {url: \"https://p.example.com\", headers: [a]}"),
         "deploy.yaml:3:44 C1010 `headers` takes a map such as `{X-Scope-OrgID: shop}`"},
        {inside("prometheus: {url: \"https://p.example.com\", headers: {\"a b\": c}}"),
         "deploy.yaml:3:54 C1033 `a b` is no name of a header"},
        {inside("prometheus: {url: \"https://p.example.com\", headers: {A: \"b\\nc\"}}"),
         "deploy.yaml:3:57 C1011 `headers` takes a text in one line"},
        {inside("prometheus: {url: \"https://p.example.com\", token_file: t, username: u}"),
         "deploy.yaml:3:59 C1034 `token_file` and a password both say who asks"},
        {inside("prometheus: {url: \"https://p.example.com\", token_file: t, password_file: u}"),
         "deploy.yaml:3:59 C1034 `token_file` and a password both say who asks"},
        {inside("prometheus: {url: \"https://p.example.com\", username: u}"),
         "deploy.yaml:3:44 C1035 `username` needs `password_file`"},
        {inside("prometheus: {url: \"https://p.example.com\", password_file: u}"),
         "deploy.yaml:3:44 C1035 `password_file` needs `username`"},
        {inside("prometheus: {url: \"https://p.example.com\", cert_file: c}"),
         "deploy.yaml:3:44 C1035 `cert_file` needs `key_file`"},
        {inside("prometheus: {url: \"https://p.example.com\", key_file: c}"),
         "deploy.yaml:3:44 C1035 `key_file` needs `cert_file`"},
        {inside("prometheus: {url: \"http://p\", token_file: t}"),
         "deploy.yaml:3:14 C1036 credentials go over the network in the clear"},
        {inside("prometheus: {url: \"http://localhost.example.com\", token_file: t}"),
         "deploy.yaml:3:14 C1036 credentials go over the network in the clear"},
        {inside("prometheus: {url: \"http://localhost:9090/p\", token_file: t}"), ""},
        {inside("prometheus: {url: \"http://[::1]\", token_file: t}"), ""},
        {inside("prometheus: {url: \"http://p\"}"), ""},
        {inside("prometheus: {url: \"http://p\", timeout: 5s}"), ""},
        {inside("prometheus: {url: \"http://p\", timeout: 5001ms}"),
         "deploy.yaml:3:40 C1063 a query waits at most 5s for its answer"},
        {inside("metrics_program: {run: [m], timeout: 6s}"),
         "deploy.yaml:3:38 C1063 a query waits at most 5s for its answer"},
        {inside("metrics_program: {run: []}"), "deploy.yaml:3:19 C1065 `run` names no program"},
        {inside("metrics_program: {}"), "deploy.yaml:3:1 C1009 `metrics_program` has no `run`"},
        {inside("prometheus: {url: \"http://p\"}\nmetrics_program: {run: [m]}"),
         "deploy.yaml:4:1 C1064 `prometheus` and `metrics_program` both say where metrics come "
         "from"},
        {inside("prometheus: {url: \"https://p.example.com\", headers: {authorization: a}}"),
         "deploy.yaml:3:54 C1037 `authorization` is a secret: not in this file"},
        {inside("prometheus: {url: \"https://p.example.com\", headers: {Content-Type: a}}"),
         "deploy.yaml:3:54 C1037 deployctl sets `Content-Type` by itself"},
        {inside("prometheus: {url: \"https://p.example.com\", headers: {x-scope-orgid: a}}"), ""},
        {inside("queries: [up]"),
         "deploy.yaml:3:1 C1010 `queries` takes a map such as `{p99: \"histogram_quantile(0.99, "
         "sum(rate(request_seconds_bucket[1m])) by (le))\"}`"},
        {inside("queries: {\"a b\": up}"), "deploy.yaml:3:11 C1033 `a b` is no name of a query"},
        {inside("queries: {a: }"), "deploy.yaml:3:11 C1010 `a` in `queries` takes a text"},
        {inside("queries: {a: {b: c}}"), "deploy.yaml:3:11 C1010 `a` in `queries` takes a text"},
        {inside("queries: {a: \" \"}"),
         "deploy.yaml:3:14 C1011 `queries` takes names, each with a query in PromQL"},
        {inside("queries: {error_rate: \"sum(\\n  up)\", p99: 1, x-a: [1]}"), ""},
    });
}

TEST_CASE("what to do next can be typed as it is said", "[config][bad]") {
    CHECK(
        help_for("just words") ==
        "write `apiVersion: deployctl/v1` first; `deployctl config init` writes a whole file"
    );
    CHECK(help_for(inside("strategies: {canary: {steps: [5]}}")) == "write `{weight: 10}`");
    CHECK(help_for(inside("server: {}")) == "take it out; as `x-server` it may stay for later");
    CHECK_THAT(
        help_for(inside("gates: {g: {type: job}}")),
        Catch::StartsWith("this version takes `http`, `metric`")
    );
    CHECK(help_for(inside("defaults: {on_failure: explode}")) == "write `on_failure: rollback`");
    CHECK(
        help_for(inside("prometheus: {url: p.example.com}")) ==
        "write `url: \"https://prom.example.com\"`"
    );
    CHECK(
        help_for(inside("prometheus: {url: \"https://p\", username: u}")) ==
        "write `password_file: /run/secrets/prom-password`"
    );
    CHECK(help_for(inside("queries: {\"a b\": up}")) == "write it as `p99`");
    CHECK(help_for("a: [1\nb: 2") == "write what is missing");
    CHECK(help_for("a: [1") == "close it with `]`");
    CHECK(help_for("a: \x1B[1m\n") == "save the file as UTF-8, and take the byte 0x1B out");
    CHECK(
        help_for(inside("strategies: {canary: {steps: [{weight: 20}, {weight: 20}]}}")) ==
        "write more than 20, or take it out"
    );
}
