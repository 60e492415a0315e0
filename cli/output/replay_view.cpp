// SPDX-License-Identifier: Apache-2.0
#include "cli/output/replay_view.hpp"

#include "gates/policy.hpp"
#include "model/text.hpp"

#include <map>

namespace deployctl::cli {

namespace {

/// What one gate's verdicts come to.
struct GateReplay {
    int same = 0;
    std::map<std::string, int> not_computed;  ///< by why
    std::vector<std::string> others;
    std::string decision;  ///< the last one, ruled anew as it was
};

std::string verdicts(int count) {
    return count_of(count, "verdict");
}

std::map<std::string, GateReplay> by_gate(const std::vector<engine::ReplayedVerdict>& all) {
    std::map<std::string, GateReplay> gates;
    for (const auto& one : all) {
        auto& gate = gates[one.recorded.gate];
        if (one.is_other()) {
            gate.others.push_back(
                "event " + std::to_string(one.seq) + ", step " +
                std::to_string(one.recorded.step + 1) + ": " + replay_text(one)
            );
        } else if (one.replay.verdict) {
            ++gate.same;
        } else {
            ++gate.not_computed[one.replay.why_not];
        }
        if (one.decision != gates::not_counted) {
            gate.decision = one.is_other_decision() ? "" : one.decision;
        }
    }
    return gates;
}

std::string summary_of(const GateReplay& gate) {
    std::vector<std::string> parts;
    if (gate.same > 0) {
        parts.push_back("recomputed: the same, " + verdicts(gate.same));
    }
    for (const auto& [why, count] : gate.not_computed) {
        parts.push_back(verdicts(count) + ": " + printable(why));
    }
    if (!gate.decision.empty() && gate.others.empty()) {
        parts.push_back("decided anew: " + gate.decision + ", the same");
    }
    return join(parts, "; ");
}

Value verdict_value(const engine::ReplayedVerdict& one) {
    const auto& verdict = one.replay.verdict;
    const auto& recorded = one.recorded;
    const bool has_decision = !recorded.ruled.decision.empty();
    auto value = Value::map({
        {"seq", one.seq},
        {"step", recorded.step + 1},
        {"gate", recorded.gate},
        {"recorded", to_text(recorded.verdict.answer)},
        {"recomputed", nullptr},
        {"measured", nullptr},
        {"why_not", one.replay.why_not},
        {"recorded_decision", nullptr},
        {"decision", nullptr},
        {"same", nullptr},
    });
    if (verdict) {
        value.set("/recomputed", to_text(verdict->answer));
        value.set("/measured", verdict->measured);
    }
    if (has_decision) {
        value.set("/recorded_decision", recorded.ruled.decision);
        value.set("/decision", one.decision);
    }
    if (verdict || has_decision) {
        value.set("/same", !one.is_other());
    }
    return value;
}

}  // namespace

std::string replay_text(const engine::ReplayedVerdict& replayed) {
    const auto& verdict = replayed.replay.verdict;
    const auto& recorded = replayed.recorded;
    std::vector<std::string> parts;
    if (replayed.is_other_answer()) {
        parts.push_back(
            std::string("recomputed: ") + to_text(verdict->answer) +
            (verdict->measured.empty() ? "" : " (" + printable(verdict->measured) + ")") +
            ", recorded: " + to_text(recorded.verdict.answer)
        );
    } else if (verdict) {
        parts.emplace_back("recomputed: the same");
    } else {
        parts.push_back(printable(replayed.replay.why_not));
    }
    if (replayed.is_other_decision()) {
        parts.push_back(
            "decided anew: " + replayed.decision +
            ", recorded: " + printable(recorded.ruled.decision)
        );
    }
    return join(parts, "; ");
}

std::string draw_replay(const std::vector<engine::ReplayedVerdict>& all, const Style& style) {
    if (all.empty()) {
        return "";
    }
    std::vector<std::vector<std::string>> rows;
    for (const auto& [name, gate] : by_gate(all)) {
        const auto head = [&, gate_name = printable(name)](Sign which) {
            return "  " + sign(style, which) + " " + gate_name;
        };
        if (const auto summary = summary_of(gate); !summary.empty()) {
            rows.push_back({head(gate.same > 0 ? Sign::done : Sign::unknown), summary});
        }
        for (const auto& other : gate.others) {
            rows.push_back({head(Sign::failed), paint(style, Tone::bad, other)});
        }
    }
    return "\nGates, judged anew from what the journal stored\n" +
           table(style, rows, Folding::none);
}

Value to_value(const std::vector<engine::ReplayedVerdict>& all) {
    Value::Array list;
    for (const auto& one : all) {
        list.push_back(verdict_value(one));
    }
    return list;
}

}  // namespace deployctl::cli
