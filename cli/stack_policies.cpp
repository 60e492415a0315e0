// SPDX-License-Identifier: Apache-2.0
#include "cli/stack_policies.hpp"

#include "documents/json.hpp"
#include "gates/policy_gate.hpp"
#include "model/placeholders.hpp"
#include "plugins/terraform/sensitive_texts.hpp"
#include "ports/printed.hpp"

#include <utility>

namespace deployctl::cli {

namespace {

PolicyQuestion filled_in(PolicyQuestion question, const Target& target) {
    const Placeholders names{
        {"app", target.app}, {"env", target.environment}, {"namespace", target.kube_namespace}
    };
    question.policy = fill_in(question.policy, names);
    return question;
}

std::string complaint(const std::string& name, const Verdict& verdict) {
    const auto* what = verdict.answer == Answer::fail ? " denies it: " : " has not answered: ";
    return "policy " + name + what + one_line(verdict.reason) + " (" + verdict.measured + ")";
}

}  // namespace

Task<PoliciesAsked> ask_policies(
    Parts* parts, const Configuration* configuration, PlanToJudge judged
) {
    PoliciesAsked asked;
    if (judged.policies.empty()) {
        co_return asked;
    }
    const auto document = documents::try_read_json(judged.json);
    if (!document) {
        asked.refusals.push_back("its plan is too large for its policies to be asked about it");
        co_return asked;
    }
    const gates::HiddenTexts hidden(plugins::terraform::sensitive_texts(*document));
    auto& process = parts->outside().process;
    for (const auto& name : judged.policies) {
        const auto& gate = configuration->gates.at(name);
        const auto question = filled_in(std::get<PolicyQuestion>(gate.question), judged.target);
        const auto command = gates::command_of(question, judged.json);
        const auto result = co_await process.run(command);
        const auto verdict = gates::judge(question, hidden, result);
        if (verdict.answer != Answer::pass) {
            auto& list = gate.policy.dry_run ? asked.warnings : asked.refusals;
            list.push_back(complaint(name, verdict));
        }
    }
    co_return asked;
}

}  // namespace deployctl::cli
