// SPDX-License-Identifier: Apache-2.0
#include "cli/gate_trial.hpp"

#include "cli/targeting.hpp"
#include "config/spelling.hpp"
#include "engine/gate_subjects.hpp"
#include "engine/planned_gates.hpp"
#include "engine/release.hpp"
#include "gates/gate.hpp"
#include "model/image.hpp"
#include "model/text.hpp"

namespace deployctl::cli {

namespace {

/// What is asked of whom.
struct Question {
    GateSettings gate;
    WorkloadSettings workload;
    Slot track{};
    MetricsSource metrics;
    Placeholders names;
};

std::vector<std::string> ready_pods(
    const World& world, const std::string& name, const std::vector<std::string>& suffixes
) {
    std::vector<std::string> pods;
    for (const auto& suffix : suffixes) {
        const auto* workload = find_workload(world, name + suffix);
        if (workload == nullptr) {
            continue;
        }
        for (const auto* pod : all_pods_of(world, *workload)) {
            if (pod->ready && !pod->is_leaving()) {
                pods.push_back(pod->meta.name);
            }
        }
    }
    return pods;
}

/// The port that the pods name, and no warming up: nobody waits for a rollout here.
void settle(GateQuestion& question, const World& world, const WorkloadSettings& settings) {
    const auto* workload = find_workload(world, settings.name);
    auto* http = std::get_if<HttpQuestion>(&question);
    if (http != nullptr && http->port == 0 && workload != nullptr) {
        http->port = engine::first_port(workload->body.at("/spec/template"), settings.container);
    }
    if (auto* analysis = std::get_if<AnalysisQuestion>(&question); analysis != nullptr) {
        analysis->warm_up = {};
    }
}

/// The workload as it is, where a rollout would have it as it will be, and as many pods beside it.
void tell_what_runs(
    gates::Subjects& subjects, const World& world, const WorkloadSettings& settings
) {
    const auto* workload = find_workload(world, settings.name);
    if (workload == nullptr) {
        return;
    }
    subjects.workload = engine::whole_manifest(workload->body);
    subjects.extra_pods = workload->replicas;
    const auto& pod_template = workload->body.at("/spec/template");
    const auto place = engine::container_pointer(pod_template, settings.container);
    const auto first = place.empty() ? std::string("/spec/containers/0") : place;
    const auto image = pod_template.text(first + "/image");
    subjects.names["image"] = image;
    subjects.names["version"] = version_of_image(image);
    subjects.names["previous_version"] = subjects.names["version"];
}

/// What counts what came in between needs two looks.
Task<Tested> test_task(Parts* parts, ClusterChoice choice, Question question) {
    const auto settled = co_await parts->settle(choice);
    auto& cluster = parts->cluster(settled);
    const auto world = co_await cluster.look();
    settle(question.gate.question, world, question.workload);
    gates::Subjects subjects;
    const std::vector<std::string> as_candidate{"-canary", "-preview"};
    subjects.candidate = ready_pods(
        world,
        question.workload.name,
        question.track == Slot::stable ? std::vector<std::string>{""} : as_candidate
    );
    subjects.stable = ready_pods(world, question.workload.name, {""});
    subjects.names = question.names;
    tell_what_runs(subjects, world, question.workload);
    subjects.at = parts->clock().boot_time();
    subjects.since = {subjects.at.since_boot - std::chrono::hours(1)};
    const gates::Sources sources{
        cluster, parts->journal(), parts->clock(), parts->outside(), question.metrics
    };
    const auto gate = gates::make_gate(question.gate.question, sources);
    Tested tested{subjects.candidate, {}, {}};
    if (compares(question.gate.question)) {
        tested.beside = subjects.stable;
    }
    tested.verdict = co_await gate->sample(subjects);
    const bool counts_between = std::holds_alternative<AnalysisQuestion>(question.gate.question);
    if (counts_between && tested.verdict.answer != Answer::error) {
        co_await parts->clock().sleep(question.gate.policy.every);
        tested.verdict = co_await gate->sample(subjects);
    }
    co_return tested;
}

}  // namespace

GateSettings find_gate(const Configuration& configuration, const std::string& name) {
    const auto found = configuration.gates.find(name);
    if (found != configuration.gates.end()) {
        return found->second;
    }
    std::vector<std::string> names;
    for (const auto& [known, gate] : configuration.gates) {
        names.push_back(known);
    }
    const auto near = config::closest(name, {names.begin(), names.end()});
    const auto known = names.empty() ? "no gates are configured" : "known: " + join(names, ", ");
    throw Error(
        ExitCode::usage,
        "no gate `" + name + "` is configured",
        near ? "did you mean " + std::string(*near) + "?" : known
    );
}

bool compares(const GateQuestion& question) {
    const auto* metric = std::get_if<MetricQuestion>(&question);
    return (metric != nullptr && metric->max_increase) ||
           std::holds_alternative<AnalysisQuestion>(question) ||
           std::holds_alternative<LeakQuestion>(question) ||
           std::holds_alternative<MannWhitneyQuestion>(question);
}

Tested try_gate(Session& session, const Configuration& configuration, const Trial& trial) {
    const auto gate =
        engine::with_named_query(find_gate(configuration, trial.gate), configuration.queries);
    Question question{gate, configuration.app.workload, trial.track, {}, {}};
    question.metrics = metrics_source(configuration).value_or(MetricsSource{});
    question.names = {
        {"app", configuration.app.name},
        {"env", trial.environment.name},
        {"namespace", trial.environment.kube_namespace},
    };
    const auto choice = cluster_of(trial.environment);
    return wait_for(session.parts, test_task(&session.parts, choice, std::move(question)));
}

std::string ask_gates(
    Session& session,
    const Configuration& configuration,
    const Environment& environment,
    const std::vector<std::string>& names
) {
    for (const auto& name : names) {
        if (name == version_gate && !configuration.gates.contains(name)) {
            continue;  // it asks for a version that is on its way
        }
        const auto gate = find_gate(configuration, name);
        if (compares(gate.question)) {
            continue;
        }
        const Trial trial{name, environment};
        auto verdict = try_gate(session, configuration, trial).verdict;
        for (int at = 1; at < gate.policy.fail_after && verdict.answer != Answer::pass; ++at) {
            session.parts.drive(session.parts.clock().sleep(gate.policy.every));
            verdict = try_gate(session, configuration, trial).verdict;
        }
        if (verdict.answer != Answer::pass) {
            return "gate " + name + " says " + deployctl::to_text(verdict.answer) + ": " +
                   verdict.measured + (verdict.reason.empty() ? "" : ", " + verdict.reason);
        }
    }
    return "";
}

}  // namespace deployctl::cli
