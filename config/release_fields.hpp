// SPDX-License-Identifier: Apache-2.0
// Which key is which field of what a release does beside its pods, and of how a version moves over
// environments: the part of config/fields.hpp about `infra`, `backup`, `hooks`, `promotion`,
// `group`, `dr` and `environments.waves`. Pure.
#pragma once

#include "model/settings.hpp"

namespace deployctl::config {

template <class Visitor, class Stack>
void visit_stack(Visitor& to, Stack& stack) {
    to.leaf("dir", stack.dir);
    to.leaf("workspace", stack.workspace);
    to.leaf("apply", stack.apply);
    to.leaf("drift", stack.drift);
    to.leaf("allow_destroy", stack.allow_destroy);
    to.leaf("approval", stack.approval);
    to.unless_empty("policies", stack.policies);
    to.unless_empty("var_files", stack.var_files);
    to.unless_empty("backend_config", stack.backend_config);
    to.leaf("on_rollback", stack.on_rollback);
    to.unless_empty("env", stack.environments);
    to.leaf("timeout", stack.timeout);
    to.leaf("lock_timeout", stack.lock_timeout);
}

template <class Visitor, class Infra>
void visit_infra(Visitor& to, Infra& infra) {
    to.leaf("program", infra.program);
    to.leaf("prices", infra.prices);
    to.leaf("max_monthly_increase", infra.max_monthly_increase);
    to.named("stacks", infra.stacks, [](Visitor& in, auto& stack) { visit_stack(in, stack); });
    to.map("backup", [&](Visitor& in) {
        in.leaf("dir", infra.backup.dir);
        in.leaf("encrypt_to", infra.backup.encrypt_to);
        in.leaf("keep", infra.backup.keep);
    });
}

template <class Visitor, class Database>
void visit_database(Visitor& to, Database& database) {
    to.unless_empty("run", database.run);
    to.optional_map("volume_snapshot", database.volume_snapshot, [](Visitor& in, auto& snapshot) {
        in.leaf("claim", snapshot.claim);
        in.leaf("class", snapshot.snapshot_class);
    });
    to.leaf("cron_job", database.cron_job);
    to.unless_empty("verify", database.verify);
    to.unless_empty("restore", database.restore);
    to.leaf("dir", database.dir);
    to.leaf("suffix", database.suffix);
    to.leaf("min_bytes", database.min_bytes);
    to.leaf("encrypt_to", database.encrypt_to);
    to.leaf("keep", database.keep);
    to.leaf("max_age", database.max_age);
    to.leaf("when", database.when);
    to.unless_empty("env", database.environments);
    to.leaf("timeout", database.timeout);
}

template <class Visitor, class Backup>
void visit_backup(Visitor& to, Backup& backup) {
    to.leaf("dir", backup.dir);
    to.named("databases", backup.databases, [](Visitor& in, auto& database) {
        visit_database(in, database);
    });
}

template <class Visitor, class Hook>
void visit_hook(Visitor& to, Hook& hook) {
    to.leaf("name", hook.name);
    to.unless_empty("run", hook.run);
    to.leaf("job", hook.job);
    to.leaf("timeout", hook.timeout);
    to.leaf("on_error", hook.on_error);
    to.leaf("migration", hook.migration);
    to.leaf("after_crash", hook.after_crash);
    to.unless_empty("only", hook.environments);
}

template <class Visitor, class All>
void visit_hooks(Visitor& to, All& hooks) {
    const auto visit = [](Visitor& item, auto& hook) { visit_hook(item, hook); };
    to.items("pre_deploy", hooks.pre_deploy, visit);
    to.items("post_verify", hooks.post_verify, visit);
    to.items("on_rollback", hooks.on_rollback, visit);
}

template <class Visitor, class Waves>
void visit_waves(Visitor& to, Waves& waves) {
    to.items("clusters", waves.clusters, [](Visitor& item, auto& cluster) {
        item.leaf("name", cluster.name);
        item.leaf("context", cluster.context);
        item.leaf("namespace", cluster.kube_namespace);
    });
    to.unless_empty("order", waves.order);
    to.leaf("soak", waves.soak);
    to.leaf("on_failure", waves.on_failure);
}

template <class Visitor, class Promotion>
void visit_promotion(Visitor& to, Promotion& promotion) {
    to.leaf("order", promotion.order);
    to.leaf("require", promotion.require);
    to.leaf("soak", promotion.soak);
    to.leaf("same_digest", promotion.same_digest);
}

template <class Visitor, class Group>
void visit_group(Visitor& to, Group& group) {
    to.leaf("name", group.name);
    to.named("members", group.members, [](Visitor& in, auto& member) {
        in.leaf("dir", member.dir);
        in.leaf("needs", member.needs);
    });
    to.leaf("gates", group.gates);
}

template <class Visitor, class Disaster>
void visit_disaster(Visitor& to, Disaster& disaster) {
    const auto visit = [](Visitor& in, auto& hook) {
        in.leaf("run", hook.run);
        in.leaf("timeout", hook.timeout);
    };
    to.leaf("primary", disaster.primary);
    to.leaf("standby", disaster.standby);
    to.leaf("rto", disaster.rto);
    to.leaf("rpo", disaster.rpo);
    to.leaf("database", disaster.database);
    to.leaf("stack", disaster.stack);
    to.leaf("approval", disaster.approval);
    to.used_map("replica", disaster.replica, visit);
    to.used_map("promote", disaster.promote, visit);
    to.used_map("traffic", disaster.traffic, visit);
    to.used_map("verify", disaster.verify, visit);
    to.leaf("drill_every", disaster.drill_every);
}

}  // namespace deployctl::config
