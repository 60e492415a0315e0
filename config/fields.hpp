// SPDX-License-Identifier: Apache-2.0
// Which key is which field, said once: the reader and the writer of deploy.yaml both walk here, so
// what one writes the other reads. A visitor has `leaf`, `unless_empty`, `unless_zero`, `map`,
// `used_map`, `optional_map`, `constant`, `type`, `named`, `items`, `percent`. Pure.
#pragma once

#include "config/gate_fields.hpp"
#include "config/release_fields.hpp"
#include "model/settings.hpp"

namespace deployctl::config {

template <class Visitor, class App>
void visit_app(Visitor& to, App& app) {
    to.leaf("name", app.name);
    to.map("image", [&](Visitor& in) {
        in.leaf("name", app.image);
        in.leaf("digest", app.digest);
    });
    to.map("workload", [&](Visitor& in) {
        in.leaf("kind", app.workload.kind);
        in.leaf("name", app.workload.name);
        in.leaf("container", app.workload.container);
    });
    to.map("manifests", [&](Visitor& in) {
        in.leaf("kustomize", app.manifests.kustomize);
        in.leaf("dir", app.manifests.dir);
        in.leaf("apply", app.manifests.apply);
    });
    to.map("config_objects", [&](Visitor& in) {
        in.unless_empty("configmaps", app.config_objects.config_maps);
        in.unless_empty("secrets", app.config_objects.secrets);
    });
    to.optional_map("version_probe", app.version_probe, [](Visitor& in, auto& probe) {
        in.leaf("port", probe.port);
        in.leaf("path", probe.path);
        in.leaf("jsonpath", probe.jsonpath);
    });
    to.map("links", [&](Visitor& in) {
        in.leaf("runbook", app.runbook);
        in.leaf("owners", app.owners);
    });
}

template <class Visitor, class Configuration>
void visit_defaults(Visitor& to, Configuration& all) {
    to.map("timeouts", [&](Visitor& in) {
        in.leaf("first_ready", all.timeouts.first_ready);
        in.leaf("step", all.timeouts.step);
        in.leaf("rollout", all.timeouts.rollout);
        in.leaf("request", all.timeouts.request);
    });
    to.leaf("on_failure", all.on_failure);
    to.leaf("on_interrupt", all.on_interrupt);
    to.leaf("drain", all.drain);
    to.map("confirm", [&](Visitor& in) {
        in.leaf("crash", all.confirm.crash);
        in.leaf("unschedulable", all.confirm.unschedulable);
        in.leaf("unready", all.confirm.unready);
    });
    to.map("evidence", [&](Visitor& in) {
        in.leaf("log_lines", all.evidence.log_lines);
        in.leaf("events", all.evidence.events);
        in.leaf("previous_container", all.evidence.previous_container);
    });
}

template <class Visitor, class Strategies>
void visit_strategies(Visitor& to, Strategies& strategies) {
    to.map("rolling", [&](Visitor& in) {
        in.percents("batches", strategies.rolling.batches);
        in.leaf("batch_pause", strategies.rolling.batch_pause);
        in.leaf("bake", strategies.rolling.bake);
        in.leaf("gates", strategies.rolling.gates);
    });
    to.map("blue-green", [&](Visitor& in) {
        in.leaf("active_service", strategies.blue_green.active_services);
        in.leaf("preview_service", strategies.blue_green.preview_service);
        in.leaf("warm_up", strategies.blue_green.warm_up);
        in.leaf("keep_old", strategies.blue_green.keep_old);
        in.leaf("gates", strategies.blue_green.gates);
        in.leaf("approval", strategies.blue_green.approval);
    });
    to.map("canary", [&](Visitor& in) {
        in.map("router", [](Visitor& router) { router.constant("type", "pods"); });
        in.items("steps", strategies.canary.steps, [](Visitor& item, auto& step) {
            item.leaf("approval", step.approval);
            if (step.approval.empty()) {
                item.leaf("weight", step.weight);
                item.leaf("hold", step.hold);
            }
            item.leaf("only", step.environments);
        });
        in.leaf("max_weight_error", strategies.canary.max_weight_error);
        in.leaf("on_weight_error", strategies.canary.on_weight_error);
        in.leaf("keep_old", strategies.canary.keep_old);
        in.leaf("early", strategies.canary.early);
        in.leaf("baseline", strategies.canary.baseline);
        in.leaf("gates", strategies.canary.gates);
    });
}

template <class Visitor, class Source>
void visit_prometheus(Visitor& to, Source& source) {
    to.leaf("url", source.url);
    to.leaf("token_file", source.token_file);
    to.leaf("username", source.username);
    to.leaf("password_file", source.password_file);
    to.leaf("ca_file", source.ca_file);
    to.leaf("cert_file", source.cert_file);
    to.leaf("key_file", source.key_file);
    to.leaf("headers", source.headers);
    to.leaf("timeout", source.timeout);
    to.leaf("retries", source.retries);
}

template <class Visitor, class Environment>
void visit_environment(Visitor& to, Environment& environment) {
    to.leaf("context", environment.context);
    to.leaf("namespace", environment.kube_namespace);
    to.leaf("strategy", environment.strategy);
    to.leaf("gates", environment.gates);
    to.leaf("preflight", environment.preflight);
    to.leaf("approval", environment.approval);
    to.leaf("on_failure", environment.on_failure);
    to.leaf("protected", environment.is_protected);
    to.leaf("replicas", environment.replicas);
    to.used_map("waves", environment.waves, [](Visitor& in, auto& waves) {
        visit_waves(in, waves);
    });
    to.leaf("follows", environment.follows);
    to.leaf("max_lag", environment.max_lag);
}

template <class Visitor, class Freeze>
void visit_freeze(Visitor& to, Freeze& freeze) {
    to.leaf("timezone", freeze.timezone);
    to.items("windows", freeze.windows, [](Visitor& item, auto& window) {
        item.leaf("name", window.name);
        item.leaf("env", window.environments);
        item.leaf("cron", window.cron);
        item.leaf("for", window.length);
        item.leaf("from", window.from);
        item.leaf("to", window.to);
    });
    to.map("override", [&](Visitor& in) {
        in.unless_empty("people", freeze.in_emergency.people);
        in.leaf("roles", freeze.in_emergency.roles);
        in.leaf("approval", freeze.in_emergency.approval);
    });
}

template <class Visitor, class Approval>
void visit_approval(Visitor& to, Approval& approval) {
    to.leaf("count", approval.count);
    to.unless_empty("people", approval.people);
    to.leaf("roles", approval.roles);
    to.leaf("not_initiator", approval.not_initiator);
    to.leaf("expires", approval.expires);
}

template <class Visitor, class Configuration>
void visit_configuration(Visitor& to, Configuration& all) {
    to.constant("apiVersion", "deployctl/v1");
    to.used_map("app", all.app, [](Visitor& in, auto& app) { visit_app(in, app); });
    to.map("defaults", [&](Visitor& in) { visit_defaults(in, all); });
    to.named("gates", all.gates, [](Visitor& in, auto& gate) { visit_gate(in, gate); });
    to.named("roles", all.roles, [](Visitor& in, auto& role) { in.leaf("people", role.people); });
    to.named("approvals", all.approvals, [](Visitor& in, auto& approval) {
        visit_approval(in, approval);
    });
    to.map("strategies", [&](Visitor& in) { visit_strategies(in, all.strategies); });
    to.optional_map("prometheus", all.prometheus, [](Visitor& in, auto& source) {
        visit_prometheus(in, source);
    });
    to.optional_map("metrics_program", all.metrics_program, [](Visitor& in, auto& source) {
        in.leaf("run", source.run);
        in.leaf("timeout", source.timeout);
    });
    to.leaf("queries", all.queries);
    to.map("infra", [&](Visitor& in) { visit_infra(in, all.infra); });
    to.map("backup", [&](Visitor& in) { visit_backup(in, all.backup); });
    to.map("hooks", [&](Visitor& in) { visit_hooks(in, all.hooks); });
    to.map("freeze", [&](Visitor& in) { visit_freeze(in, all.freeze); });
    to.named("environments", all.environments, [](Visitor& in, auto& one) {
        visit_environment(in, one);
    });
    to.map("promotion", [&](Visitor& in) { visit_promotion(in, all.promotion); });
    to.optional_map("group", all.group, [](Visitor& in, auto& group) { visit_group(in, group); });
    to.optional_map("dr", all.disaster, [](Visitor& in, auto& disaster) {
        visit_disaster(in, disaster);
    });
}

}  // namespace deployctl::config
