// SPDX-License-Identifier: Apache-2.0
#include "engine/disaster.hpp"

#include "model/error.hpp"
#include "model/placeholders.hpp"
#include "model/text.hpp"

#include <algorithm>

namespace deployctl::engine {

namespace {

/// Puts the stages of one plan together.
class Planning {
public:
    Planning(const Configuration& configuration, DisasterDraft& draft)
        : configuration_(configuration),
          settings_(*configuration.disaster),
          draft_(draft),
          plan_(draft.plan) {}

    void add_all() {
        add_program(DisasterStep::age, settings_.replica);
        if (settings_.replica.run.empty() && !settings_.database.empty()) {
            add(DisasterStep::age, plan_.to);  // of the last backup
        }
        if (!plan_.approval.empty()) {
            add(DisasterStep::approval, plan_.to);
        }
        add(DisasterStep::hold, plan_.from);
        if (plan_.exercise == Exercise::failback) {
            add(DisasterStep::open, plan_.to);  // what the failover has locked
        }
        if (!plan_.stack.empty()) {
            add(DisasterStep::infra, plan_.to);
        }
        add(DisasterStep::release, plan_.to);
        add_restore();
        add_program(DisasterStep::promote, settings_.promote);
        if (plan_.exercise != Exercise::drill) {
            add_program(DisasterStep::traffic, settings_.traffic);
        }
        add_program(DisasterStep::verify, settings_.verify);
        if (plan_.exercise != Exercise::failover) {
            add(DisasterStep::open, plan_.from);
        }
    }

    void find_gaps() {
        if (plan_.version.empty()) {
            draft_.refusals.push_back(
                "nothing says which version " + plan_.from +
                " runs: the journal knows of none that was promoted there (--tag TAG says it)"
            );
        }
        if (settings_.verify.run.empty()) {
            draft_.warnings.push_back(
                "dr.verify is not configured: what serves is the rollout's word alone"
            );
        }
        if (settings_.traffic.run.empty() && plan_.exercise != Exercise::drill) {
            draft_.warnings.push_back("dr.traffic is not configured: switch the traffic yourself");
        }
        if (settings_.replica.run.empty() && settings_.database.empty()) {
            draft_.warnings.push_back(
                "neither dr.replica nor dr.database is configured: the RPO is not measured"
            );
        }
    }

private:
    void add(DisasterStep step, const std::string& environment) {
        plan_.stages.push_back({step, environment, {}, {}, {}});
    }

    void add_program(DisasterStep step, const DisasterHook& hook) {
        if (!hook.run.empty()) {
            plan_.stages.push_back({step, plan_.to, filled(hook.run), hook.timeout, {}});
        }
    }

    void add_restore() {
        const auto found = configuration_.backup.databases.find(settings_.database);
        if (settings_.database.empty() || found == configuration_.backup.databases.end()) {
            return;
        }
        const auto& database = found->second;
        if (database.restore.empty()) {
            draft_.refusals.push_back(
                "backup.databases." + settings_.database + ".restore is not configured"
            );
        }
        if (!plan_.backup) {
            draft_.refusals.push_back(
                "there is no good backup of " + settings_.database + " of " + plan_.from +
                " in its folder (`deployctl backup list -e " + plan_.from + "` shows what there is)"
            );
        }
        plan_.stages.push_back(
            {DisasterStep::restore, plan_.to, filled(database.restore), database.timeout, {}}
        );
    }

    std::vector<std::string> filled(std::vector<std::string> argv) const {
        const auto found = configuration_.environments.find(plan_.to);
        const auto target =
            found == configuration_.environments.end() ? Environment{} : found->second;
        const Placeholders names{
            {"app", plan_.app},
            {"env", plan_.to},
            {"context", target.context},
            {"namespace", target.kube_namespace},
            {"from", plan_.from},
            {"to", plan_.to},
            {"version", plan_.version},
            {"digest", plan_.digest},
            {"drill", plan_.exercise == Exercise::drill ? "true" : "false"},
            {"artifact", plan_.backup ? plan_.backup->artifact : ""},
        };
        for (auto& word : argv) {
            word = fill_in(word, names);
        }
        return argv;
    }

    const Configuration& configuration_;
    const DisasterSettings& settings_;
    DisasterDraft& draft_;
    DisasterPlan& plan_;
};

std::string what_it_does(const DisasterPlan& plan, const DisasterStage& stage) {
    const auto program = join(stage.run, " ");
    switch (stage.step) {
        case DisasterStep::age:
            return program.empty() ? "how old the last backup of " + plan.database + " is"
                                   : "how far the replica is behind: " + program;
        case DisasterStep::approval: return plan.approval + " agrees, before anything is changed";
        case DisasterStep::hold: return "no rollout begins in " + stage.environment;
        case DisasterStep::open: return "rollouts may begin in " + stage.environment + " again";
        case DisasterStep::infra: return "stack " + plan.stack + " is as configured";
        case DisasterStep::release: return plan.version + " in " + stage.environment;
        case DisasterStep::restore:
            return plan.database + " from backup " + (plan.backup ? plan.backup->id : "-") + ": " +
                   program;
        case DisasterStep::promote:
        case DisasterStep::traffic:
        case DisasterStep::verify: return program;
    }
    return "";
}

std::string figure_text(
    const std::string& name, const std::optional<Duration>& measured, Duration target, bool met
) {
    const auto verdict = !measured ? "not measured" : met ? "met" : "missed";
    return name + " " + (measured ? to_short_text(*measured) : "-") + " (target " +
           deployctl::to_text(target) + "): " + verdict;
}

}  // namespace

DisasterDraft plan_disaster(
    const Configuration& configuration, Exercise exercise, const DisasterFacts& facts
) {
    if (!configuration.disaster) {
        throw Error(
            ExitCode::usage,
            "no disaster recovery is configured",
            "`deployctl config explain dr` says what it takes"
        );
    }
    const auto& settings = *configuration.disaster;
    const bool is_back = exercise == Exercise::failback;
    DisasterDraft draft;
    auto& plan = draft.plan;
    plan.exercise = exercise;
    plan.app = configuration.app.name;
    plan.from = is_back ? settings.standby : settings.primary;
    plan.to = is_back ? settings.primary : settings.standby;
    plan.version = facts.version;
    plan.digest = facts.digest;
    plan.targets.rto = settings.rto;
    plan.targets.rpo = settings.rpo;
    plan.approval = settings.approval;
    plan.database = settings.database;
    plan.stack = settings.stack;
    plan.backup = facts.backup;
    Planning planning(configuration, draft);
    planning.add_all();
    planning.find_gaps();
    return draft;
}

bool is_repeatable(DisasterStep step) {
    return step != DisasterStep::restore && step != DisasterStep::promote &&
           step != DisasterStep::traffic;
}

std::string to_text(const DisasterPlan& plan, const DisasterStage& stage) {
    std::string name = to_text(stage.step);
    constexpr std::size_t column = 10;
    name.resize(std::max(column, name.size() + 1), ' ');
    return name + what_it_does(plan, stage);
}

std::string to_text(const DisasterPlan& plan) {
    std::string text = std::string(to_text(plan.exercise)) + "  " + plan.app + ": " + plan.from +
                       " to " + plan.to + "  " + plan.version +
                       (plan.digest.empty() ? "" : " " + plan.digest) + "\ntargets: RTO " +
                       deployctl::to_text(plan.targets.rto) + ", RPO " +
                       deployctl::to_text(plan.targets.rpo) + "\n";
    int number = 0;
    for (const auto& stage : plan.stages) {
        const auto count = std::to_string(++number);
        text +=
            std::string(count.size() < 2 ? 3 : 2, ' ') + count + " " + to_text(plan, stage) + "\n";
    }
    return text;
}

DisasterTrail read_trail(const DisasterPlan& plan, const std::vector<OperationEvent>& events) {
    DisasterTrail trail;
    for (const auto& event : events) {
        const auto stage = static_cast<std::size_t>(event.data.number("/stage"));
        if (event.type == stage_started_event) {
            trail.is_under_way = true;
        }
        const auto outcome = read_stage_outcome(event.data.text("/outcome"));
        if (event.type != stage_ended_event || !outcome || stage >= plan.stages.size()) {
            continue;
        }
        trail.is_under_way = false;
        const bool is_over = *outcome == StageOutcome::done || *outcome == StageOutcome::skipped;
        if (!is_over) {
            continue;
        }
        trail.next = std::max(trail.next, stage + 1);
        const auto& age = event.data.at("/evidence/age_seconds");
        if (!age.is_null()) {
            trail.data_age = seconds(age.number(""));
        }
        if (plan.stages[stage].step != DisasterStep::open) {
            trail.verified = event.at;
        }
    }
    return trail;
}

DisasterFigures figures_of(const DisasterPlan& plan, const DisasterTrail& trail, WallTime started) {
    DisasterFigures figures;
    if (trail.next == plan.stages.size() && trail.verified) {
        figures.rto = *trail.verified - started;
    }
    figures.rpo = trail.data_age;
    figures.rto_met = figures.rto && *figures.rto <= plan.targets.rto;
    figures.rpo_met = figures.rpo && *figures.rpo <= plan.targets.rpo;
    return figures;
}

std::string to_text(const DisasterFigures& figures, const DisasterPlan& plan) {
    return figure_text("RTO", figures.rto, plan.targets.rto, figures.rto_met) + "; " +
           figure_text("RPO", figures.rpo, plan.targets.rpo, figures.rpo_met);
}

std::string object_to(
    const ApprovalSettings& settings, const std::string& initiator, const std::string& identity
) {
    const auto person = person_of(identity);
    if (settings.not_initiator && person == person_of(initiator)) {
        return "who began it does not approve it";
    }
    if (!settings.people.empty() && std::ranges::count(settings.people, person) == 0) {
        return person + " is not one of those who may: " + join(settings.people, ", ");
    }
    return "";
}

Consent consent_of(
    const ApprovalSettings& settings,
    const std::string& initiator,
    const std::vector<Operation>& said,
    WallTime now
) {
    Consent consent;
    consent.needed = settings.count;
    for (const auto& one : said) {
        const auto person = person_of(one.by);
        const bool counts = object_to(settings, initiator, one.by).empty() &&
                            now - one.started <= settings.expires &&
                            std::ranges::count(consent.given, person) == 0;
        if (counts) {
            consent.given.push_back(person);
        }
    }
    return consent;
}

}  // namespace deployctl::engine
