// SPDX-License-Identifier: Apache-2.0
#include "engine/gate_watch.hpp"

#include "engine/approving.hpp"
#include "engine/evidence.hpp"
#include "engine/gate_subjects.hpp"
#include "engine/release.hpp"
#include "gates/http_gate.hpp"

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

GateWatch::GateWatch(const Ports& ports, const Plan& plan, Journal& journal)
    : ports_(ports), plan_(plan), journal_(journal), about_(subjects_always(plan)) {}

Duration GateWatch::ask_anew(const GateOrder& order) {
    Duration slowest{};
    for (const auto& name : order.must_pass) {
        auto& run = runs_[name];
        run.tally = {};
        run.ruling = {};
        run.due = order.since + policy_of(name).initial_delay;
        const auto& [policy, question] = settings_of(name);
        const auto one =
            policy.initial_delay + policy.every + longest_sample(question) - longest_gate_sample;
        slowest =
            std::max(slowest, one + (needs_traffic(question) ? policy.hold_at_most : Duration{}));
    }
    return slowest;
}

/// What is answered at once goes into the journal together: first what is asked beyond the cluster,
/// so that nothing of it is lost where the cluster cannot be read.
Task<std::optional<Outcome>> GateWatch::ask(
    const GateOrder* order, const World* world, Duration at_most
) {
    const auto until = ports_.clock.boot_time() + at_most;
    const auto groups = outside_first(longest_due_first(*order));
    for (const auto& names : groups) {
        const auto answers = co_await collect(order, world, names, until);
        auto outcome = co_await heed_all(order, world, answers);
        if (outcome) {
            co_return outcome;
        }
    }
    co_return std::nullopt;
}

std::vector<std::string> GateWatch::longest_due_first(const GateOrder& order) {
    auto names = order.step.gates;
    names.insert(names.end(), order.must_pass.begin(), order.must_pass.end());
    std::ranges::sort(names);
    const auto rest = std::ranges::unique(names);
    names.erase(rest.begin(), rest.end());
    std::ranges::stable_sort(names, {}, [&](const auto& name) { return runs_[name].due; });
    return names;
}

std::array<std::vector<std::string>, 2> GateWatch::outside_first(std::vector<std::string> names
) const {
    const auto inside = std::ranges::stable_partition(names, [&](const std::string& name) {
        return asks_outside(settings_of(name).question);
    });
    return {{{names.begin(), inside.begin()}, {inside.begin(), inside.end()}}};
}

Task<std::vector<GateWatch::Answered>> GateWatch::collect(
    const GateOrder* order, const World* world, std::vector<std::string> names, BootTime until
) {
    std::vector<Answered> answers;
    for (const auto& name : names) {
        const auto now = ports_.clock.boot_time();
        if (now > until) {
            break;  // what hangs: signals, lease and health come before the next gate
        }
        const auto earliest = order->since + policy_of(name).initial_delay;
        if (runs_[name].due <= now && earliest <= now) {
            auto verdict = co_await sample(order, name, world);
            if (!verdict) {
                verdict = out_of_time(*order, name);
            }
            if (verdict) {
                answers.push_back({name, std::move(*verdict)});
            }
        }
    }
    co_return answers;
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

/// Since when the step waits for this gate alone, as of now; to the millisecond, as it is told.
std::optional<Duration> GateWatch::waited(const GateOrder& order, const std::string& name) const {
    const bool is_waited_for = std::ranges::count(order.must_pass, name) > 0;
    const auto so_far = ports_.clock.boot_time() - order.since;
    return is_waited_for ? std::optional<Duration>(std::chrono::duration_cast<milliseconds>(so_far))
                         : std::nullopt;
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

/// What decides nothing holds nothing up for longer than one answer may take.
std::optional<Verdict> GateWatch::out_of_time(const GateOrder& order, const std::string& name)
    const {
    const auto& [policy, question] = settings_of(name);
    const auto at_most = longest_sample(question);
    const auto so_far = waited(order, name);
    if (gates::decides(policy) || is_heard(order, name) ||
        so_far.value_or(Duration{}) <= policy.initial_delay + at_most) {
        return std::nullopt;
    }
    return gates::no_answer(
        "no answer in time",
        "nothing within " + to_short_text(at_most) + ", and it decides nothing: the step goes on"
    );
}

GateEvaluated GateWatch::left_over(const std::string& name, const Verdict& verdict) {
    const auto& run = runs_.at(name);
    const auto& tally = run.tally;
    return {
        run.asked_in,
        name,
        verdict,
        tally.good_in_a_row,
        tally.bad_in_a_row,
        {tally.errors_in_a_row,
         tally.inconclusive_in_a_row,
         std::nullopt,
         std::string(gates::not_counted)},
    };
}

Task<> GateWatch::call_off() {
    std::vector<Entry> left;
    for (auto& [name, run] : runs_) {
        if (!run.pending) {
            continue;
        }
        const auto verdict = co_await run.pending->call_off();
        if (verdict) {
            left.emplace_back(left_over(name, *verdict));
        }
        run.pending.reset();
        run.due = ports_.clock.boot_time();
    }
    co_await journal_.write_all(std::move(left));
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
    auto subjects = about_;
    add_pods(subjects, plan_, *world, order->step.stage);
    subjects.at = ports_.clock.boot_time();
    subjects.since = order->since;
    subjects.stage = order->step.stage;
    const auto& question = settings_of(name).question;
    // The sequential test counts from where stable's counters begin, and takes its edges there.
    const bool can_begin =
        std::holds_alternative<AnalysisQuestion>(question) && !subjects.stable.empty();
    if (subjects.candidate.empty() && asks_about_pods(question) && !can_begin) {
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
        run.asked_in = journal_.record().step;
        auto answer = co_await take_answer(asked);
        co_return answer;
    }
    const auto verdict = co_await run.gate->sample(subjects);
    co_return verdict;
}

Entry GateWatch::take(const GateOrder& order, const Answered& answered) {
    const auto& [name, verdict] = answered;
    auto& run = runs_[name];
    const auto& policy = policy_of(name);
    run.due = ports_.clock.boot_time() + policy.every;
    run.heard_in = order.step.stage;
    run.tally = gates::after(run.tally, verdict.answer);
    const bool is_sequential = std::holds_alternative<AnalysisQuestion>(settings_of(name).question);
    const bool is_good = verdict.answer == Answer::pass &&
                         (is_sequential ? verdict.evidence.flag("/surely_good")
                                        : run.tally.good_in_a_row >= policy.pass_after);
    run.good_in = is_good ? std::optional(order.since) : std::nullopt;
    const auto since = waited(order, name);
    run.ruling = gates::rule(run.tally, policy, since);
    const bool has_why = verdict.answer == Answer::error && !verdict.reason.empty();
    run.last = name + " " + to_text(verdict.answer) +
               (verdict.measured.empty() ? "" : ", " + verdict.measured) +
               (has_why ? "; " + verdict.reason : "");
    return GateEvaluated{
        journal_.record().step,
        name,
        verdict,
        run.tally.good_in_a_row,
        run.tally.bad_in_a_row,
        {run.tally.errors_in_a_row,
         run.tally.inconclusive_in_a_row,
         since,
         gates::name_of(run.ruling.decision)},
    };
}

/// The first that decides against it is the cause.
Task<std::optional<Outcome>> GateWatch::heed_all(
    const GateOrder* order, const World* world, std::vector<Answered> answers
) {
    std::vector<Entry> entries;
    for (const auto& answered : answers) {
        entries.push_back(take(*order, answered));
    }
    co_await journal_.write_all(std::move(entries));
    const auto bad = std::ranges::find_if(answers, [&](const Answered& answered) {
        const auto decision = runs_.at(answered.name).ruling.decision;
        const bool is_trouble =
            decision == gates::Decision::failed || decision == gates::Decision::cannot_tell;
        return is_trouble && gates::decides(policy_of(answered.name));
    });
    if (bad == answers.end()) {
        co_return std::nullopt;
    }
    const auto& policy = policy_of(bad->name);
    const auto& ruling = runs_.at(bad->name).ruling;
    const auto cause = cause_of_gate(bad->name, ruling, bad->verdict, order->step.stage);
    Outcome outcome;
    outcome.end = ruling.decision == gates::Decision::failed ? Outcome::End::failed
                                                             : Outcome::End::cannot_tell;
    outcome.on_failure = policy.on_fail == OnGateFail::hold ? OnFailure::hold : plan_.on_failure;
    outcome.cause = co_await with_evidence(ports_.cluster, ports_.clock, *world, plan_, cause);
    co_return outcome;
}

}  // namespace deployctl::engine
