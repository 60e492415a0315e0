// SPDX-License-Identifier: Apache-2.0
#include "readiness/evaluation.hpp"

#include "readiness/input.hpp"
#include "readiness/inputs/environment_names.hpp"
#include "readiness/losses.hpp"
#include "readiness/redaction.hpp"
#include "readiness/side_by_side.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace deployctl::readiness {

namespace {

using Losses = std::vector<FileLosses>;

Outcome outcome_of(Truth truth) {
    switch (truth) {
        case Truth::yes: return Outcome::pass;
        case Truth::no: return Outcome::fail;
        case Truth::unknown: break;
    }
    return Outcome::not_assessed;
}

/// Where `when` is unknown, whether the rule applies is: not assessed, never left out.
std::optional<Answer> ask(const Rule& rule, const Subject& subject, const Facts& facts) {
    if (!rule.when.is_empty()) {
        auto applies = rule.when.ask(subject, facts);
        if (!applies || applies->holds == Truth::no) {
            return std::nullopt;
        }
        if (applies->holds == Truth::unknown) {
            return applies;
        }
    }
    return rule.pass.ask(subject, facts);
}

/// From here on its words go into reports: none of them has a secret of the file.
Finding finding_of(
    const Rule& rule, const Subject& subject, const Answer& answer, const Facts& facts
) {
    Finding finding;
    finding.subject = &subject;
    finding.outcome = outcome_of(answer.holds);
    finding.confidence = std::max(rule.confidence, answer.confidence);
    finding.place = facts.place(subject, answer.where == nullptr ? *subject.node : *answer.where);
    finding.observed = redacted(answer.observed);
    finding.expected = redacted(answer.expected);
    return finding;
}

using Scopes = std::set<const Scope*>;

/// Those of other environments than the one that is asked about; none where the repository does not
/// tell that one apart. `prod` in one place is `production` in another, and `prd-eu` is a
/// production as well.
Scopes find_left_out(const Facts& facts) {
    const auto wanted = environment_name(facts.settings().environment);
    Scopes others;
    bool is_known = wanted.empty();
    for (const auto& subject : facts.subjects()) {
        const auto& environment = subject.scope->environment;
        if (!environment.empty() && !others.contains(subject.scope)) {
            const bool is_wanted = environment_name(environment) == wanted ||
                                   name_of(environment_role(environment)) == wanted;
            is_known = is_known || is_wanted;
            if (!is_wanted) {
                others.insert(subject.scope);
            }
        }
    }
    return is_known && !wanted.empty() ? others : Scopes();
}

bool is_of(const Rule& rule, std::string_view subject_kind) {
    return std::find(rule.subjects.begin(), rule.subjects.end(), subject_kind) !=
           rule.subjects.end();
}

void add_losses(const Losses& losses, RuleResult& result) {
    for (const auto& [file, why, spot, all] : losses) {
        for (const auto& lost : all) {
            if (is_of(*result.rule, lost.subject_kind)) {
                Finding finding;
                finding.place = {file->path, spot};
                finding.observed = why;
                finding.count = lost.count;
                result.findings.push_back(std::move(finding));
            }
        }
    }
}

void ask_one(const Facts& facts, const Scopes& left_out, const Losses& losses, RuleResult& result) {
    const auto& rule = *result.rule;
    for (const auto& kind : rule.subjects) {
        for (const auto* subject : facts.of(kind)) {
            if (left_out.contains(subject->scope)) {
                continue;
            }
            if (auto answer = ask(rule, *subject, facts)) {
                result.findings.push_back(finding_of(rule, *subject, *answer, facts));
            } else {
                ++result.not_applicable;
            }
        }
    }
    add_losses(losses, result);
}

}  // namespace

void gather_subjects(Facts& facts) {
    for (const auto& input : all_inputs()) {
        std::vector<const AssessedFile*> files;
        for (const auto& file : facts.files()) {
            if (file.kind == input.kind && file.trouble.what.empty()) {
                files.push_back(&file);
            }
        }
        input.gather(files, facts);
    }
}

Assessment ask_rules(std::shared_ptr<const Facts> facts, std::shared_ptr<const RulePack> pack) {
    Assessment assessment;
    assessment.facts = std::move(facts);
    assessment.pack = std::move(pack);
    for (const auto& rule : assessment.pack->rules) {
        assessment.results.emplace_back().rule = &rule;
    }
    auto losses = find_losses(*assessment.facts);
    for (auto& one : losses) {
        one.why = redacted(one.why);
    }
    const auto left_out = find_left_out(*assessment.facts);
    side_by_side(assessment.results.size(), [&](std::size_t at) {
        ask_one(*assessment.facts, left_out, losses, assessment.results[at]);
    });
    return assessment;
}

}  // namespace deployctl::readiness
