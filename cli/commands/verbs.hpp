// SPDX-License-Identifier: Apache-2.0
// Every verb's declaration: it fills the form and answers with what runs. One file a verb, or a
// family of verbs, beside this one; `all.cpp` gives them their names.
#pragma once

#include "cli/command.hpp"

namespace deployctl::cli::commands {

Run rollout_start(Form& form);
Run rollout_canary(Form& form);
Run rollout_blue_green(Form& form);
Run rollout_rolling(Form& form);
Run rollout_status(Form& form);
Run rollout_watch(Form& form);
Run rollout_list(Form& form);
Run rollout_pause(Form& form);
Run rollout_resume(Form& form);
Run rollout_retry(Form& form);
Run rollout_advance(Form& form);
Run rollout_abort(Form& form);
Run rollout_rollback(Form& form);
Run rollout_adopt(Form& form);
Run rollout_recover(Form& form);
Run rollout_heal(Form& form);
Run plan(Form& form);
Run rehearse(Form& form);
Run history(Form& form);
Run show(Form& form);
Run explain(Form& form);
Run logs(Form& form);
Run events(Form& form);
Run approve(Form& form);
Run deny(Form& form);
Run approvals_list(Form& form);
Run assess(Form& form);
Run assess_explain(Form& form);
Run assess_diff(Form& form);
Run assess_audit(Form& form);
Run assess_fix(Form& form);
Run assess_calibrate(Form& form);
Run gate_list(Form& form);
Run gate_show(Form& form);
Run gate_test(Form& form);
Run env_list(Form& form);
Run env_show(Form& form);
Run backup_run(Form& form);
Run backup_list(Form& form);
Run backup_verify(Form& form);
Run backup_prune(Form& form);
Run backup_restore(Form& form);
Run infra_plan(Form& form);
Run infra_apply(Form& form);
Run infra_drift(Form& form);
Run infra_output(Form& form);
Run infra_history(Form& form);
Run infra_backup(Form& form);
Run freeze_list(Form& form);
Run freeze_check(Form& form);
Run freeze_add(Form& form);
Run freeze_remove(Form& form);
Run config_init(Form& form);
Run config_validate(Form& form);
Run config_show(Form& form);
Run config_explain(Form& form);
Run config_schema(Form& form);
Run doctor(Form& form);
Run state_info(Form& form);
Run state_check(Form& form);
Run state_backup(Form& form);
Run state_export(Form& form);
Run state_import(Form& form);
Run state_prune(Form& form);
Run completion(Form& form);
Run man(Form& form);
Run version(Form& form);

}  // namespace deployctl::cli::commands
