// SPDX-License-Identifier: Apache-2.0
#include "gates/soak_gate.hpp"

#include "model/image.hpp"
#include "model/text.hpp"
#include "ports/one_line.hpp"

#include <algorithm>
#include <functional>

namespace deployctl::gates {

namespace {

std::string limit_of(const SoakQuestion& question) {
    return "at least " + deployctl::to_text(question.length);
}

const RolloutRecord* find_brought(
    const std::vector<RolloutRecord>& rollouts,
    const std::function<bool(const RolloutRecord&)>& is_meant
) {
    const auto found = std::ranges::find_if(rollouts, [&](const RolloutRecord& rollout) {
        return rollout.state != RolloutState::aborted && is_meant(rollout);
    });
    return found == rollouts.end() ? nullptr : &*found;
}

/// What became of the version, where another one stands, or none.
std::string fate_of(
    const WantedVersion& wanted,
    const std::vector<RolloutRecord>& rollouts,
    const std::string& environment
) {
    const auto* last = find_brought(rollouts, [&](const RolloutRecord& rollout) {
        return is_same(rollout, wanted);
    });
    const auto head = one_line(wanted.version, 60) + " ";
    if (last != nullptr) {
        const auto when = minute_text(last->ended.value_or(last->started));
        return last->state == RolloutState::promoted
                   ? head + "was promoted in " + environment + " at " + when +
                         ", and replaced since"
                   : head + "was rolled back in " + environment + " at " + when;
    }
    const auto* other = find_brought(rollouts, [&](const RolloutRecord& rollout) {
        return !wanted.version.empty() && rollout.next_version == wanted.version;
    });
    return other == nullptr ? head + "was never brought to " + environment
                            : head + "of " + environment + " is another image, " +
                                  one_line(short_digest(other->digest));
}

Verdict failed(std::string measured, const SoakQuestion& question, std::string reason) {
    return {Answer::fail, std::move(reason), std::move(measured), limit_of(question), {}};
}

/// Of a version that stands there alone.
Verdict judge_age(
    const SoakQuestion& question, const Standing& standing, WallTime now, std::string environment
) {
    const auto age = std::max(now - standing.since, Duration::zero());
    Verdict verdict{Answer::pass, "", to_short_text(age), limit_of(question), {}};
    verdict.reason = named(*standing.promoted) + " stands in " + environment + " since " +
                     minute_text(standing.since);
    if (age < question.length) {
        verdict.answer = Answer::fail;
        // The minute in which it has passed, not the one before.
        const auto passes = std::chrono::ceil<minutes>(standing.since + question.length);
        verdict.reason += "; passes at " + minute_text(passes);
    }
    return verdict;
}

}  // namespace

Verdict judge(
    const SoakQuestion& question,
    const std::vector<RolloutRecord>& rollouts,
    const WantedVersion& wanted,
    WallTime now
) {
    const auto environment = one_line(question.environment, 60);
    const auto standing = standing_in(rollouts, now);
    if (!standing.trouble.empty()) {
        return no_answer("not known", environment + ": " + standing.trouble);
    }
    Verdict verdict;
    const bool stands = standing.promoted && is_same(*standing.promoted, wanted);
    if (standing.under_way && !stands) {
        verdict = failed(
            "no version alone",
            question,
            named(*standing.under_way) + " is under way in " + environment
        );
    } else if (!standing.promoted) {
        verdict = failed("not there", question, fate_of(wanted, rollouts, environment));
    } else if (!stands) {
        verdict = failed(
            named(*standing.promoted) + " stands in " + environment,
            question,
            fate_of(wanted, rollouts, environment)
        );
    } else {
        verdict = judge_age(question, standing, now, environment);
        if (standing.under_way) {  // it has proven itself all the same
            verdict.reason += "; " + named(*standing.under_way) + " is under way there";
        }
    }
    if (standing.promoted) {
        verdict.evidence = Value::map({
            {"rollout", one_line(standing.promoted->id, 60)},
            {"version", one_line(standing.promoted->next_version)},
            {"digest", one_line(standing.promoted->digest)},
            {"since", to_rfc3339(standing.since)},
        });
    }
    return verdict;
}

Task<Verdict> SoakGate::sample(Subjects subjects) {
    const auto& names = subjects.names;
    if (value_of(names, "env") == question_.environment) {
        co_return no_answer(
            "not asked",
            "it asks about " + question_.environment +
                ", where the version is being brought; name an environment before it in `env`"
        );
    }
    const WantedVersion wanted{
        value_of(names, "version"), read_image(value_of(names, "image")).digest
    };
    if (wanted.version.empty() && wanted.digest.empty()) {
        co_return no_answer("not asked", "nobody knows which version is rolled out");
    }
    const auto filter = newest_of(value_of(names, "app"), question_.environment);
    const auto rollouts = co_await store_.list(filter);
    co_return judge(question_, rollouts, wanted, clock_.now());
}

}  // namespace deployctl::gates
