// SPDX-License-Identifier: Apache-2.0
#include "gates/backup_age_gate.hpp"

#include "gates/paper.hpp"
#include "gates/standing.hpp"
#include "model/text.hpp"
#include "ports/one_line.hpp"

#include <algorithm>

namespace deployctl::gates {

namespace {

/// The newest backup, of whichever source.
struct Backup {
    std::string name;  ///< "backups/db.dump"
    WallTime made_at;
    std::string remark = {};
};

Verdict judge_age(const BackupAgeQuestion& question, const Backup& backup, WallTime now) {
    if (is_ahead(backup.made_at, now)) {
        return no_answer(
            "no time",
            backup.name + " is of " + to_rfc3339(backup.made_at) +
                ", which is yet to come: set the clock of whoever wrote it"
        );
    }
    const auto age = std::max(now - backup.made_at, Duration::zero());
    Verdict verdict{Answer::pass, "", to_short_text(age), "at most ", {}};
    verdict.limit += deployctl::to_text(question.max_age);
    verdict.reason =
        backup.name + " is the newest, of " + minute_text(backup.made_at) + backup.remark;
    if (age > question.max_age) {
        verdict.answer = Answer::fail;
        verdict.reason += "; make a backup first";
    }
    verdict.evidence =
        Value::map({{"backup", backup.name}, {"made_at", to_rfc3339(backup.made_at)}});
    return verdict;
}

}  // namespace

Permission permission_for_cron_jobs() {
    const auto& kind = info(Kind::cron_job);
    return {"get", kind.group, kind.plural};
}

Verdict judge(const BackupAgeQuestion& question, const FoundFile& newest, WallTime now) {
    if (newest.kind != FoundFile::Kind::found) {
        return no_answer(
            "no backup", one_line(question.files) + " cannot be looked at: " + newest.failure
        );
    }
    const auto path = one_line(newest.path);
    if (newest.bytes == 0) {
        return no_answer("no backup", path + " is the newest, and empty; make a backup first");
    }
    const auto size = count_of(static_cast<std::int64_t>(newest.bytes), "byte");
    return judge_age(question, {path, newest.modified, ", " + size}, now);
}

Verdict judge(
    const BackupAgeQuestion& question, const std::optional<Value>& cron_job, WallTime now
) {
    const auto name = "CronJob/" + question.cron_job;
    if (!cron_job) {
        return no_answer("no backup", "there is no " + name + "; name one that makes backups");
    }
    const auto& ended = cron_job->at("/status/lastSuccessfulTime");
    if (ended.is_null()) {
        Verdict verdict{Answer::fail, name + " has not succeeded once", "no backup", "", {}};
        verdict.limit = "at most " + deployctl::to_text(question.max_age);
        return verdict;
    }
    const auto time = read_rfc3339(ended.view(""));
    if (!time) {
        return no_answer("no time", name + " says no time in `status.lastSuccessfulTime`");
    }
    const auto* remark = cron_job->flag("/spec/suspend") ? ", and it is suspended" : "";
    return judge_age(question, {name, *time, remark}, now);
}

Task<Verdict> BackupAgeGate::ask_cluster(std::string kube_namespace) {
    const auto permission = permission_for_cron_jobs();
    const std::vector<Permission> wanted{permission};
    const auto missing = co_await cluster_.missing_permissions(wanted);
    if (!missing.empty()) {
        co_return no_answer(
            "not asked",
            "no permission to " + permission.verb + " " + permission.resource + "." +
                permission.group + " in namespace " + kube_namespace + ": a Role has to grant it"
        );
    }
    const ObjectRef ref{Kind::cron_job, kube_namespace, question_.cron_job};
    const auto found = co_await cluster_.get(ref);
    co_return judge(question_, found, clock_.now());
}

Task<Verdict> BackupAgeGate::sample(Subjects subjects) {
    if (!question_.cron_job.empty()) {
        const auto kube_namespace = value_of(subjects.names, "namespace");
        auto verdict = co_await ask_cluster(kube_namespace);
        co_return verdict;
    }
    auto question = question_;
    question.files = fill_in(question.files, subjects.names);
    const auto newest = co_await files_.newest(question.files);
    co_return judge(question, newest, clock_.now());
}

}  // namespace deployctl::gates
