// SPDX-License-Identifier: Apache-2.0
#include "gates/dependency_gate.hpp"

#include "model/semver.hpp"
#include "ports/one_line.hpp"

namespace deployctl::gates {

namespace {

std::string limit_of(const DependencyQuestion& question) {
    return question.min_version.empty() ? question.version + question.digest
                                        : "at least " + question.min_version;
}

/// Whether it will do; an error where that cannot be told, with the reason.
struct Fit {
    Answer answer = Answer::error;
    std::string trouble = {};
};

Answer answer_of(bool is_good) {
    return is_good ? Answer::pass : Answer::fail;
}

Fit fit_of_version(const DependencyQuestion& question, const RolloutRecord& rollout) {
    const auto found = read_semver(rollout.next_version);
    if (!question.min_version.empty()) {
        const auto least = read_semver(question.min_version);
        if (!found || !least) {
            const auto& wrong = found ? question.min_version : rollout.next_version;
            return {
                Answer::error,
                "`" + one_line(wrong, 60) +
                    "` is no semantic version, so nobody can say which is "
                    "older; ask for a `version` or a `digest`",
            };
        }
        return {answer_of(*found >= *least)};
    }
    const auto wanted = read_semver(question.version);
    return {
        answer_of(found && wanted ? *found == *wanted : rollout.next_version == question.version)
    };
}

Fit fit_of(const DependencyQuestion& question, const RolloutRecord& rollout) {
    if (question.digest.empty()) {
        return fit_of_version(question, rollout);
    }
    if (rollout.digest.empty()) {
        return {
            Answer::error,
            named(rollout) +
                " was brought out by its tag, and its digest is not known; ask for a "
                "`version`, or set `digest: require` in its deploy.yaml",
        };
    }
    return {answer_of(rollout.digest == question.digest)};
}

std::string told(const DependencyQuestion& question, const RolloutRecord& rollout) {
    auto text = one_line(rollout.next_version, 60);
    text += question.digest.empty() ? "" : " (" + one_line(rollout.digest, 80) + ")";
    return text;
}

}  // namespace

Verdict judge(
    const DependencyQuestion& question, const std::vector<RolloutRecord>& rollouts, WallTime now
) {
    const auto where = one_line(question.app, 60) + " in " + one_line(question.environment, 60);
    const auto standing = standing_in(rollouts, now);
    if (!standing.trouble.empty()) {
        return no_answer("not known", where + ": " + standing.trouble);
    }
    Verdict verdict{Answer::fail, "", "no version", limit_of(question), {}};
    if (!standing.promoted) {
        verdict.reason = "no rollout of " + where + " was promoted";
        return verdict;
    }
    const auto& promoted = *standing.promoted;
    const auto fit = fit_of(question, promoted);
    verdict.answer = fit.answer;
    verdict.measured = told(question, promoted);
    verdict.reason = where + " by rollout " + std::to_string(promoted.number) + " of " +
                     minute_text(promoted.ended.value_or(promoted.started));
    verdict.reason += fit.trouble.empty() ? "" : "; " + fit.trouble;
    verdict.evidence = Value::map({
        {"rollout", one_line(promoted.id, 60)},
        {"version", one_line(promoted.next_version)},
        {"digest", one_line(promoted.digest)},
    });
    if (standing.under_way) {
        verdict.reason += "; " + named(*standing.under_way) + " is under way there";
        // It will do today, and may not in a minute: that has to be seen first.
        const auto next = fit_of(question, *standing.under_way);
        if (verdict.answer == Answer::pass && next.answer != Answer::pass) {
            verdict.answer = Answer::inconclusive;
        }
    }
    return verdict;
}

Task<Verdict> DependencyGate::sample(Subjects subjects) {
    auto question = question_;
    question.environment = fill_in(question.environment, subjects.names);
    if (question.app == value_of(subjects.names, "app") &&
        question.environment == value_of(subjects.names, "env")) {
        co_return no_answer(
            "not asked", "it asks about the rollout that it is a gate of; name another app or `env`"
        );
    }
    const auto filter = newest_of(question.app, question.environment);
    const auto rollouts = co_await store_.list(filter);
    co_return judge(question, rollouts, clock_.now());
}

}  // namespace deployctl::gates
