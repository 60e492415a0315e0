// SPDX-License-Identifier: Apache-2.0
#include "gates/replay.hpp"

#include "gates/alerts_gate.hpp"
#include "gates/budget_gate.hpp"
#include "gates/exhaustion_gate.hpp"
#include "gates/http_gate.hpp"
#include "gates/mann_whitney_gate.hpp"
#include "gates/metric_gate.hpp"
#include "gates/scan_gate.hpp"
#include "gates/slope_gate.hpp"

#include <concepts>
#include <utility>

namespace deployctl::gates {

namespace {

/// Those that tell in their evidence all that a verdict needs.
template <class Question>
concept SaysAll = requires(const Question& question, const Value& evidence) {
    { judge_stored(question, evidence) } -> std::same_as<std::optional<Verdict>>;
};

Replay by(std::optional<Verdict> verdict) {
    const auto* const why_not = verdict ? "" : "what it was judged by was not stored";
    return {std::move(verdict), why_not};
}

Replay as_said(const std::string& whose) {
    return {std::nullopt, "as " + whose + " said; not computed here"};
}

}  // namespace

struct VerdictReplay::Judge {
    VerdictReplay& past;
    const Verdict& recorded;

    Replay operator()(const AnalysisQuestion& /*question*/) const {
        past.tests_->recall(recorded.evidence);
        if (!has_look(recorded.evidence)) {
            return {std::nullopt, "nothing was counted yet"};
        }
        if (recorded.evidence.flag("/warming_up")) {
            return {Verdict{Answer::inconclusive, recorded.reason, "", "", {}}, ""};
        }
        return {past.tests_->judge(), ""};
    }

    Replay operator()(const TrendQuestion& question) const {
        return by_slope(question.slope, Against::itself);
    }

    Replay operator()(const LeakQuestion& question) const {
        return by_slope(question.slope, Against::stable);
    }

    Replay operator()(const CommandQuestion& /*question*/) const { return as_said("the program"); }

    Replay operator()(const PolicyQuestion& question) const {
        return as_said(to_text(question.tool));
    }

    Replay operator()(const ImageQuestion& /*question*/) const {
        return as_said("the registry, and cosign where it is asked,");
    }

    Replay operator()(const TcpQuestion& question) const { return as_said(question.address); }

    Replay operator()(const GrpcQuestion& question) const { return as_said(question.address); }

    template <SaysAll Question>
    Replay operator()(const Question& question) const {
        return by(judge_stored(question, recorded.evidence));
    }

    Replay operator()(const auto& /*question*/) const { return as_said("who was asked"); }

private:
    Replay by_slope(const SlopeSettings& settings, Against against) const {
        recall(past.trend_, against, recorded.evidence);
        return {judge(settings, against, past.trend_, recorded.evidence.text("/query")), ""};
    }
};

VerdictReplay::VerdictReplay(GateQuestion question) : question_(std::move(question)) {
    if (const auto* analysis = std::get_if<AnalysisQuestion>(&question_)) {
        tests_.emplace(*analysis);
    }
}

VerdictReplay::VerdictReplay(std::string version) : version_(std::move(version)) {}

/// Also what came with no answer counts for those that come later.
Replay VerdictReplay::take(const Verdict& recorded) {
    auto replay = version_.empty() ? std::visit(Judge{*this, recorded}, question_)
                                   : by(judge_stored_version(version_, recorded.evidence));
    if (recorded.answer == Answer::error) {
        return {std::nullopt, "nobody could answer: nothing to compute"};
    }
    return replay;
}

}  // namespace deployctl::gates
