// SPDX-License-Identifier: Apache-2.0
// The objects of backups that the cluster makes: how they are written, and what their status says.
// Pure; any thread.
#pragma once

#include "plugins/backup/cluster_backup.hpp"

namespace deployctl::plugins::backup {

/// Its kind, or that of the Job.
ObjectRef ref_of(const ClusterOrder& order);
ObjectRef ref_of(const Held& held);
ObjectRef cron_job_of(const ClusterOrder& order);

Value snapshot_of(const ClusterOrder& order);
/// Of its template, with our labels; removed by Kubernetes a day after its end where the template
/// says nothing else.
Value job_of(const ClusterOrder& order, const Value& cron_job);

/// The labels that only ours have.
bool is_ours(const Value& object);

/// How far it has come.
struct Progress {
    enum class Kind { under_way, done, failed } kind{};
    std::string detail;      ///< why it failed, or what keeps it
    std::int64_t bytes = 0;  ///< that a restore of a snapshot needs; 0 of a Job
};

Progress progress_of(const Value& object, const DatabaseSettings& settings);

}  // namespace deployctl::plugins::backup
