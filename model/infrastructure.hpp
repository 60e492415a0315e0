// SPDX-License-Identifier: Apache-2.0
// The infrastructure beside an app: stacks of Terraform or OpenTofu, `infra` of deploy.yaml.
// Values; any thread.
#pragma once

#include "model/backup.hpp"
#include "model/time.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl {

/// Where in a rollout a stack is applied.
enum class ApplyWhen { never, before_traffic, after };
/// What a difference between the state and the world means for a rollout.
enum class DriftPolicy { block, warn, ignore };
/// What becomes of an applied stack when the rollout goes back.
enum class StackWayBack { keep, revert };

const char* to_text(ApplyWhen when);
const char* to_text(DriftPolicy policy);
const char* to_text(StackWayBack way);
std::optional<ApplyWhen> read_apply_when(std::string_view text);
std::optional<DriftPolicy> read_drift_policy(std::string_view text);
std::optional<StackWayBack> read_stack_way_back(std::string_view text);

struct StackSettings {
    std::string dir;        ///< of the root module
    std::string workspace;  ///< empty: the default one
    ApplyWhen apply = ApplyWhen::never;
    DriftPolicy drift = DriftPolicy::block;
    bool allow_destroy = false;  ///< without it every destroy and replacement needs `approval`
    std::string approval;        ///< asked for where something is destroyed or replaced
    std::vector<std::string> policies;  ///< gates of type policy, asked about each plan of it
    std::vector<std::string> var_files;
    std::vector<std::string> backend_config;  ///< files
    StackWayBack on_rollback = StackWayBack::keep;
    std::vector<std::string> environments;  ///< empty: all
    Duration timeout = minutes(30);
    Duration lock_timeout = seconds(30);

    friend bool operator==(const StackSettings&, const StackSettings&) = default;
};

/// Where copies of states are kept, encrypted to a certificate.
struct StateBackupSettings {
    std::string dir = "backups/infra/${env}";
    std::string encrypt_to;  ///< a file; a state holds secrets, so that without it none is kept
    Retention keep;

    friend bool operator==(const StateBackupSettings&, const StateBackupSettings&) = default;
};

struct InfraSettings {
    std::string program;                         ///< empty: terraform, else tofu of $PATH
    std::string prices;                          ///< a file, `<resource type>: <per month>`
    std::optional<double> max_monthly_increase;  ///< of all stacks of a rollout, in its currency
    std::map<std::string, StackSettings> stacks;
    StateBackupSettings backup;

    friend bool operator==(const InfraSettings&, const InfraSettings&) = default;
};

}  // namespace deployctl
