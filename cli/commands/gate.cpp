// SPDX-License-Identifier: Apache-2.0
#include "gates/gate.hpp"

#include "cli/commands/verbs.hpp"
#include "cli/deploy_file.hpp"
#include "cli/output/fields.hpp"
#include "cli/output/result.hpp"
#include "cli/output/settings_json.hpp"
#include "cli/targeting.hpp"
#include "config/spelling.hpp"
#include "engine/gate_subjects.hpp"
#include "engine/planned_gates.hpp"
#include "engine/release.hpp"
#include "model/image.hpp"
#include "model/text.hpp"

#include <memory>

namespace deployctl::cli::commands {

namespace {

struct Options {
    std::string name;
    Slot track = Slot::stable;
};

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

ExitCode list(Session& session) {
    const auto configuration = need_deploy_file(session.globals.place);
    Result result;
    Value::Array items;
    for (const auto& [name, gate] : configuration.gates) {
        items.push_back(to_value(name, gate));
        items.back().set("/asks", told(gate.question));
        result.names.push_back(name);
    }
    result.value = Value::map({{"items", items}});
    result.text = [&items](const Style& style) {
        return items.empty()
                   ? std::string("no gates are configured\n")
                   : columns(
                         items, {"name", "type", "asks", "every", "fail_after", "on_fail"}, style
                     );
    };
    print(session, result);
    return ExitCode::done;
}

ExitCode show_one(Session& session, const std::string& name) {
    const auto configuration = need_deploy_file(session.globals.place);
    Result result;
    result.value = to_value(name, find_gate(configuration, name));
    result.names = {name};
    result.text = [&result](const Style& style) { return fields(result.value, style); };
    print(session, result);
    return ExitCode::done;
}

/// What is asked of whom.
struct Question {
    GateSettings gate;
    WorkloadSettings workload;
    Slot track{};
    MetricsSource metrics;
    Placeholders names;
};

struct Tested {
    std::vector<std::string> pods;
    std::vector<std::string> beside;  ///< stable's, of a gate that compares
    Verdict verdict;

    /// Where nothing is new there is nothing to compare with but itself.
    bool is_itself() const { return !pods.empty() && pods == beside; }
};

/// Of the new version with the old one beside it.
bool compares(const GateQuestion& question) {
    const auto* metric = std::get_if<MetricQuestion>(&question);
    return (metric != nullptr && metric->max_increase) ||
           std::holds_alternative<AnalysisQuestion>(question) ||
           std::holds_alternative<LeakQuestion>(question) ||
           std::holds_alternative<MannWhitneyQuestion>(question);
}

constexpr auto with_itself =
    "stable with itself, which says that it can be asked, and nothing of a new version; a rollout "
    "compares its new pods with these, and so does --track candidate while there are some";

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

std::string draw(
    const std::string& name, const GateSettings& gate, const Tested& tested, const Style& style
) {
    const auto& verdict = tested.verdict;
    const auto which = verdict.answer == Answer::pass   ? Sign::done
                       : verdict.answer == Answer::fail ? Sign::failed
                                                        : Sign::unknown;
    auto text = sign(style, which) + " " + printable(name) + " " + to_text(verdict.answer) + ": " +
                printable(verdict.measured);
    text += verdict.limit.empty() ? "\n" : " (limit " + printable(verdict.limit) + ")\n";
    text += "  asks   " + printable(told(gate.question)) + "\n";
    text += "  pods   " +
            (tested.pods.empty() ? "none is ready" : printable(join(tested.pods, ", "))) + "\n";
    if (tested.is_itself()) {
        text += std::string("  with   ") + with_itself + "\n";
    } else if (!tested.beside.empty()) {
        text += "  with   " + printable(join(tested.beside, ", ")) + "\n";
    }
    text += verdict.reason.empty() ? "" : "  says   " + printable(verdict.reason) + "\n";
    return text + "  fails  after " + std::to_string(gate.policy.fail_after) +
           (gate.policy.fail_after == 1 ? " bad sample" : " bad samples in a row") + ", one each " +
           to_text(gate.policy.every) + "\n";
}

ExitCode test_one(Session& session, const Options& options) {
    const auto configuration = need_deploy_file(session.globals.place);
    const auto gate =
        engine::with_named_query(find_gate(configuration, options.name), configuration.queries);
    const auto environment = choose_environment(configuration, session.globals.place);
    Question question{gate, configuration.app.workload, options.track, {}, {}};
    question.metrics = metrics_source(configuration).value_or(MetricsSource{});
    question.names = {
        {"app", configuration.app.name},
        {"env", environment.name},
        {"namespace", environment.kube_namespace},
    };
    const auto tested = wait_for(
        session.parts, test_task(&session.parts, cluster_of(environment), std::move(question))
    );
    Result result;
    result.value = Value::map({
        {"gate", to_value(options.name, gate)},
        {"track", to_text(options.track)},
        {"pods", Value::Array(tested.pods.begin(), tested.pods.end())},
        {"compared_with", Value::Array(tested.beside.begin(), tested.beside.end())},
        {"note", tested.is_itself() ? with_itself : ""},
        {"answer", to_text(tested.verdict.answer)},
        {"measured", tested.verdict.measured},
        {"limit", tested.verdict.limit},
        {"reason", tested.verdict.reason},
        {"evidence", tested.verdict.evidence},
    });
    result.names = {to_text(tested.verdict.answer)};
    result.text = [&](const Style& style) { return draw(options.name, gate, tested, style); };
    print(session, result);
    return tested.verdict.answer == Answer::pass ? ExitCode::done : ExitCode::blocked;
}

}  // namespace

Run gate_list(Form& form) {
    form.add_example("deployctl gate list", "what each asks, and how often");
    return list;
}

Run gate_show(Form& form) {
    const auto name = std::make_shared<std::string>();  // shared with the form's reader
    form.add_argument("GATE", "the gate's name", into(*name));
    form.add_example("deployctl gate show health", "with every default");
    return [name](Session& session) { return show_one(session, *name); };
}

Run gate_test(Form& form) {
    const auto options = std::make_shared<Options>();  // shared with the form's readers
    form.add_argument("GATE", "the gate's name", into(options->name));
    form.add_option(
        "--track",
        "TRACK",
        "whose pods are asked (default: stable)",
        one_of<Slot, Slot>(
            options->track, {{"stable", Slot::stable}, {"candidate", Slot::candidate}}
        )
    );
    form.describe(
        "One sample, with the raw answers in -o json. Exit code 0 where it passes, 4 where it does "
        "not."
    );
    form.add_example("deployctl gate test health -e production", "would it pass now?");
    form.add_example(
        "deployctl gate test health -e production --track candidate -o json",
        "the candidate, in a rollout"
    );
    return [options](Session& session) { return test_one(session, *options); };
}

}  // namespace deployctl::cli::commands
