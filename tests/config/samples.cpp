// SPDX-License-Identifier: Apache-2.0
#include "tests/config/samples.hpp"

namespace deployctl::config {

namespace {

const std::string head = "apiVersion: deployctl/v1\napp: {name: web, image: example.com/web}\n";
const std::string tail = "environments: {dev: {namespace: shop}}\n";

std::string in_app(const std::string& members) {
    return "apiVersion: deployctl/v1\napp: {name: web, image: example.com/web, " + members + "}\n" +
           tail;
}

std::string in_gate(const std::string& members) {
    return head + "gates: {g: {type: http, " + members + "}}\n" + tail;
}

std::string in_strategies(const std::string& members) {
    return head + "strategies: {" + members + "}\n" + tail;
}

std::string in_environment(const std::string& members) {
    return head + "environments: {dev: {namespace: shop, " + members + "}}\n";
}

std::string in_prometheus(const std::string& members) {
    return head + "prometheus: {url: \"https://prom.example.com\", " + members + "}\n" + tail;
}

}  // namespace

std::string every_key() {
    return R"({apiVersion: deployctl/v1,
app: {name: web, image: {name: example.com/web, digest: require},
  workload: {kind: Deployment, name: web.v1, container: app}, manifests: {kustomize: "k8s/${env}", apply: all},
  config_objects: {configmaps: [web-flags], secrets: [web-db]},
  version_probe: {port: 8080, path: /version, jsonpath: $.version},
  links: {runbook: "https://wiki.example.com/web", owners: [team-shop]}},
defaults: {timeouts: {first_ready: 5m, step: 20m, rollout: 2h, request: 10s},
  on_failure: rollback, on_interrupt: shift, drain: 5s, confirm: {crash: 10s, unschedulable: 30s, unready: 10s},
  evidence: {log_lines: 40, events: 20, previous_container: true}},
gates: {health: {type: http, port: 8080, path: /healthz, expect: {status: 200}, requests: 20,
  max_errors: 0.05, every: 10s, timeout: 3s, pass_after: 1, fail_after: 3, on_fail: hold}},
strategies: {
  rolling: {batches: ["25%", "50%"], batch_pause: 30s, gates: [health]},
  blue-green: {active_service: [web], preview_service: web-preview, warm_up: 2m, keep_old: 30m, gates: [health]},
  canary: {router: {type: pods}, steps: [{weight: 10, hold: 1m}, {weight: 50}], max_weight_error: 25,
    on_weight_error: warn, keep_old: 10m, gates: [health]}},
prometheus: {url: "https://prom.example.com/a", token_file: /run/secrets/prom, ca_file: ca.pem,
  cert_file: us.pem, key_file: us.key, headers: {X-Scope-OrgID: shop}, timeout: 5s, retries: 2},
queries: {error_rate: 'sum(rate(errors[1m]))'},
environments: {production: {context: kind-dev, namespace: shop, strategy: canary, gates: [health],
  on_failure: hold, protected: true, replicas: 3,
  waves: {clusters: [{name: eu, context: prod-eu, namespace: shop}, {name: us, context: prod-us}], order: [[eu], [us]],
    soak: 30m, on_failure: rollback_all}},
  standby: {context: standby, namespace: shop, follows: production, max_lag: 15m}},
infra: {program: tofu, prices: prices.yaml, max_monthly_increase: 200.5, stacks: {data: {dir: infra/data,
  workspace: "${env}", apply: before_traffic, drift: warn, allow_destroy: true, approval: sre, var_files: ["${env}.tfvars"],
  backend_config: [b], on_rollback: revert, env: [production], timeout: 30m, lock_timeout: 0s}},
  backup: {dir: copies, encrypt_to: infra.pem, keep: {last: 1, days: 0}}},
backup: {dir: "backups/${app}", databases: {web: {run: [dump, "${artifact}"], verify: [check], restore: [load],
  dir: web, suffix: .sql, min_bytes: 5000000000, encrypt_to: b.pem, keep: {last: 3, days: 7}, max_age: 24h, when: before_infra,
  env: [standby], timeout: 1h}, disk: {volume_snapshot: {claim: data-0, class: csi}},
  nightly: {cron_job: dump}}},
hooks: {pre_deploy: [{name: expand, run: [m, "${version}"], timeout: 10m, on_error: warn, migration: expand,
    after_crash: ask, only: [production]}, {name: seed, job: "jobs/${env}.yaml"}],
  post_verify: [{name: contract, run: [m], migration: contract}], on_rollback: [{name: purge, run: [p]}]},
promotion: {order: [standby, production], require: {production: [standby]}, soak: {production: 24h}, same_digest: false},
group: {name: shop, members: {cart: {dir: cart}, web: {dir: web, needs: [cart]}}, gates: [health]},
approvals: {sre: {count: 1}},
dr: {primary: production, standby: standby, rto: 15m, rpo: 5m, database: web, stack: data, approval: sre,
  replica: {run: [lag], timeout: 1m}, promote: {run: [p]}, traffic: {run: [t, "${from}", "${to}"]}, verify: {run: [v]},
  drill_every: 30d},
freeze: {timezone: Europe/Berlin, windows: [
  {name: weekend, env: [production], cron: "0 17 * * 5", for: 62h},
  {name: year-end, from: "2026-12-18T00:00", to: "2027-01-04T08:00"}]}}
)";
}

std::vector<std::string> good_samples() {
    return {
        head + tail,
        every_key(),
        head + "defaults:\ngates:\nstrategies: {canary: }\nx-free: {at: [all]}\n" + tail,
        "apiVersion: deployctl/v1\napp: {name: web, image: {name: example.com/web, digest: "
        "\"off\"}}\n" +
            tail,
        in_app("workload: {container: app}, manifests: {dir: k8s}"),
        in_gate("every: 1m30s, timeout: 250ms, max_errors: 1"),
        in_strategies("blue-green: {active_service: web}, rolling: {batches: []}"),
        in_strategies("canary: {steps: [{weight: 1}, {weight: 100, hold: 0s}]}"),
        in_environment("strategy: blue-green, gates: []"),
        in_prometheus("username: ci, password_file: /run/secrets/word"),
        in_prometheus("headers: {x-scope-orgid: shop}, retries: 0, timeout: 1500ms"),
        in_prometheus("headers: "),
        head + "metrics_program: {run: [./metrics.py, --all], timeout: 2s}\n" + tail,
        head +
            "gates: {t: {type: tcp, address: \"db.${namespace}.svc:5432\"}, "
            "g: {type: grpc, address: \"[::1]:9000\", service: shop.v1.Cart, tls: true, ca_file: "
            "ca.pem}, "
            "a: {type: alerts, labels: {service: web}, ignore: [A], silenced: count, "
            "alertmanager: \"https://am/p\"}}\n" +
            tail,
        head + "queries:\n" + tail,
        head + "queries:\n  p99: |\n    sum(\n      up\n    )\n  x-note: {free: 1}\n" + tail,
        head + "freeze: {timezone: UTC, windows: []}\n" + tail,
        "apiVersion: deployctl/v1\ngroup: {name: shop, members: {a: {dir: a}}}\n" + tail,
        head +
            "infra:\nbackup: {databases: }\nhooks: {pre_deploy: []}\npromotion: {require: , soak: "
            "}\n" +
            tail,
        in_environment("waves: {clusters: [{name: eu, context: c}], order: []}"),
    };
}

std::vector<std::string> shape_samples() {
    auto samples = good_samples();
    const std::vector<std::string> more{
        "",
        head,
        head + "environments:\n",
        head + "environments: {}\n",
        head + "environments: []\n",
        head + "environments: {dev: }\n",
        head + "environments: {dev: {context: kind-dev}}\n",
        "apiVersion: deployctl/v2\n" + head.substr(head.find('\n') + 1) + tail,
        head + "freeze: {override: {}}\n" + tail,
        head + "freeze: {windows: [{cron: \"0 17 * * 5\", for: 62h}]}\n" + tail,
        head + "freeze: {windows: [{name: w, cron: \"0 17 * * 5\", for: 0s}]}\n" + tail,
        head + "freeze: {windows: {}}\n" + tail,
        head + "prometheus: {url: x}\n" + tail,
        head + "prometheus: {url: \"https://a@b\"}\n" + tail,
        head + "prometheus:\n" + tail,
        in_prometheus("headers: {\"a b\": c}"),
        in_prometheus("headers: {a: [c]}"),
        in_prometheus("headers: [a]"),
        in_prometheus("token: t"),
        in_prometheus("retries: -1"),
        head + "queries: up\n" + tail,
        head + "queries: {a: }\n" + tail,
        head + "queries: {a: {b: c}}\n" + tail,
        head + "queries: {a.b: c}\n" + tail,
        head + "defaults: {on_orphan: shift}\n" + tail,
        head + "defaults: {on_failure: rollbck}\n" + tail,
        head + "defaults: {drain: soon}\n" + tail,
        head + "defaults: {drain: 0s}\n" + tail,
        head + "defaults: {drain: 5}\n" + tail,
        head + "defaults: {timeouts: {step: 0m0s}}\n" + tail,
        head + "defaults: {evidence: {log_lines: 1001}}\n" + tail,
        head + "defaults: {evidence: {log_lines: 1.5}}\n" + tail,
        head + "defaults: {evidence: {previous_container: \"yes\"}}\n" + tail,
        head + "defaults: [a]\n" + tail,
        in_app("image: {}"),
        in_app("config_objects: {}"),
        in_app("config_objects: {configmaps: web}"),
        in_app("manifests: {apply: some}"),
        "apiVersion: deployctl/v1\n" + tail,
        "apiVersion: deployctl/v1\napp: {}\ngroup: {name: g, members: {a: {dir: a}}}\n" + tail,
        "apiVersion: deployctl/v1\ngroup: {name: g, members: {}}\n" + tail,
        head + "group: {members: {a: {}}}\n" + tail,
        head + "infra: {stacks: {data: {}}}\n" + tail,
        head + "infra: {stacks: [data]}\n" + tail,
        head + "infra: {stacks: {Data: {dir: d}}}\n" + tail,
        head + "infra: {stacks: {data: {dir: d, apply: now, drift: 1}}}\n" + tail,
        head + "infra: {max_monthly_increase: -1}\n" + tail,
        head + "infra: {backup: {keep: {last: 0}}}\n" + tail,
        head + "backup: {databases: {web: {dir: d}}}\n" + tail,
        head + "backup: {databases: {web: {run: dump.sh}}}\n" + tail,
        head + "backup: {databases: {web: {run: [d], min_bytes: 0}}}\n" + tail,
        head + "backup: {databases: {web: {run: [d], max_age: 0s}}}\n" + tail,
        head + "hooks: {pre_deploy: {name: a, run: [b]}}\n" + tail,
        head + "hooks: {post_verify: [{run: [b]}]}\n" + tail,
        head + "hooks: {on_rollback: [{name: A b, run: [b], on_error: explode}]}\n" + tail,
        head + "promotion: {order: dev}\n" + tail,
        head + "promotion: {require: {dev: dev}}\n" + tail,
        head + "promotion: {require: [dev]}\n" + tail,
        head + "promotion: {soak: {dev: soon}}\n" + tail,
        head + "promotion: {soak: {dev: [1h]}}\n" + tail,
        head + "promotion: {soak: {DEV: 1h}}\n" + tail,
        head + "dr: {}\n" + tail,
        head + "dr:\n" + tail,
        head + "dr: {primary: a, standby: b, replica: {timeout: 1m}}\n" + tail,
        in_environment("waves: {}"),
        in_environment("waves: {clusters: [{name: eu}]}"),
        in_environment("waves: {clusters: [{name: eu, context: c}], order: [eu]}"),
        in_environment("waves: {clusters: [{name: eu, context: c}], order: eu}"),
        in_environment("replicas: 0"),
        in_environment("max_lag: 0s, follows: dev"),
        in_app("workload: {kind: StatefulSet}"),
        in_app("workload: {name: \"a b\"}"),
        in_app("manifests: {helm: {}}"),
        in_app("version_probe: {path: /v}"),
        in_app("version_probe: {port: 0}"),
        in_app("version_probe: {port: 1, jsonpath: version}"),
        in_app("links: {owners: team}"),
        in_app("nme: web"),
        "apiVersion: deployctl/v1\napp: {image: {name: example.com/web, digest: maybe}, name: "
        "w}\n" +
            tail,
        "apiVersion: deployctl/v1\napp: {image: {digest: off}, name: w}\n" + tail,
        head + "gates: {g: {path: /}}\n" + tail,
        head + "gates: {g: {type: metric}}\n" + tail,
        head + "gates: {g: {type: tcp}}\n" + tail,
        head + "gates: {g: {type: grpc, address: \"a:1\", tls: maybe}}\n" + tail,
        head + "metrics_program: {timeout: 1s}\n" + tail,
        head + "metrics_program: {run: ./metrics.py}\n" + tail,
        head + "gates: {g: {type: alerts, labels: {1a: b}}}\n" + tail,
        head + "gates: {g: {type: alerts, labels: {a: b}, silenced: maybe}}\n" + tail,
        head + "gates: {g: {type: analysis, buckets: b, edges: [0.5, 1]}}\n" + tail,
        head + "gates: {g: {type: analysis, method: leak, query: q, max_rise: 3}}\n" + tail,
        head + "gates: {g: {type: analysis, method: leak}}\n" + tail,
        head + "gates: {g: {type: analysis, method: leak, query: q, max_ratio: 3}}\n" + tail,
        head + "gates: {g: {type: analysis, method: threshold}}\n" + tail,
        head + "gates: {g: {type: analysis, method: leek, query: q}}\n" + tail,
        head + "gates: {g: {type: error-budget, errors: e, total: t, objective: 99}}\n" + tail,
        head + "gates: {g: {type: error-budget, errors: e, total: t}}\n" + tail,
        head +
            "gates: {g: {type: error-budget, errors: e, total: t, objective: 99, min_left: 2}}\n" +
            tail,
        head + "gates: {g: {type: error-budget, method: slo, objective: 99}}\n" + tail,
        head + "gates: {g: {type: analysis, buckets: b, edges: [0]}}\n" + tail,
        head + "gates: {g: {type: analysis, buckets: b, quantiles: 0.9}}\n" + tail,
        head + "gates: {g: {type: analysis, buckets: b, quantiles: [\"0.9\"]}}\n" + tail,
        head + "gates: {x-g: {type: metric}}\n" + tail,
        in_gate("everry: 1s"),
        in_gate("every: 0s"),
        in_gate("path: healthz"),
        in_gate("path: \"/a b\""),
        in_gate("port: -1"),
        in_gate("requests: 0"),
        in_gate("max_errors: 1.01"),
        in_gate("expect: {status: 99}"),
        in_gate("expect: 200"),
        in_gate("on_fail: explode"),
        in_strategies("recreate: {}"),
        in_strategies("canary: {router: {type: istio}}"),
        in_strategies("canary: {router: {}}"),
        in_strategies("canary: {steps: [{hold: 1m}]}"),
        in_strategies("canary: {steps: [{weight: 101}]}"),
        in_strategies("canary: {steps: [10]}"),
        in_strategies("canary: {steps: {weight: 10}}"),
        in_strategies("canary: {max_weight_error: 101}"),
        in_strategies("rolling: {batches: [\"0%\"]}"),
        in_strategies("rolling: {batches: [50]}"),
        in_strategies("rolling: {batches: [\"50%\"], max_surge: 1}"),
        in_strategies("blue-green: {active_service: {}}"),
        in_environment("strategy: bluegreen"),
        in_environment("gates: health"),
        in_environment("protected: 1"),
        in_environment("preflight: []"),
        in_environment("nmespace: x"),
        head + "defaults: {drain: 9000h}\n" + tail,
    };
    samples.insert(samples.end(), more.begin(), more.end());
    return samples;
}

}  // namespace deployctl::config
