// SPDX-License-Identifier: Apache-2.0
// What a release does beside its pods: the user's own programs and Jobs (migrations among them),
// backups, infrastructure. A plan freezes each by value. Values; any thread.
#pragma once

#include "model/backup.hpp"
#include "model/infrastructure.hpp"
#include "model/time.hpp"
#include "model/value.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace deployctl {

/// What a task that fails means: the same as a bad version, or a warning.
enum class OnTaskError { fail, warn };
/// What a migration does to a schema: `expand` leaves the old version able to serve, `contract`
/// does not, so that nothing goes back past it by itself.
enum class Migration { none, expand, contract };
/// What becomes of a task that a dead runner had begun: again, or a person decides.
enum class AfterCrash { repeat, ask };

const char* to_text(OnTaskError policy);
const char* to_text(Migration migration);
const char* to_text(AfterCrash policy);
std::optional<OnTaskError> read_on_task_error(std::string_view text);
std::optional<Migration> read_migration(std::string_view text);
std::optional<AfterCrash> read_after_crash(std::string_view text);

/// `hooks` of deploy.yaml. Exactly one of `run` and `job` is set.
struct HookSettings {
    std::string name;
    std::vector<std::string> run;  ///< argv with `${...}`, no shell
    std::string job;               ///< a file with the manifest of a Job
    Duration timeout = minutes(10);
    OnTaskError on_error = OnTaskError::fail;
    Migration migration = Migration::none;
    AfterCrash after_crash = AfterCrash::repeat;
    std::vector<std::string> environments;  ///< empty: all

    friend bool operator==(const HookSettings&, const HookSettings&) = default;
};

struct Hooks {
    std::vector<HookSettings> pre_deploy;   ///< before pods of the next version exist
    std::vector<HookSettings> post_verify;  ///< once it serves alone
    std::vector<HookSettings> on_rollback;  ///< once the previous one serves alone again

    friend bool operator==(const Hooks&, const Hooks&) = default;
};

/// A program of the user's own, its placeholders filled in.
struct ProgramWork {
    std::vector<std::string> run;
    std::string script_hash;  ///< SHA-256 of the script; empty: a program of $PATH

    friend bool operator==(const ProgramWork&, const ProgramWork&) = default;
};

/// A Job of Kubernetes in the namespace of the app.
struct JobWork {
    Value manifest;

    friend bool operator==(const JobWork&, const JobWork&) = default;
};

struct BackupWork {
    std::string database;
    DatabaseSettings settings;  ///< placeholders but those of the artefact filled in

    friend bool operator==(const BackupWork&, const BackupWork&) = default;
};

/// A saved plan of a stack, and what was seen in it when it was agreed to.
struct StackWork {
    std::string stack;
    StackSettings settings;  ///< placeholders filled in
    std::string program;
    std::string configuration_hash;    ///< of the root module's files
    std::vector<std::string> changes;  ///< "~ aws_db_instance.main: instance_class", sorted
    bool reverts = false;              ///< back to what was there before the rollout

    friend bool operator==(const StackWork&, const StackWork&) = default;
};

using Work = std::variant<ProgramWork, JobWork, BackupWork, StackWork>;

struct ReleaseTask {
    Work work;
    Duration timeout{};
    OnTaskError on_error = OnTaskError::fail;
    Migration migration = Migration::none;
    AfterCrash after_crash = AfterCrash::repeat;

    friend bool operator==(const ReleaseTask&, const ReleaseTask&) = default;
};

using TasksByName = std::map<std::string, ReleaseTask>;

/// "program ./migrate.sh expand", "backup of web": what people see it as.
std::string to_text(const Work& work);

}  // namespace deployctl
