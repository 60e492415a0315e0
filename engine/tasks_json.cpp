// SPDX-License-Identifier: Apache-2.0
#include "engine/tasks_json.hpp"

#include "engine/spans.hpp"
#include "model/error.hpp"

namespace deployctl::engine {

namespace {

Value database_value(const DatabaseSettings& settings) {
    auto value = Value::map({
        {"run", lines_value(settings.run)},
        {"verify", lines_value(settings.verify)},
        {"restore", lines_value(settings.restore)},
        {"dir", settings.dir},
        {"suffix", settings.suffix},
        {"min_bytes", settings.min_bytes},
        {"encrypt_to", settings.encrypt_to},
        {"keep_last", settings.keep.last},
        {"keep_days", settings.keep.days},
        {"timeout_microseconds", settings.timeout.count()},
    });
    // Only where they are used: plans of before keep their hash.
    if (settings.volume_snapshot) {
        value.set("/claim", settings.volume_snapshot->claim);
        value.set("/snapshot_class", settings.volume_snapshot->snapshot_class);
    }
    if (!settings.cron_job.empty()) {
        value.set("/cron_job", settings.cron_job);
    }
    return value;
}

DatabaseSettings read_database(const Value& value) {
    DatabaseSettings settings;
    settings.run = read_lines(value.at("/run"));
    settings.verify = read_lines(value.at("/verify"));
    settings.restore = read_lines(value.at("/restore"));
    settings.dir = value.text("/dir");
    settings.suffix = value.text("/suffix");
    settings.min_bytes = value.number("/min_bytes");
    settings.encrypt_to = value.text("/encrypt_to");
    settings.keep.last = read_int(value, "/keep_last");
    settings.keep.days = read_int(value, "/keep_days");
    settings.timeout = read_span(value, "/timeout_microseconds");
    if (value.has("/claim")) {
        settings.volume_snapshot = {value.text("/claim"), value.text("/snapshot_class")};
    }
    settings.cron_job = value.text("/cron_job");
    return settings;
}

Value stack_value(const StackSettings& settings) {
    return Value::map({
        {"dir", settings.dir},
        {"workspace", settings.workspace},
        {"apply", to_text(settings.apply)},
        {"drift", to_text(settings.drift)},
        {"allow_destroy", settings.allow_destroy},
        {"approval", settings.approval},
        {"var_files", lines_value(settings.var_files)},
        {"backend_config", lines_value(settings.backend_config)},
        {"on_rollback", to_text(settings.on_rollback)},
        {"timeout_microseconds", settings.timeout.count()},
        {"lock_timeout_microseconds", settings.lock_timeout.count()},
    });
}

StackSettings read_stack(const Value& value) {
    StackSettings settings;
    settings.dir = value.text("/dir");
    settings.workspace = value.text("/workspace");
    settings.apply = read_apply_when(value.text("/apply")).value_or(ApplyWhen::never);
    settings.drift = read_drift_policy(value.text("/drift")).value_or(DriftPolicy::block);
    settings.allow_destroy = value.flag("/allow_destroy");
    settings.approval = value.text("/approval");
    settings.var_files = read_lines(value.at("/var_files"));
    settings.backend_config = read_lines(value.at("/backend_config"));
    settings.on_rollback =
        read_stack_way_back(value.text("/on_rollback")).value_or(StackWayBack::keep);
    settings.timeout = read_span(value, "/timeout_microseconds");
    settings.lock_timeout = read_span(value, "/lock_timeout_microseconds");
    return settings;
}

struct Writer {
    Value operator()(const ProgramWork& work) const {
        return Value::map(
            {{"do", "program"}, {"run", lines_value(work.run)}, {"script_hash", work.script_hash}}
        );
    }

    Value operator()(const JobWork& work) const {
        return Value::map({{"do", "job"}, {"manifest", work.manifest}});
    }

    Value operator()(const BackupWork& work) const {
        return Value::map({
            {"do", "backup"},
            {"database", work.database},
            {"settings", database_value(work.settings)},
        });
    }

    Value operator()(const StackWork& work) const {
        return Value::map({
            {"do", "stack"},
            {"stack", work.stack},
            {"settings", stack_value(work.settings)},
            {"program", work.program},
            {"configuration_hash", work.configuration_hash},
            {"changes", lines_value(work.changes)},
            {"reverts", work.reverts},
        });
    }
};

Work read_work(const Value& value) {
    const auto kind = value.text("/do");
    if (kind == "program") {
        return ProgramWork{read_lines(value.at("/run")), value.text("/script_hash")};
    }
    if (kind == "job") {
        return JobWork{value.at("/manifest")};
    }
    if (kind == "backup") {
        return BackupWork{value.text("/database"), read_database(value.at("/settings"))};
    }
    if (kind == "stack") {
        return StackWork{
            value.text("/stack"),
            read_stack(value.at("/settings")),
            value.text("/program"),
            value.text("/configuration_hash"),
            read_lines(value.at("/changes")),
            value.flag("/reverts"),
        };
    }
    throw Error(
        ExitCode::state_unreadable,
        "the plan has a task of kind `" + kind + "` that this deployctl does not know",
        "use the deployctl that began the rollout, or a newer one"
    );
}

}  // namespace

Value tasks_value(const TasksByName& tasks) {
    Value::Object map;
    for (const auto& [name, task] : tasks) {
        map[name] = Value::map({
            {"work", std::visit(Writer{}, task.work)},
            {"timeout_microseconds", task.timeout.count()},
            {"on_error", to_text(task.on_error)},
            {"migration", to_text(task.migration)},
            {"after_crash", to_text(task.after_crash)},
        });
    }
    return map;
}

TasksByName read_tasks(const Value& value) {
    TasksByName tasks;
    for (const auto& [name, one] : value.members()) {
        auto& task = tasks[name];
        task.work = read_work(one.at("/work"));
        task.timeout = read_span(one, "/timeout_microseconds");
        task.on_error = read_on_task_error(one.text("/on_error")).value_or(OnTaskError::fail);
        task.migration = read_migration(one.text("/migration")).value_or(Migration::none);
        task.after_crash = read_after_crash(one.text("/after_crash")).value_or(AfterCrash::ask);
    }
    return tasks;
}

}  // namespace deployctl::engine
