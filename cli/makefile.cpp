// SPDX-License-Identifier: Apache-2.0
#include "cli/makefile.hpp"

#include "model/error.hpp"
#include "model/text.hpp"

#include <algorithm>

namespace deployctl::cli {

namespace {

constexpr MakefileTarget all_targets[] = {
    {"deploy", "rollout start", R"("$$TAG")", "TAG", "bring TAG out as the environment says"},
    {"canary", "rollout canary", R"("$$TAG")", "TAG", "bring TAG out by canary"},
    {"blue-green",
     "rollout blue-green",
     R"("$$TAG")",
     "TAG",
     "bring TAG out beside the old, then switch"},
    {"rolling", "rollout rolling", R"("$$TAG")", "TAG", "bring TAG out pod by pod"},
    {"plan", "plan", R"("$$TAG")", "TAG", "what bringing TAG out would do"},
    {"rehearse", "rehearse", R"(canary "$$TAG")", "TAG", "play it on a simulated cluster"},
    {"status", "rollout status", "", "", "where the rollout stands"},
    {"watch", "rollout watch", "", "", "follow the rollout until it ends"},
    {"pause", "rollout pause", "", "", "let the rollout stand still"},
    {"resume", "rollout resume", "", "", "go on with a rollout that stands still"},
    {"retry", "rollout retry", "", "", "try its failed step again"},
    {"advance", "rollout advance", "", "", "end the present hold"},
    {"abort", "rollout abort", R"(--reason "$$REASON")", "REASON", "give the rollout up"},
    {"rollback",
     "rollout rollback",
     R"(--reason "$$REASON")",
     "REASON",
     "return to the last good version"},
    {"recover", "rollout recover", "", "", "go on with rollouts that nobody runs"},
    {"history", "history", "", "", "what was brought out, and how it ended"},
    {"explain", "explain", R"("$$ID")", "ID", "why rollout ID went as it did"},
    {"logs", "logs", R"("$$ID")", "ID", "log lines of rollout ID"},
    {"approve", "approve", R"("$$ID" --reason "$$REASON")", "ID REASON", "say yes to rollout ID"},
    {"deny", "deny", R"("$$ID" --reason "$$REASON")", "ID REASON", "say no to rollout ID"},
    {"approvals", "approvals list", "", "", "which rollouts wait for people"},
    {"promote",
     "promote",
     "$(TAG_WORD) $(FROM_WORD) $(TO_WORD)",
     "",
     "to the next environment; or FROM one TO another"},
    {"group", "rollout group", R"("$$TAG")", "TAG", "bring all members of the group out, or none"},
    {"heal", "rollout heal", "", "", "keep what was promoted as it was verified"},
    {"envs", "env list", "", "", "the environments"},
    {"env-diff", "env diff", R"("$$FROM" "$$TO")", "FROM TO", "what differs between FROM and TO"},
    {"env-lock", "env lock", R"("$$ENV" --reason "$$REASON")", "ENV REASON", "no rollouts in ENV"},
    {"env-unlock",
     "env unlock",
     R"("$$ENV" --reason "$$REASON")",
     "ENV REASON",
     "rollouts in ENV again"},
    {"infra-plan", "infra plan", "$(STACK_WORD)", "", "what would change in infrastructure"},
    {"infra-apply", "infra apply", "$(STACK_WORD) $(CONFIRM_WORD)", "", "change infrastructure"},
    {"infra-drift", "infra drift", "$(STACK_WORD)", "", "what others have changed in it"},
    {"infra-output", "infra output", "$(STACK_WORD)", "", "what it says of itself"},
    {"infra-backup", "infra backup", "$(STACK_WORD)", "", "copy its states"},
    {"db-backup", "backup run", "$(DB_WORD)", "", "back the databases up"},
    {"db-backups", "backup list", "$(DB_WORD)", "", "the backups that there are"},
    {"db-verify", "backup verify", "$(DB_WORD)", "", "prove that the newest backup restores"},
    {"db-prune", "backup prune", "$(DB_WORD)", "", "remove backups that nothing keeps"},
    {"db-restore",
     "backup restore",
     R"("$$DB" $(CONFIRM_WORD))",
     "DB",
     "restore DB: tells how, does it with CONFIRM=<DB>"},
    {"dr-plan", "dr plan", "", "", "how the standby would take over"},
    {"dr-drill", "dr drill", "", "", "rehearse it"},
    {"dr-failover",
     "dr failover",
     "$(CONFIRM_WORD)",
     "",
     "let the standby take over, CONFIRM=<its name>"},
    {"dr-failback", "dr failback", "$(CONFIRM_WORD)", "", "and back, CONFIRM=<its name>"},
    {"dr-status", "dr status", "", "", "when that was done last, and how fast it was"},
    {"assess", "assess", "", "", "how ready all this is for production"},
    {"freeze",
     "freeze add",
     R"(--now --for "$$FOR" --reason "$$REASON")",
     "FOR REASON",
     "stop the line for a while, FOR=2h"},
    {"unfreeze", "freeze remove", R"("$$ID" --reason "$$REASON")", "ID REASON", "end freeze ID"},
    {"freezes", "freeze list", "", "", "times without rollouts"},
    {"freeze-check", "freeze check", "", "", "whether a rollout may start now"},
    {"gates", "gate list", "", "", "the questions that decide"},
    {"validate", "config validate", "", "", "find every mistake in the configuration"},
    {"doctor", "doctor", "", "", "check tools, cluster and journal"},
};

constexpr std::string_view head =
    R"(# What people and jobs do with this service; `make` lists it. Written by `deployctl config init --makefile`, which writes
# it again with --force. Say which environment where there are several: make canary TAG=v2 ENV=production
# make ends with 2 for every failure: who needs the exit codes of deployctl calls it by itself.
.DEFAULT_GOAL := help
DEPLOYCTL ?= deployctl
ARGS ?= # more options, as they are typed
)";

/// Exported as they were said, and named by the shell: a word stays one, and neither make nor the
/// shell runs what is in it.
constexpr std::string_view variables[] = {
    "TAG", "ENV", "REASON", "ID", "FROM", "TO", "STACK", "DB", "CONFIRM", "FOR"
};

constexpr std::string_view words_of_people =
    R"(ENV_WORD = $(if $(ENV),--env "$$ENV")
STACK_WORD = $(if $(STACK),"$$STACK")
DB_WORD = $(if $(DB),"$$DB")
TAG_WORD = $(if $(TAG),"$$TAG")
FROM_WORD = $(if $(FROM),--from "$$FROM")
TO_WORD = $(if $(TO),--to "$$TO")
CONFIRM_WORD = $(if $(CONFIRM),--confirm "$$CONFIRM")
)";

std::string name_for_make(const std::string& file) {
    const bool is_impossible = std::ranges::any_of(file, [](unsigned char c) {
        return c < 0x20 || c == 0x7F || c == '\\';
    });
    if (is_impossible) {
        throw Error(
            ExitCode::usage,
            "a Makefile cannot name a file with a backslash or a control character in its name",
            "give the configuration another name"
        );
    }
    std::string name = file.starts_with(' ') ? "$(NOTHING)" : "";
    for (const char c : file) {
        name += c == '$' ? "$$" : c == '#' ? "\\#" : std::string(1, c);
    }
    return name;
}

std::string recipe(const MakefileTarget& target) {
    std::string text = std::string(target.name) + ":\n";
    for (auto rest = target.needs; !rest.empty();) {
        const auto end = std::min(rest.find(' '), rest.size());
        const std::string name(rest.substr(0, end));
        text += "\t@: \"$${" + name + ":?write it as in: make $@ " + name + "=...}\"\n";
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    text += "\t$(DEPLOYCTL_HERE) " + std::string(target.verb);
    text += target.words.empty() ? "" : " " + std::string(target.words);
    return text + " $(ARGS)\n\n";
}

std::string help(const std::vector<MakefileTarget>& targets) {
    std::size_t widest = 0;
    for (const auto& target : targets) {
        widest = std::max(widest, target.name.size());
    }
    std::string text = "help:\n";
    for (const auto& target : targets) {
        std::string name(target.name);
        name.append(widest + 2 - name.size(), ' ');
        text += "\t@echo '  make " + name + std::string(target.summary) + "'\n";
    }
    return text;
}

}  // namespace

std::vector<MakefileTarget> makefile_targets(const std::function<bool(std::string_view)>& has_verb
) {
    std::vector<MakefileTarget> targets;
    std::ranges::copy_if(all_targets, std::back_inserter(targets), [&](const auto& target) {
        return has_verb(target.verb);
    });
    return targets;
}

std::string makefile_text(const std::vector<MakefileTarget>& targets, const std::string& file) {
    std::vector<std::string> names{"help"};
    std::string recipes;
    for (const auto& target : targets) {
        names.emplace_back(target.name);
        recipes += recipe(target);
    }
    std::string exported;
    for (const auto variable : variables) {
        const std::string name(variable);
        exported += "override " + name + " := $(value " + name + ")\nexport " + name + "\n";
    }
    return std::string(head) + "NOTHING :=\nDEPLOY_FILE := " + name_for_make(file) +
           "\nexport DEPLOY_FILE\n" + exported + std::string(words_of_people) +
           "DEPLOYCTL_HERE = $(DEPLOYCTL) -f \"$$DEPLOY_FILE\" $(ENV_WORD)\n\n.PHONY: " +
           join(names, " ") + "\n\n" + recipes + help(targets);
}

}  // namespace deployctl::cli
