// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/hooligan.hpp"

#include "engine/cluster_record.hpp"
#include "engine/plan_json.hpp"
#include "simcluster/builders.hpp"
#include "simcluster/run.hpp"

#include <algorithm>
#include <set>

namespace deployctl::tests {

using namespace simcluster;

namespace {

std::unique_ptr<simulation::Theatre> a_theatre(
    StrategyKind strategy,
    const std::string& planted,
    CanaryBaseline baseline,
    simulation::TaskShape tasks
) {
    auto scenario = simulation::plain_scenario();
    scenario.app.strategy = strategy;
    scenario.planted = planted;
    scenario.app.baseline = baseline;
    scenario.app.tasks = tasks;
    return std::make_unique<simulation::Theatre>(scenario, simulation::EventLog::kept);
}

}  // namespace

Hooligan::Hooligan(
    StrategyKind strategy,
    const std::string& planted,
    CanaryBaseline baseline,
    simulation::TaskShape tasks
)
    : theatre_(a_theatre(strategy, planted, baseline, tasks)),
      cluster_(theatre_->scenery),
      store_(theatre_->ground.store(), theatre_->scenery),
      metrics_(theatre_->ground.metrics, theatre_->scenery, "") {
    theatre_->ground.clock.advance(seconds(10));  // every look shows its pods by now
    NewRollout made;
    made.record.id = theatre_->ground.ids.next();
    made.record.target = plan().target;
    made.record.plan_hash = engine::hash_of(plan());
    record_ = run(store_.begin(made)).rollout;
    write(LeaseTaken{epoch, {}});
    change_state(RolloutState::running, Direction::forward);
}

void Hooligan::put_record() {
    const auto ref = engine::record_ref(plan().target, record_.id);
    auto object = engine::make_record(plan(), record_);
    const engine::Fence fence{"web", "11111111", epoch, ++seq};
    object.set(annotation_pointer(mark::fence), engine::to_text(fence));
    write(IntentRecorded{
        "record", direction, 0, EffectVerb::create, ref, "", engine::to_text(fence), ""
    });
    run(cluster_.create(ref, object));
    write(OutcomeRecorded{"record", AttemptState::applied, ""});
}

void Hooligan::write(Entry entry) {
    const auto before = record_.version;
    record_.version = run(store_.append(record_.id, before, {std::move(entry)})).version;
}

void Hooligan::change_state(RolloutState to, Direction way) {
    const auto from = run(store_.find(record_.id))->state;
    write(StateChanged{from, to, way, "", std::nullopt});
}

void Hooligan::intend(const ObjectRef& ref, const std::string& attempt) {
    const engine::Fence fence{"web", "11111111", epoch, seq + 1};
    write(IntentRecorded{
        attempt, direction, 0, EffectVerb::patch, ref, "", engine::to_text(fence), ""
    });
}

void Hooligan::change(const ObjectRef& ref, const JsonPatch& changes) {
    const auto attempt = "attempt-" + std::to_string(++attempts_);
    intend(ref, attempt);
    patch(ref, changes);
    write(OutcomeRecorded{attempt, AttemptState::applied, ""});
}

void Hooligan::patch(const ObjectRef& ref, const JsonPatch& changes) {
    const auto seen = theatre_->ground.cluster.object(ref);
    const engine::Signature signature{{"web", "11111111", epoch, ++seq}, record_.id, 0, direction};
    run(cluster_.patch(ref, engine::fenced(seen, signature, changes)));
}

void Hooligan::hold_lease(const std::string& holder, std::int64_t as_epoch) {
    const auto ref = ObjectRef{Kind::lease, plan().target.kube_namespace, "deployctl-web"};
    Value lease;
    lease.set("/spec/holderIdentity", holder);
    lease.set("/spec/leaseTransitions", as_epoch);
    if (run(cluster_.get(ref))) {
        run(cluster_.patch(ref, {{PatchVerb::replace, "/spec", lease.at("/spec")}}));
    } else {
        lease.set("/metadata/name", ref.name);
        run(cluster_.create(ref, lease));
    }
}

void Hooligan::scale(const std::string& workload, int replicas) {
    change(in_shop(Kind::deployment, workload), {{PatchVerb::replace, "/spec/replicas", replicas}});
}

void Hooligan::select(const Labels& selector) {
    change(
        in_shop(Kind::service, "web"), {{PatchVerb::replace, "/spec/selector", to_value(selector)}}
    );
}

void Hooligan::choose_pods(int count) {
    auto& cluster = theatre_->ground.cluster;
    const auto pods = cluster.world().pods;
    for (const auto& pod : pods) {
        if (count-- > 0) {
            cluster.edit(in_shop(Kind::pod, pod.meta.name), [](Value& one) {
                one.set("/metadata/labels/chosen", "yes");
            });
        }
    }
}

std::string Hooligan::pod_of(const std::string& version) {
    const auto& pods = theatre_->ground.cluster.world().pods;
    const auto one = std::ranges::find_if(pods, [&](const Pod& pod) {
        const auto ref = in_shop(Kind::pod, pod.meta.name);
        return version_of(theatre_->ground.cluster.object(ref)) == version;
    });
    return one->meta.name;
}

void Hooligan::ask(const std::string& version) {
    run(cluster_.ask_pods({PodRequest{pod_of(version), 8080, "/"}}));
}

void Hooligan::measure(const std::string& version) {
    theatre_->ground.clock.advance(seconds(10));  // its source has read the pod since then
    run(metrics_.instant({}, "requests{pod=~\"" + pod_of(version) + "\"}"));
}

void Hooligan::add_candidate(int replicas) {
    theatre_->ground.cluster
        .add(a_deployment("web")
                 .set("/metadata/name", plan().candidate)
                 .image("registry/shop/web:v2")
                 .label("track", "new")
                 .replicas(replicas))
        .settle();
}

void Hooligan::add_baseline() {
    theatre_->ground.cluster
        .add(a_deployment("web")
                 .set("/metadata/name", plan().baseline)
                 .image("registry/shop/web:v1")
                 .label("track", "old")
                 .replicas(0))
        .settle();
}

bool Hooligan::has_broken(const std::string& rule) const {
    for (const auto& violation : theatre_->checker.violations()) {
        if (violation.rule == rule) {
            return true;
        }
    }
    return false;
}

std::string Hooligan::broken() const {
    std::set<std::string> rules;
    for (const auto& violation : theatre_->checker.violations()) {
        rules.insert(violation.rule);
    }
    std::string text;
    for (const auto& rule : rules) {
        text += (text.empty() ? "" : " ") + rule;
    }
    return text;
}

}  // namespace deployctl::tests
