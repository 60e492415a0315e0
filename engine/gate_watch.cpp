// SPDX-License-Identifier: Apache-2.0
#include "engine/gate_watch.hpp"

#include "engine/approving.hpp"
#include "engine/evidence.hpp"
#include "engine/objects.hpp"
#include "engine/release.hpp"
#include "gates/http_gate.hpp"
#include "model/image.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <utility>

namespace deployctl::engine {

namespace {

constexpr std::string_view evaluated = "gate.evaluated";
/// How often it is seen to what is asked beside the watching.
constexpr Duration errand_interval = milliseconds(250);
/// Where nobody is there yet to be asked about.
constexpr Duration look_again = seconds(1);

std::vector<std::string> ready_names(const std::vector<const Pod*>& pods) {
    std::vector<std::string> names;
    for (const auto* pod : pods) {
        if (pod->ready) {
            names.push_back(pod->meta.name);
        }
    }
    return names;
}

/// Stable's pods, as long as they run what was there before.
std::vector<std::string> pods_beside(const Plan& plan, const World& world) {
    const auto next = pods_of_next(plan, world);
    auto pods = pods_of_slot(plan, world, Slot::stable);
    std::erase_if(pods, [&](const Pod* pod) { return std::ranges::count(next, pod) > 0; });
    return ready_names(pods);
}

Cause cause_of_gate(
    const std::string& gate,
    const gates::Ruling& ruling,
    const Verdict& verdict,
    const std::string& stage
) {
    Cause cause;
    cause.kind = "gate";
    cause.subject = gate;
    cause.stage = stage;
    cause.measured = verdict.measured;
    cause.limit = verdict.limit;
    const bool is_bad = verdict.answer == Answer::fail;
    const auto limit = is_bad ? " > limit " + verdict.limit : std::string(", nobody can tell");
    cause.headline =
        gate + ": " + verdict.measured + limit + ", " + ruling.why + "; " + verdict.reason;
    return cause;
}

/// What the plan asks for, with the port that the pods themselves name.
GateQuestion question_of(const Plan& plan, const GateSettings& settings) {
    auto question = settings.question;
    if (auto* http = std::get_if<HttpQuestion>(&question); http != nullptr && http->port == 0) {
        http->port = first_port(plan.release.pod_template, plan.container);
    }
    return question;
}

std::unique_ptr<gates::Gate> make_gate(
    const Ports& ports, const Plan& plan, const std::string& name
) {
    if (name == version_gate && plan.version_probe) {
        return std::make_unique<gates::VersionGate>(
            ports.cluster, *plan.version_probe, plan.release.tag
        );
    }
    const auto found = plan.gates.find(name);
    const auto settings = found == plan.gates.end() ? GateSettings{} : found->second;
    const gates::Sources sources{
        ports.cluster,
        ports.store,
        ports.clock,
        ports.outside,
        plan.metrics.value_or(MetricsSource{}),
    };
    return gates::make_gate(question_of(plan, settings), sources);
}

/// Owns what it asks, since it may be called off later than the run has ended.
Task<Verdict> ask_beside(std::shared_ptr<gates::Gate> gate, gates::Subjects subjects) {
    auto verdict = co_await gate->sample(subjects);
    co_return verdict;
}

}  // namespace

Placeholders names_of(const Plan& plan) {
    return {
        {"app", plan.target.app},
        {"env", plan.target.environment},
        {"namespace", plan.target.kube_namespace},
        {"version", plan.release.tag},
        {"previous_version", version_text(read_image(plan.release.previous_image))},
        {"image", plan.release.image},
    };
}

Value workload_to_be(const Plan& plan) {
    auto workload = plan.snapshot.workload;
    if (workload.is_object()) {
        workload.set("/spec/template", plan.release.pod_template);
    }
    return whole_manifest(std::move(workload));
}

Value whole_manifest(Value workload) {
    if (workload.is_object()) {
        const auto& kind = info(Kind::deployment);
        workload.set("/apiVersion", kind.api_version);  // in a list neither is told
        workload.set("/kind", kind.name);
        workload.erase("/metadata/managedFields");
        workload.erase("/status");
        workload.erase("/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration");
    }
    return workload;
}

GateWatch::GateWatch(const Ports& ports, const Plan& plan, Journal& journal)
    : ports_(ports),
      plan_(plan),
      journal_(journal),
      names_(names_of(plan)),
      workload_(workload_to_be(plan)) {}

const GateSettings& GateWatch::settings_of(const std::string& name) const {
    static const GateSettings usual;
    const auto found = plan_.gates.find(name);
    return found == plan_.gates.end() ? usual : found->second;
}

const GatePolicy& GateWatch::policy_of(const std::string& name) const {
    return settings_of(name).policy;
}

Duration GateWatch::ask_anew(const GateOrder& order) {
    Duration slowest{};
    for (const auto& name : order.must_pass) {
        auto& run = runs_[name];
        run.tally = {};
        run.ruling = {};
        run.due = order.since + policy_of(name).initial_delay;
        run.pending.reset();
        const auto& [policy, question] = settings_of(name);
        const auto one =
            policy.initial_delay + policy.every + longest_sample(question) - longest_gate_sample;
        slowest =
            std::max(slowest, one + (needs_traffic(question) ? policy.hold_at_most : Duration{}));
    }
    return slowest;
}

Task<std::optional<Outcome>> GateWatch::ask(
    const GateOrder* order, const World* world, Duration at_most
) {
    auto names = order->step.gates;
    names.insert(names.end(), order->must_pass.begin(), order->must_pass.end());
    std::ranges::sort(names);
    const auto rest = std::ranges::unique(names);
    names.erase(rest.begin(), rest.end());
    std::ranges::stable_sort(names, {}, [&](const auto& name) { return runs_[name].due; });
    const auto begun = ports_.clock.boot_time();
    for (const auto& name : names) {
        const auto now = ports_.clock.boot_time();
        if (now - begun > at_most) {
            break;  // what hangs: signals, lease and health come before the next gate
        }
        const auto earliest = order->since + policy_of(name).initial_delay;
        if (runs_[name].due <= now && earliest <= now) {
            auto ended = co_await ask_one(order, name, world);
            if (ended) {
                co_return ended;
            }
        }
    }
    co_return std::nullopt;
}

/// Another runner may have asked it before: what it was told then counts.
Task<> GateWatch::prepare(std::string name) {
    auto& run = runs_[name];
    run.gate = make_gate(ports_, plan_, name);
    if (!run.gate->remembers()) {
        co_return;
    }
    const auto id = journal_.record().id;
    const auto events = co_await ports_.store.events(id, 0);
    for (const auto& event : events) {
        if (event.type == evaluated && event.data.text("/gate") == name) {
            run.gate->recall(event.data.at("/evidence"));
        }
    }
}

gates::Subjects GateWatch::subjects_of(const GateOrder& order, const World& world) const {
    gates::Subjects subjects;
    if (order.step.stage == before_stage) {
        subjects.candidate = ready_names(pods_of_slot(plan_, world, Slot::stable));
    } else {
        subjects.candidate = ready_names(pods_of_next(plan_, world));
        subjects.stable = pods_beside(plan_, world);
    }
    subjects.names = names_;
    subjects.workload = workload_;
    subjects.at = ports_.clock.boot_time();
    subjects.since = order.since;
    return subjects;
}

gates::Ruling GateWatch::rule(const GateOrder& order, const std::string& name, const Run& run)
    const {
    const bool is_waited_for = std::ranges::count(order.must_pass, name) > 0;
    const auto& policy = policy_of(name);
    return is_waited_for
               ? gates::rule_at_end(run.tally, policy, ports_.clock.boot_time() - order.since)
               : gates::rule(run.tally, policy);
}

Task<std::optional<Verdict>> GateWatch::take_answer(Run* run) {
    const bool has_ended = co_await run->pending->has_ended();
    if (!has_ended) {
        run->due = ports_.clock.boot_time() + errand_interval;
        co_return std::nullopt;
    }
    const Errand ended = std::move(*run->pending);
    run->pending.reset();  // also where what went wrong is thrown
    co_return ended.result();
}

void GateWatch::call_off() {
    for (auto& [name, run] : runs_) {
        if (run.pending) {
            run.pending.reset();
            run.due = ports_.clock.boot_time();
        }
    }
}

/// Nothing where it is on its way, or nobody is there to ask: why, and for how long, is health's
/// question.
Task<std::optional<Verdict>> GateWatch::sample(
    const GateOrder* order, std::string name, const World* world
) {
    auto& run = runs_[name];
    Run* const asked = &run;
    if (run.pending) {
        auto answer = co_await take_answer(asked);
        co_return answer;
    }
    const auto subjects = subjects_of(*order, *world);
    const auto& question = settings_of(name).question;
    if (subjects.candidate.empty() && asks_about_pods(question)) {
        run.due = subjects.at + look_again;
        co_return std::nullopt;
    }
    if (!run.gate) {
        co_await prepare(name);
    }
    if (asks_outside(question)) {
        const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
        auto task = ask_beside(run.gate, subjects);
        run.pending.emplace(executor, std::move(task));
        auto answer = co_await take_answer(asked);
        co_return answer;
    }
    const auto verdict = co_await run.gate->sample(subjects);
    co_return verdict;
}

Task<std::optional<Outcome>> GateWatch::ask_one(
    const GateOrder* order, std::string name, const World* world
) {
    const auto verdict = co_await sample(order, name, world);
    if (!verdict) {
        co_return std::nullopt;
    }
    auto outcome = co_await heed(order, name, world, *verdict);
    co_return outcome;
}

Task<std::optional<Outcome>> GateWatch::heed(
    const GateOrder* order, std::string name, const World* world, Verdict verdict
) {
    auto& run = runs_[name];
    const auto& policy = policy_of(name);
    run.due = ports_.clock.boot_time() + policy.every;
    run.tally = gates::after(run.tally, verdict.answer);
    run.ruling = rule(*order, name, run);
    run.last = name + " " + to_text(verdict.answer) +
               (verdict.measured.empty() ? "" : ", " + verdict.measured);
    Entry entry = GateEvaluated{
        journal_.record().step, name, verdict, run.tally.good_in_a_row, run.tally.bad_in_a_row
    };
    co_await journal_.write(entry);
    const bool is_trouble = run.ruling.decision == gates::Decision::failed ||
                            run.ruling.decision == gates::Decision::cannot_tell;
    if (!is_trouble || !gates::decides(policy)) {
        co_return std::nullopt;
    }
    const auto cause = cause_of_gate(name, run.ruling, verdict, order->step.stage);
    Outcome outcome;
    outcome.end = run.ruling.decision == gates::Decision::failed ? Outcome::End::failed
                                                                 : Outcome::End::cannot_tell;
    outcome.on_failure = policy.on_fail == OnGateFail::hold ? OnFailure::hold : plan_.on_failure;
    outcome.cause = co_await with_evidence(ports_.cluster, ports_.clock, *world, plan_, cause);
    co_return outcome;
}

/// One that decides nothing is not waited for.
bool GateWatch::all_passed(const std::vector<std::string>& names) const {
    return std::ranges::all_of(names, [&](const std::string& name) {
        return !gates::decides(policy_of(name)) ||
               runs_.at(name).ruling.decision == gates::Decision::passed;
    });
}

int GateWatch::passes_so_far(const std::vector<std::string>& names) const {
    int passes = 0;
    for (const auto& name : names) {
        passes += std::min(runs_.at(name).tally.good_in_a_row, policy_of(name).pass_after);
    }
    return passes;
}

std::optional<BootTime> GateWatch::due(const std::vector<std::string>& names) const {
    std::optional<BootTime> next;
    for (const auto& name : names) {
        const auto at = runs_.at(name).due;
        next = next ? std::min(*next, at) : at;
    }
    return next;
}

std::vector<std::string> GateWatch::last_answers() const {
    std::vector<std::string> answers;
    for (const auto& [name, run] : runs_) {
        if (!run.last.empty()) {
            answers.push_back(run.last);
        }
    }
    return answers;
}

}  // namespace deployctl::engine
