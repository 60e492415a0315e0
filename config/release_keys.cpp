// SPDX-License-Identifier: Apache-2.0
#include "config/key_families.hpp"

namespace deployctl::config {

namespace {

using enum KeyType;
using enum Presence;

constexpr Key keys_of_app[] = {
    {"app.manifests.apply",
     choice,
     "What of the manifests a release brings out: the pod template of the workload, or every "
     "object",
     "all",
     optional,
     "pod_template|all"},
    {"app.config_objects",
     map,
     "ConfigMaps and Secrets that go back together with the image: the pods of a version read them "
     "as they were when it came out",
     "{configmaps: [web-flags], secrets: [web-db]}"},
    {"app.config_objects.configmaps", texts, "Their names", "[web-flags]"},
    {"app.config_objects.secrets", texts, "Their names", "[web-db]"},
};

constexpr Key keys_of_infra[] = {
    {"infra",
     map,
     "Infrastructure beside the app: stacks of Terraform or OpenTofu",
     "{stacks: {data: {dir: infra/data, apply: before_traffic}}}"},
    {"infra.program",
     text,
     "What plans and applies, a name in $PATH or a path; without it, terraform, else tofu",
     "tofu"},
    {"infra.prices",
     text,
     "A file that says what each type of resource costs in a month",
     "infra/prices.yaml"},
    {"infra.max_monthly_increase",
     real,
     "How much more all stacks of a rollout may cost in a month, in the currency of `prices`",
     "200",
     optional,
     "0..1000000000000"},
    {"infra.stacks",
     named,
     "Root modules, by names of yours",
     "{data: {dir: infra/data, workspace: \"${env}\", apply: before_traffic}}"},
    {"infra.stacks.dir",
     text,
     "Its folder, with `${app}`, `${env}`, `${namespace}`",
     "infra/data",
     required},
    {"infra.stacks.workspace",
     text,
     "Its workspace, with the same names filled in; without it, the default one",
     "\"${env}\""},
    {"infra.stacks.apply",
     choice,
     "When a rollout applies it; never: only `deployctl infra apply` does",
     "before_traffic",
     optional,
     "never|before_traffic|after"},
    {"infra.stacks.drift",
     choice,
     "What a difference between its state and the world means for a rollout",
     "block",
     optional,
     "block|warn|ignore"},
    {"infra.stacks.allow_destroy",
     flag,
     "Whether it may destroy or replace something without an approval",
     "false"},
    {"infra.stacks.approval",
     text,
     "People who have to say yes where it destroys or replaces something, a name in `approvals`",
     "sre"},
    {"infra.stacks.policies",
     names,
     "Gates of type `policy` that are asked about each of its plans, as `terraform show -json` "
     "prints it; what they deny is not applied",
     "[infra-rules]"},
    {"infra.stacks.var_files",
     texts,
     "Files with values of its variables, with the same names filled in",
     "[\"${env}.tfvars\"]"},
    {"infra.stacks.backend_config",
     texts,
     "Files with settings of its backend, with the same names filled in",
     "[\"${env}.backend\"]"},
    {"infra.stacks.on_rollback",
     choice,
     "What becomes of what was applied when the rollout goes back",
     "keep",
     optional,
     "keep|revert"},
    {"infra.stacks.env", texts, "The environments that it is for; without it, all", "[production]"},
    {"infra.stacks.timeout", positive_duration, "How long its program may take", "30m"},
    {"infra.stacks.lock_timeout", duration, "How long to wait for the lock of its state", "30s"},
    {"infra.backup",
     map,
     "Copies of states, made by `deployctl infra backup`",
     "{encrypt_to: keys/infra.pem, keep: {last: 10, days: 30}}"},
    {"infra.backup.dir",
     text,
     "Where they are, with `${app}`, `${env}`, `${namespace}`",
     "\"backups/infra/${env}\""},
    {"infra.backup.encrypt_to",
     text,
     "A file with the certificate that they are encrypted to; a state holds secrets, so that "
     "without it none is kept",
     "keys/infra.pem"},
};

constexpr Key keys_of_backup[] = {
    {"backup",
     map,
     "Backups of databases",
     "{databases: {web: {run: [./ci/dump.sh, \"${artifact}\"], max_age: 24h}}}"},
    {"backup.dir",
     text,
     "Where artefacts are, with `${app}`, `${env}`, `${namespace}`",
     "\"backups/${env}\""},
    {"backup.databases",
     named,
     "Databases, by names of yours",
     "{web: {run: [./ci/dump.sh, \"${artifact}\"], max_age: 24h}}"},
    {"backup.databases.run",
     texts,
     "The program that makes a backup and its arguments, no shell; `${artifact}` is the file to "
     "write, `${app}`, `${env}` and the like are filled in",
     "[./ci/dump.sh, \"${artifact}\"]"},
    {"backup.databases.volume_snapshot",
     map,
     "Instead of a program: a VolumeSnapshot, which the driver of the volume makes; the artefact "
     "is "
     "its object once it is ready, and `prune` removes the snapshot with it",
     "{claim: data-db-0, class: csi}"},
    {"backup.databases.volume_snapshot.claim",
     text,
     "The PersistentVolumeClaim, in the namespace of the environment",
     "data-db-0",
     required},
    {"backup.databases.volume_snapshot.class",
     text,
     "The VolumeSnapshotClass; without it, the default of the cluster",
     "csi"},
    {"backup.databases.cron_job",
     text,
     "Instead of a program: a CronJob in the namespace of the environment; a Job is made of its "
     "template and waited for, and the artefact is its object once it is complete",
     "nightly-dump"},
    {"backup.databases.verify",
     texts,
     "The program that restores `${artifact}` somewhere else and asks it; without it, none is "
     "verified",
     "[./ci/restore-check.sh, \"${artifact}\"]"},
    {"backup.databases.restore",
     texts,
     "The program that restores `${artifact}` for good; without it, none is restored from here",
     "[./ci/restore.sh, \"${artifact}\"]"},
    {"backup.databases.dir", text, "Instead of `backup.dir`", "\"backups/web/${env}\""},
    {"backup.databases.suffix", text, "How the name of an artefact ends", ".dump"},
    {"backup.databases.min_bytes",
     integer,
     "A smaller artefact is none; of a VolumeSnapshot, its `restoreSize` counts",
     "1024",
     optional,
     "1..1000000000000000"},
    {"backup.databases.encrypt_to",
     text,
     "A file with the certificate that artefacts are encrypted to; without it, they are not",
     "keys/backup.pem"},
    {"backup.databases.max_age",
     positive_duration,
     "The recovery point objective: where the newest verified backup is older, no rollout begins",
     "24h"},
    {"backup.databases.when",
     choice,
     "When a rollout makes one: before infrastructure, or after it and before pods; never: only "
     "`deployctl backup run` does",
     "before_infra",
     optional,
     "never|before_infra|before_traffic"},
    {"backup.databases.env",
     texts,
     "The environments that it is in; without it, all",
     "[production]"},
    {"backup.databases.timeout", positive_duration, "How long each of its programs may take", "1h"},
};

constexpr std::string_view retaining[] = {"infra.backup", "backup.databases"};

constexpr Key keys_of_retention[] = {
    {"keep",
     map,
     "What stays when older ones are removed: one that a rule written here keeps, and the newest "
     "good one; a rule that is not written keeps nothing; without `keep`, both have their defaults",
     "{last: 10, days: 30}"},
    {"keep.last", integer, "The newest", "10", optional, "1..100000"},
    {"keep.days", integer, "Those younger than so many days", "30", optional, "0..36500"},
};

constexpr Key keys_of_hooks[] = {
    {"hooks",
     map,
     "Programs and Jobs of your own around a rollout, migrations among them",
     "{pre_deploy: [{name: migrate, run: [./ci/migrate.sh, expand], migration: expand}]}"},
    {"hooks.pre_deploy",
     items,
     "Before pods of the next version exist",
     "[{name: migrate, run: [./ci/migrate.sh, expand], migration: expand}]"},
    {"hooks.post_verify",
     items,
     "Once the next version serves alone",
     "[{name: clean-up, run: [./ci/migrate.sh, contract], migration: contract}]"},
    {"hooks.on_rollback",
     items,
     "Once the version before it serves alone again",
     "[{name: purge, run: [./ci/purge.sh], on_error: warn}]"},
};

constexpr std::string_view hook_lists[] = {
    "hooks.pre_deploy", "hooks.post_verify", "hooks.on_rollback"
};

constexpr Key keys_of_one_hook[] = {
    {"name", label, "What it is called in plans and journals", "migrate", required},
    {"run",
     texts,
     "The program and its arguments, no shell, with `${app}`, `${env}`, `${namespace}`, "
     "`${version}`, `${digest}`, `${image}`, `${previous_image}`, and outputs of stacks, "
     "`${infra.STACK.OUTPUT}`; secrets not here",
     "[./ci/migrate.sh, expand]"},
    {"job", text, "Instead of `run`: a file with the manifest of a Job", "k8s/jobs/migrate.yaml"},
    {"timeout", positive_duration, "How long it may take", "10m"},
    {"on_error",
     choice,
     "What its failure means: the same as a bad version, or a warning",
     "warn",
     optional,
     "fail|warn"},
    {"migration",
     choice,
     "What it does to a schema; contract: the version before cannot serve any more, and nothing "
     "goes back past it by itself",
     "expand",
     optional,
     "none|expand|contract"},
    {"after_crash",
     choice,
     "What becomes of it where deployctl died while it ran: again, or a person decides",
     "repeat",
     optional,
     "repeat|ask"},
    {"only", texts, "The environments that it is for; without it, all", "[production]"},
};

}  // namespace

std::span<const Key> release_keys() {
    static const std::vector<Key> keys = [] {
        KeyTable table;
        table.add(keys_of_app);
        table.add(keys_of_infra);
        table.add(keys_of_backup);
        table.add_below(retaining, keys_of_retention);
        table.add(keys_of_hooks);
        table.add_below(hook_lists, keys_of_one_hook);
        return table.take();
    }();
    return keys;
}

}  // namespace deployctl::config
