// SPDX-License-Identifier: Apache-2.0
#include "plugins/backup/backup_tasks.hpp"

#include "plugins/backup/making.hpp"
#include "plugins/tasks/task_variables.hpp"

#include <stdexcept>

namespace deployctl::plugins {

namespace {

backup::BackupOrder order_of(const TaskOrder& order, const BackupWork& work) {
    backup::BackupOrder wanted;
    wanted.id = order.attempt.id;
    wanted.scope = {order.target.app, order.target.environment, work.database};
    wanted.settings = work.settings;
    wanted.by = "rollout " + order.rollout;
    wanted.variables = variables_of(order);
    wanted.tell = order.tell;
    wanted.cluster = order.cluster;
    wanted.kube_namespace = order.target.kube_namespace;
    return wanted;
}

TaskReport report_of(const backup::Made& made, Duration took) {
    if (!made.artefact) {
        return {TaskEnd::failed, made.failure, {}};
    }
    const auto& artefact = *made.artefact;
    TaskReport report{TaskEnd::done, made.path, backup::to_value(artefact)};
    if (!artefact.making.held.kind.empty()) {
        report.detail += ", " + place_of(artefact.making.held);
    }
    report.evidence.set("/path", made.path);
    report.evidence.set("/seconds", in_seconds(took));
    if (!artefact.verified) {
        return report;
    }
    const bool is_proven = artefact.verified->result == backup::Proof::passed;
    report.end = is_proven ? TaskEnd::done : TaskEnd::failed;
    report.detail += is_proven ? ", restore check passed"
                               : " is there, but its restore failed: " + artefact.verified->detail;
    return report;
}

}  // namespace

Task<TaskReport> BackupTasks::run(TaskOrder order) {
    const auto* work = std::get_if<BackupWork>(&order.task.work);
    if (work == nullptr) {
        throw std::logic_error("no backup");
    }
    const auto wanted = order_of(order, *work);
    const auto begun = clock_.boot_time();
    backup::BackupMaker maker(process_, clock_);
    const auto made = co_await maker.make(wanted);
    co_return report_of(made, clock_.boot_time() - begun);
}

}  // namespace deployctl::plugins
