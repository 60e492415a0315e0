// SPDX-License-Identifier: Apache-2.0
#include "config/keys.hpp"

namespace deployctl::config {

namespace {

using enum KeyType;
using enum Presence;

constexpr Key keys[] = {
    {"gates.env",
     text,
     "The environment whose rollouts are looked up in the journal; of a dependency one of the "
     "other "
     "app, `${env}` for that of the same name",
     "staging",
     required,
     {},
     {},
     "soak|dependency"},
    {"gates.for",
     positive_duration,
     "How long the version has to have stood there, since it was promoted, or since a later "
     "attempt at another one was rolled back",
     "24h",
     optional,
     {},
     {},
     "soak"},
    {"gates.app",
     label,
     "The app that has to be there, by the name that its own deploy.yaml gives it",
     "payments",
     required,
     {},
     {},
     "dependency"},
    {"gates.min_version",
     text,
     "The oldest version of it that passes, in the order of semantic versions; a `v` before it "
     "says nothing",
     "2.3.0",
     optional,
     {},
     {},
     "dependency"},
    {"gates.version",
     text,
     "The only version of it that passes",
     "2.3.1",
     optional,
     {},
     {},
     "dependency"},
    {"gates.digest",
     text,
     "The only image of it that passes, as the registry names it",
     "\"sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945\"",
     optional,
     {},
     {},
     "dependency"},
    {"gates.report",
     text,
     "The file to judge, with `${version}`, `${app}`, `${env}`: of readiness an assessment "
     "(docs/formats/readiness-report.md), of performance what k6 or hey has measured "
     "(docs/formats/load-report.md)",
     "reports/readiness.json",
     required,
     {},
     {},
     "readiness|performance"},
    {"gates.min_score",
     real,
     "The least score that passes, at the low end of its interval",
     "85",
     optional,
     "0..100",
     {},
     "readiness"},
    {"gates.fail_on",
     texts,
     "Severities of findings that fail whatever the score is: critical, high, medium, low",
     "[critical, high]",
     optional,
     {},
     {},
     "readiness"},
    {"gates.files",
     text,
     "Where backups lie; the newest file counts, by its own time. `*` and `?` in its last part "
     "stand for other letters; `${app}`, `${env}` and the like are filled in",
     "\"/var/backups/${app}/*.dump\"",
     optional,
     {},
     {},
     "backup-age"},
    {"gates.cron_job",
     object_name,
     "A CronJob that makes backups, in the namespace of the app; the end of its last run that "
     "succeeded counts",
     "db-backup",
     optional,
     {},
     {},
     "backup-age"},
    {"gates.max_p50",
     positive_duration,
     "The longest that half of the requests may have taken",
     "50ms",
     optional,
     {},
     {},
     "performance"},
    {"gates.max_p95",
     positive_duration,
     "The same of 95% of them",
     "200ms",
     optional,
     {},
     {},
     "performance"},
    {"gates.max_p99",
     positive_duration,
     "The same of 99% of them",
     "500ms",
     optional,
     {},
     {},
     "performance"},
    {"gates.baseline",
     text,
     "The report of the last good version, by the same test: latencies may be above its by "
     "`tolerance`; deployctl does not write it",
     "reports/${previous_version}-load.json",
     optional,
     {},
     {},
     "performance"},
    {"gates.headroom",
     percent,
     "The part of each ResourceQuota, of the autoscaler's maximum and of the room on the nodes "
     "that "
     "has to stay free at the peak of the rollout",
     "20%",
     optional,
     {},
     {},
     "capacity"},
};

}  // namespace

std::span<const Key> record_keys() {
    return keys;
}

}  // namespace deployctl::config
