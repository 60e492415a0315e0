// SPDX-License-Identifier: Apache-2.0
#include "simcluster/pod_answers.hpp"

#include "model/error.hpp"

namespace deployctl::simcluster {

namespace {

PodAnswer no_answer(std::string why) {
    PodAnswer answer;
    answer.failure = std::move(why);
    answer.took = milliseconds(2);
    return answer;
}

HttpBehaviour behaviour_at(
    const Behaviour& behaviour, const std::string& path, const std::string& version
) {
    auto found = behaviour.paths.find(path);
    if (found == behaviour.paths.end()) {
        found = behaviour.paths.find("*");
    }
    auto http = found == behaviour.paths.end() ? HttpBehaviour{} : found->second;
    const bool says_nothing = found == behaviour.paths.end() || found->first == "*";
    if (path == "/version" && says_nothing) {
        http.body = "{\"version\":\"" + version + "\"}";
    }
    return http;
}

/// The n-th request fails where the share, counted up to it, passes the next whole number.
bool fails(int request, double share) {
    return static_cast<int>(request * share + 1e-9) >
           static_cast<int>((request - 1) * share + 1e-9);
}

std::string at_time(WallTime time, const std::string& line) {
    return to_rfc3339(time) + " " + line;
}

/// All in the moment in which the container starts, one after the other.
std::vector<std::string> with_times(const std::vector<std::string>& lines, WallTime started) {
    std::vector<std::string> timed;
    for (const auto& line : lines) {
        timed.push_back(at_time(started += std::chrono::microseconds(1), line));
    }
    return timed;
}

std::vector<std::string> chatter(const Behaviour& behaviour, WallTime started, WallTime now) {
    std::vector<std::string> lines;
    const auto every = behaviour.chats_every;
    for (int tick = 1; every && started + *every * tick <= now; ++tick) {
        lines.push_back(at_time(started + *every * tick, "tick " + std::to_string(tick)));
    }
    return lines;
}

/// Those that the query is about, with or without their times.
void choose(std::vector<std::string>& lines, const LogQuery& query, WallTime now) {
    const auto first = query.since ? to_rfc3339(now - *query.since) : "";
    std::erase_if(lines, [&first](const std::string& line) { return line < first; });
    for (auto& line : lines) {
        line.erase(0, query.times == LogQuery::Times::shown ? 0 : line.find(' ') + 1);
    }
}

}  // namespace

/// A gate asks the same few pods again and again: each is looked at once.
std::vector<PodAnswer> PodAnswers::ask(const std::vector<PodRequest>& requests) {
    std::map<std::string_view, Asked> pods;
    std::vector<PodAnswer> answers;
    answers.reserve(requests.size());
    for (const auto& request : requests) {
        auto known = pods.find(request.pod);
        if (known == pods.end()) {
            known = pods.emplace(request.pod, look_at(request.pod)).first;
        }
        answers.push_back(answer_of(known->second, request));
    }
    return answers;
}

PodAnswers::Asked PodAnswers::look_at(const std::string& pod) {
    const auto* found = sim_.objects.find({Kind::pod, sim_.kube_namespace, pod});
    if (found == nullptr) {
        return {};
    }
    auto& seen = seen_[pod];
    if (seen.pod != *found) {
        const bool runs = found->has("/status/containerStatuses/0/state/running");
        seen = {*found, runs, version_of(*found)};
    }
    return {found, seen.runs, seen.version, &behaviours_.of(*found)};
}

PodAnswer PodAnswers::answer_of(const Asked& asked, const PodRequest& request) {
    if (asked.pod == nullptr) {
        auto answer = no_answer("pods \"" + request.pod + "\" not found");
        answer.trouble = PodAnswer::Trouble::way;
        return answer;
    }
    if (!asked.runs) {
        return no_answer(
            "dial tcp " + asked.pod->text("/status/podIP") + ": connect: connection refused"
        );
    }
    const auto http = behaviour_at(*asked.behaviour, request.path, asked.version);
    PodAnswer answer;
    answer.took = http.took;
    if (http.took > request.timeout) {
        answer.took = request.timeout;
        answer.failure = "no answer within " + deployctl::to_text(request.timeout);
        return answer;
    }
    if (http.status == 0) {
        answer.failure = "dial tcp 10.0.0.1:6443: connect: connection refused";
        answer.trouble = PodAnswer::Trouble::way;
        return answer;
    }
    const bool is_error =
        errors_have_begun(http, *asked.pod) && fails(++asked_[asked.version], http.error_share);
    answer.status = is_error ? 500 : http.status;
    answer.body = is_error ? "internal error" : http.body;
    return answer;
}

bool PodAnswers::errors_have_begun(const HttpBehaviour& http, const Value& pod) const {
    if (http.errors_from == Duration{}) {
        return true;
    }
    const auto now = sim_.clock.server_time();
    const auto said = pod.view("/status/containerStatuses/0/state/running/startedAt");
    const auto started = read_rfc3339(said).value_or(now);
    return now - started >= http.errors_from;
}

Duration PodAnswers::log_delay(const LogQuery& query) const {
    const auto* pod = sim_.objects.find({Kind::pod, sim_.kube_namespace, query.pod});
    return pod == nullptr ? Duration{} : behaviours_.of(*pod).log_took;
}

std::vector<std::string> PodAnswers::log(const LogQuery& query) const {
    const auto* pod = sim_.objects.find({Kind::pod, sim_.kube_namespace, query.pod});
    if (pod == nullptr) {
        throw Error(ExitCode::stopped_watching, "pods \"" + query.pod + "\" not found");
    }
    const auto& status = pod->at("/status/containerStatuses/0");
    const auto& behaviour = behaviours_.of(*pod);
    if (behaviour.log_took > query.timeout) {
        throw Error(
            ExitCode::stopped_watching,
            "no answer within " + deployctl::to_text(query.timeout) + " for the log"
        );
    }
    const bool of_previous = query.run == LogQuery::Run::previous;
    if (of_previous && !status.has("/lastState/terminated")) {
        throw Error(
            ExitCode::stopped_watching,
            "previous terminated container \"" + query.container + "\" not found"
        );
    }
    if (!of_previous && status.text("/state/waiting/reason") == "ContainerCreating") {
        throw Error(
            ExitCode::stopped_watching, "container \"" + query.container + "\" is waiting to start"
        );
    }
    auto lines = behaviour.log;
    if (of_previous || !status.has("/state/running")) {
        lines.insert(lines.end(), behaviour.last_words.begin(), behaviour.last_words.end());
    }
    const auto now = sim_.clock.server_time();
    const auto started = read_rfc3339(status.text("/state/running/startedAt")).value_or(now);
    lines = with_times(lines, started);
    for (const auto& line : chatter(behaviour, started, now)) {
        lines.push_back(line);
    }
    choose(lines, query, now);
    const auto surplus = static_cast<std::ptrdiff_t>(lines.size()) - query.lines;
    if (surplus > 0) {
        lines.erase(lines.begin(), lines.begin() + surplus);
    }
    return lines;
}

}  // namespace deployctl::simcluster
