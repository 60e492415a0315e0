// SPDX-License-Identifier: Apache-2.0
// How databases are backed up and proven restorable: `backup` of deploy.yaml. Values; any thread.
#pragma once

#include "model/time.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl {

/// What stays when older artefacts are removed: one that either rule keeps is kept.
struct Retention {
    int last = 10;  ///< the newest
    int days = 30;  ///< younger than that many days

    friend bool operator==(const Retention&, const Retention&) = default;
};

/// Where in a rollout a backup is made.
enum class BackupWhen {
    never,           ///< only by `deployctl backup run`
    before_infra,    ///< before infrastructure, hooks and pods
    before_traffic,  ///< after infrastructure, before hooks and pods
};

const char* to_text(BackupWhen when);
std::optional<BackupWhen> read_backup_when(std::string_view text);

/// A snapshot of a volume, which the cluster's own driver makes.
struct VolumeSnapshotSettings {
    std::string claim;           ///< a PersistentVolumeClaim
    std::string snapshot_class;  ///< empty: the cluster's default

    friend bool operator==(const VolumeSnapshotSettings&, const VolumeSnapshotSettings&) = default;
};

/// The programs are argv with `${...}`, no shell: `${artifact}` is the file to write, or to read.
/// Exactly one of `run`, `volume_snapshot` and `cron_job` makes it; of the last two, the file is
/// the object in the cluster as it stood when it was ready.
struct DatabaseSettings {
    std::vector<std::string> run;
    std::optional<VolumeSnapshotSettings> volume_snapshot;
    std::string cron_job;              ///< whose template a Job is made of
    std::vector<std::string> verify;   ///< restores it somewhere else and asks; empty: not verified
    std::vector<std::string> restore;  ///< empty: it cannot be restored from here
    std::string dir;                   ///< of the artefacts; empty: `backup.dir`
    std::string suffix = ".dump";      ///< of an artefact's name
    std::int64_t min_bytes = 1;        ///< a smaller artefact is none
    std::string encrypt_to;            ///< a file with a certificate; empty: not encrypted
    Retention keep;
    std::optional<Duration> max_age;  ///< RPO: an older backup stops a rollout
    BackupWhen when = BackupWhen::never;
    std::vector<std::string> environments;  ///< empty: all
    Duration timeout = minutes(60);

    friend bool operator==(const DatabaseSettings&, const DatabaseSettings&) = default;
};

/// Not by a program of the user's own.
bool is_made_in_cluster(const DatabaseSettings& settings);

struct BackupSettings {
    std::string dir = "backups/${env}";
    std::map<std::string, DatabaseSettings> databases;

    friend bool operator==(const BackupSettings&, const BackupSettings&) = default;
};

}  // namespace deployctl
