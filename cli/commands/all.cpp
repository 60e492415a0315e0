// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/line_verbs.hpp"
#include "cli/commands/recovery_verbs.hpp"
#include "cli/commands/verbs.hpp"

#include <algorithm>

namespace deployctl::cli {

namespace {

const std::vector<Command> rollout_commands{
    {"rollout canary", "bring a version out by canary", commands::rollout_canary},
    {"rollout blue-green",
     "bring a version out beside the old one, then switch",
     commands::rollout_blue_green},
    {"rollout rolling", "bring a version out pod by pod", commands::rollout_rolling},
    {"rollout start", "bring a version out by the environment's strategy", commands::rollout_start},
    {"rollout group", "bring several services out together, or none", commands::rollout_group},
    {"rollout status", "where a rollout stands, from the journal", commands::rollout_status},
    {"rollout watch", "follow a rollout from any shell until it ends", commands::rollout_watch},
    {"rollout list", "rollouts, newest first", commands::rollout_list},
    {"rollout pause", "let a rollout stand still where it is", commands::rollout_pause},
    {"rollout resume",
     "go on with a rollout that was paused or lost its runner",
     commands::rollout_resume},
    {"rollout retry", "try the failed step of a held rollout again", commands::rollout_retry},
    {"rollout advance", "end the present hold and go on", commands::rollout_advance},
    {"rollout abort", "give a rollout up and restore what was", commands::rollout_abort},
    {"rollout rollback",
     "send a rollout back, or return to the last good version",
     commands::rollout_rollback},
    {"rollout adopt",
     "make the journal of an app's rollout again, from the cluster",
     commands::rollout_adopt},
    {"rollout recover", "go on with rollouts that nobody runs", commands::rollout_recover},
    {"rollout heal", "keep a promoted release as it was verified", commands::rollout_heal},
};

const std::vector<Command> other_commands{
    {"plan", "what a rollout would do; nothing is changed", commands::plan},
    {"rehearse",
     "play a rollout on a simulated cluster, in virtual time, with faults",
     commands::rehearse},
    {"promote", "take a version on to the next environments, by its digest", commands::promote},
    {"history", "what was brought out, when, by whom and how it ended", commands::history},
    {"show", "all that is recorded of a rollout", commands::show},
    {"explain", "why a rollout went as it did, with the evidence", commands::explain},
    {"logs", "log lines of a rollout: kept as evidence, and of its pods", commands::logs},
    {"events", "a rollout's events, one a line", commands::events},
    {"approve", "say yes to a rollout that waits for people", commands::approve},
    {"deny", "say no: the rollout goes back", commands::deny},
    {"approvals list", "which rollouts wait for people, and who said what", commands::approvals_list
    },
    {"assess", "how ready a repository is for production, with the evidence", commands::assess},
    {"assess explain", "what a check is about, and what it has found", commands::assess_explain},
    {"assess diff", "what has changed between two assessments", commands::assess_diff},
    {"assess audit",
     "hold a report that somebody has written against its own table",
     commands::assess_audit},
    {"assess fix", "a patch for what a few lines mend", commands::assess_fix},
    {"assess calibrate", "do checks tell how rollouts end here", commands::assess_calibrate},
    {"gate list", "the configured gates", commands::gate_list},
    {"gate show", "a gate with all its settings", commands::gate_show},
    {"gate test", "ask a gate's question once, now", commands::gate_test},
    {"env list", "what runs where, and how far behind", commands::env_list},
    {"env show", "an environment with all that applies in it", commands::env_show},
    {"env diff", "what differs between two environments", commands::env_diff},
    {"env lock", "let no rollout begin in an environment", commands::env_lock},
    {"env unlock", "take such a lock away", commands::env_unlock},
    {"dr plan", "the stages of a drill, failover or failback", commands::dr_plan},
    {"dr drill", "practise a failover without switching the traffic", commands::dr_drill},
    {"dr failover", "move the service to the standby", commands::dr_failover},
    {"dr failback", "move it back to the primary", commands::dr_failback},
    {"dr resume", "go on with one that stands or lost its runner", commands::dr_resume},
    {"dr abandon", "give one up where it stands", commands::dr_abandon},
    {"dr approve", "say yes to one that waits for people", commands::dr_approve},
    {"dr status", "the last drill, its RTO and RPO, and when the next is due", commands::dr_status},
    {"backup run", "make a backup now, and prove it", commands::backup_run},
    {"backup list", "backups, how old they are, and which are proven", commands::backup_list},
    {"backup verify", "prove a backup by a restore somewhere else", commands::backup_verify},
    {"backup prune", "remove the backups that nothing keeps", commands::backup_prune},
    {"backup restore", "restore a database, told before it is done", commands::backup_restore},
    {"infra plan", "what an apply of stacks would change", commands::infra_plan},
    {"infra apply",
     "apply a stack of infrastructure, and take up what was cut off",
     commands::infra_apply},
    {"infra drift", "what others have changed in stacks", commands::infra_drift},
    {"infra output", "the outputs of stacks", commands::infra_output},
    {"infra history", "who applied and saved what", commands::infra_history},
    {"infra backup", "keep encrypted copies of states", commands::infra_backup},
    {"freeze list", "times without rollouts, and who stopped the line", commands::freeze_list},
    {"freeze check", "whether a rollout may start, or until when not", commands::freeze_check},
    {"freeze add", "stop the line: no rollouts from now on", commands::freeze_add},
    {"freeze remove", "end such a freeze before its time", commands::freeze_remove},
    {"config init", "write a deploy.yaml from manifests", commands::config_init},
    {"config validate", "find every mistake in the configuration", commands::config_validate},
    {"config show", "the configuration", commands::config_show},
    {"config explain", "what a key means, takes and is by default", commands::config_explain},
    {"config schema", "the JSON Schema of deploy.yaml", commands::config_schema},
    {"doctor", "check tools, cluster, permissions, clock and journal", commands::doctor},
    {"state info", "what the journal is and holds", commands::state_info},
    {"state check", "check the journal and the chain of its events", commands::state_check},
    {"state backup", "copy the journal while it is in use", commands::state_backup},
    {"state export", "write the journal, or one app's part, as lines", commands::state_export},
    {"state import", "take an export into the journal, or nothing", commands::state_import},
    {"state prune", "take old rollouts out of the journal", commands::state_prune},
    {"completion", "a script that completes commands in a shell", commands::completion},
    {"man", "the manual page", commands::man},
    {"version", "which program this is", commands::version},
};

}  // namespace

const std::vector<Command>& all_commands() {
    static const auto all = [] {
        auto both = rollout_commands;
        both.insert(both.end(), other_commands.begin(), other_commands.end());
        return both;
    }();
    return all;
}

const std::vector<Group>& all_groups() {
    static const std::vector<Group> all{
        {"rollout", "begin rollouts, follow them, send them back"},
        {"assess", "assess the readiness for production"},
        {"gate", "look at gates and try them"},
        {"env", "look at environments, lock them"},
        {"dr", "practise disaster recovery, and do it"},
        {"backup", "back databases up, prove it, restore them"},
        {"infra", "plan, apply and save stacks of Terraform or OpenTofu"},
        {"freeze", "look at times without rollouts, stop the line"},
        {"config", "make, check and explain deploy.yaml"},
        {"state", "look after the journal"},
    };
    return all;
}

const std::vector<Chapter>& all_chapters() {
    static const std::vector<Chapter> all{
        {"Bring versions out, and back", {"plan", "rehearse", "rollout", "promote"}},
        {"See what happened, and why", {"history", "show", "explain", "logs", "events"}},
        {"Decide", {"approve", "deny", "approvals", "freeze", "gate"}},
        {"Know how ready it is", {"assess"}},
        {"Look after environments and infrastructure", {"env", "infra"}},
        {"Save data, and move it", {"backup", "dr"}},
        {"Set up and look after deployctl",
         {"config", "doctor", "state", "completion", "man", "version"}},
    };
    return all;
}

std::vector<std::string> split_words(std::string_view path) {
    std::vector<std::string> words;
    while (!path.empty()) {
        const auto end = std::min(path.find(' '), path.size());
        words.emplace_back(path.substr(0, end));
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    return words;
}

const Command* find_command(std::string_view path) {
    const auto& all = all_commands();
    const auto found =
        std::ranges::find_if(all, [path](const Command& command) { return command.path == path; });
    return found == all.end() ? nullptr : &*found;
}

}  // namespace deployctl::cli
