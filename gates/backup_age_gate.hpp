// SPDX-License-Identifier: Apache-2.0
// Whether the newest backup is young enough: the newest file of a pattern, by its own time, or the
// end of the last run of a CronJob that succeeded. A file without a byte in it, and a time that is
// yet to come, are errors: they say nothing of a backup. What is in the file is not looked at.
#pragma once

#include "gates/gate.hpp"

namespace deployctl::gates {

/// Of a question whose names are filled in. Pure.
Verdict judge(const BackupAgeQuestion& question, const FoundFile& newest, WallTime now);
/// Nothing: there is no such CronJob. Pure.
Verdict judge(
    const BackupAgeQuestion& question, const std::optional<Value>& cron_job, WallTime now
);

/// What it takes to look at a CronJob.
Permission permission_for_cron_jobs();

class BackupAgeGate final : public Gate {
public:
    BackupAgeGate(const Sources& sources, BackupAgeQuestion question)
        : cluster_(sources.cluster),
          files_(sources.outside.files),
          clock_(sources.clock),
          question_(std::move(question)) {}

    Task<Verdict> sample(Subjects subjects) override;

private:
    Task<Verdict> ask_cluster(std::string kube_namespace);

    Cluster& cluster_;
    Files& files_;
    Clock& clock_;
    BackupAgeQuestion question_;
};

}  // namespace deployctl::gates
