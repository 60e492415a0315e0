// SPDX-License-Identifier: Apache-2.0
#include "gates/http_gate.hpp"

#include "documents/json.hpp"

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <map>
#include <utility>

namespace deployctl::gates {

namespace {

constexpr std::ptrdiff_t most_at_once = 8;

std::string percent(double share) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3g%%", share * 100);
    return text;
}

std::string told(const PodAnswer& answer) {
    return answer.status == 0 ? answer.failure : "HTTP " + std::to_string(answer.status);
}

/// "HTTP 500 x11, HTTP 200 x9", the most frequent first.
std::string counts_of(const std::vector<PodAnswer>& answers) {
    std::map<std::string, int> counts;
    for (const auto& answer : answers) {
        ++counts[told(answer)];
    }
    std::vector<std::pair<std::string, int>> sorted(counts.begin(), counts.end());
    std::ranges::sort(sorted, [](const auto& left, const auto& right) {
        return left.second > right.second;
    });
    std::string text;
    for (const auto& [what, count] : sorted) {
        text += (text.empty() ? "" : ", ") + what + " x" + std::to_string(count);
    }
    return text;
}

Verdict no_pods() {
    return {Answer::inconclusive, "no ready pod of the new version to ask", "", "", {}};
}

/// What stands at "$.a.b" of a JSON answer, or the whole body where it is no JSON.
std::string version_in(const VersionProbe& probe, const std::string& body) {
    std::string pointer =
        probe.jsonpath.starts_with("$") ? probe.jsonpath.substr(1) : "." + probe.jsonpath;
    std::ranges::replace(pointer, '.', '/');
    const auto parsed = documents::try_read_json(body);
    return parsed ? parsed->text(pointer) : body.substr(0, 80);
}

std::ptrdiff_t count_lost(const std::vector<PodAnswer>& answers) {
    return std::ranges::count_if(answers, &PodAnswer::is_lost);
}

/// What one sample comes to.
struct HttpCounts {
    std::int64_t requests = 0;
    std::int64_t failed = 0;
    std::int64_t lost = 0;
    std::string answers;  ///< "HTTP 500 x11, HTTP 200 x9"
};

Verdict judge_counts(const HttpQuestion& question, const HttpCounts& counts) {
    const auto share_of_all = [&](std::int64_t part) {
        return static_cast<double>(part) / static_cast<double>(counts.requests);
    };
    const auto failed = share_of_all(counts.failed);
    const auto bad = share_of_all(counts.failed + counts.lost);
    Verdict verdict;
    verdict.answer = failed > question.max_errors ? Answer::fail
                     : bad > question.max_errors  ? Answer::error
                                                  : Answer::pass;
    verdict.measured = std::to_string(counts.failed) + " of " + std::to_string(counts.requests) +
                       (counts.requests == 1 ? " request" : " requests") + " failed (" +
                       percent(failed) + ")";
    if (counts.lost > 0) {
        verdict.measured += ", " + std::to_string(counts.lost) + " lost on the way to the pods";
    }
    verdict.limit = percent(question.max_errors);
    verdict.reason = "GET " + question.path + ": " + counts.answers + ", expected HTTP " +
                     std::to_string(question.expect_status);
    verdict.evidence = Value::map({
        {"path", question.path},
        {"requests", counts.requests},
        {"failed", counts.failed},
        {"lost", counts.lost},
        {"answers", counts.answers},
    });
    return verdict;
}

/// A few side by side, then the next few, as long as even silent pods leave time for them.
Task<std::vector<PodAnswer>> ask(Cluster& cluster, std::vector<PodRequest> requests) {
    std::vector<PodAnswer> answers;
    answers.reserve(requests.size());
    Duration spent{};
    auto next = requests.begin();
    while (next != requests.end() && spent + next->timeout <= longest_gate_sample) {
        const auto last = next + std::min(most_at_once, requests.end() - next);
        std::vector<PodRequest> round(std::make_move_iterator(next), std::make_move_iterator(last));
        auto said = co_await cluster.ask_pods(std::move(round));
        spent += std::ranges::max(said, {}, &PodAnswer::took).took;
        const bool are_all_lost = count_lost(said) == std::ssize(said);
        std::ranges::move(said, std::back_inserter(answers));
        if (are_all_lost) {
            break;  // the others would not get there either
        }
        next = last;
    }
    co_return answers;
}

}  // namespace

Verdict judge(const HttpQuestion& question, const std::vector<PodAnswer>& answers) {
    if (answers.empty()) {
        return no_pods();
    }
    const auto lost = count_lost(answers);
    const auto bad = std::ranges::count_if(answers, [&](const PodAnswer& answer) {
        return answer.status != question.expect_status;
    });
    return judge_counts(question, {std::ssize(answers), bad - lost, lost, counts_of(answers)});
}

std::optional<Verdict> judge_stored(const HttpQuestion& question, const Value& evidence) {
    const HttpCounts counts{
        evidence.number("/requests"),
        evidence.number("/failed"),
        evidence.number("/lost"),
        evidence.text("/answers"),
    };
    return counts.requests > 0 ? std::optional(judge_counts(question, counts)) : std::nullopt;
}

Verdict judge(
    const VersionProbe& probe, const std::string& version, const std::vector<PodAnswer>& answers
) {
    if (answers.empty()) {
        return no_pods();
    }
    std::map<std::string, int> versions;
    std::ptrdiff_t right = 0;
    for (const auto& answer : answers) {
        const auto told_version =
            answer.status == 200 ? version_in(probe, answer.body) : told(answer);
        ++versions[told_version];
        right += told_version == version ? 1 : 0;
    }
    const auto lost = count_lost(answers);
    Value::Object seen;
    std::string text;
    for (const auto& [name, count] : versions) {
        seen[name] = count;
        text += (text.empty() ? "" : ", ") + name + " x" + std::to_string(count);
    }
    const auto wrong = std::ssize(answers) - right - lost;
    return {
        wrong > 0  ? Answer::fail
        : lost > 0 ? Answer::error
                   : Answer::pass,
        "GET " + probe.path + " of new pods answers " + text + ", expected " + version,
        text,
        version,
        Value(std::move(seen)),
    };
}

std::optional<Verdict> judge_stored_version(const std::string& version, const Value& evidence) {
    std::int64_t right = 0;
    std::int64_t all = 0;
    for (const auto& [told_version, count] : evidence.members()) {
        const auto pods = count.number("");
        all += pods;
        right += told_version == version ? pods : 0;
    }
    if (all == 0) {
        return std::nullopt;
    }
    Verdict verdict;
    verdict.answer = right == all ? Answer::pass : Answer::fail;
    verdict.limit = version;
    return verdict;
}

Task<Verdict> sample(Cluster& cluster, HttpQuestion question, std::vector<std::string> pods) {
    std::vector<PodRequest> requests;
    const auto wanted =
        pods.empty() ? 0 : std::max(static_cast<std::size_t>(question.requests), pods.size());
    const auto timeout = std::min(question.timeout, longest_gate_sample);
    requests.reserve(wanted);
    for (std::size_t index = 0; index < wanted; ++index) {
        requests.push_back({pods[index % pods.size()], question.port, question.path, timeout});
    }
    const auto answers = co_await ask(cluster, std::move(requests));
    co_return judge(question, answers);
}

Task<Verdict> sample(
    Cluster& cluster, VersionProbe probe, std::string version, std::vector<std::string> pods
) {
    std::vector<PodRequest> requests;
    for (const auto& pod : pods) {
        requests.push_back({pod, probe.port, probe.path, seconds(3)});
    }
    const auto answers = co_await ask(cluster, std::move(requests));
    co_return judge(probe, version, answers);
}

Task<Verdict> HttpGate::sample(Subjects subjects) {
    auto verdict = co_await gates::sample(cluster_, question_, std::move(subjects.candidate));
    co_return verdict;
}

Task<Verdict> VersionGate::sample(Subjects subjects) {
    auto verdict =
        co_await gates::sample(cluster_, probe_, version_, std::move(subjects.candidate));
    co_return verdict;
}

}  // namespace deployctl::gates
