// SPDX-License-Identifier: Apache-2.0
#include "simulation/witness_cluster.hpp"

#include "simcluster/behaviour.hpp"

#include <map>
#include <utility>

namespace deployctl::simulation {

Task<> WitnessCluster::travel() {
    co_await scenery_.turns.pass(runner_);
    scenery_.clock.advance(scenery_.way);
}

WriteSeen WitnessCluster::begin_write(const ObjectRef& ref, EffectVerb verb) {
    ++writes_;
    WriteSeen seen;
    seen.at = scenery_.clock.elapsed();
    seen.ref = ref;
    seen.verb = verb;
    seen.before = scenery_.cluster.object(ref);
    return seen;
}

void WitnessCluster::end_write(WriteSeen seen, const WriteReply& reply) {
    seen.answer = reply.answer;
    if (reply.answer == WriteAnswer::done && seen.verb != EffectVerb::remove) {
        seen.after = reply.object;
    }
    if (scenery_.log) {
        scenery_.log(to_text(seen));
    }
    scenery_.checker.on_write(seen);
}

std::string WitnessCluster::version_of(const std::string& pod) const {
    const auto object = scenery_.cluster.object(scenery_.cluster.ref_to(Kind::pod, pod));
    return object.is_null() ? "" : simcluster::version_of(object);
}

Task<ClusterIdentity> WitnessCluster::identify() {
    co_await travel();
    auto answer = co_await scenery_.cluster.identify();
    co_return answer;
}

Task<std::optional<Value>> WitnessCluster::get(ObjectRef ref) {
    co_await travel();
    auto answer = co_await scenery_.cluster.get(ref);
    co_return answer;
}

Task<ListPage> WitnessCluster::list(ListQuery query) {
    co_await travel();
    auto answer = co_await scenery_.cluster.list(query);
    co_return answer;
}

Task<WriteReply> WitnessCluster::patch(ObjectRef ref, JsonPatch changes) {
    co_await travel();
    auto seen = begin_write(ref, EffectVerb::patch);
    seen.fence = fence_in(changes);
    auto reply = co_await scenery_.cluster.patch(ref, std::move(changes));
    end_write(std::move(seen), reply);
    co_return reply;
}

Task<WriteReply> WitnessCluster::rehearse(ObjectRef ref, JsonPatch changes) {
    co_await travel();
    auto reply = co_await scenery_.cluster.rehearse(ref, changes);
    co_return reply;
}

Task<WriteReply> WitnessCluster::create(ObjectRef ref, Value object) {
    co_await travel();
    auto seen = begin_write(ref, EffectVerb::create);
    seen.fence = engine::fence_text_of(object);
    auto reply = co_await scenery_.cluster.create(ref, object);
    end_write(std::move(seen), reply);
    co_return reply;
}

Task<WriteReply> WitnessCluster::remove(
    ObjectRef ref, std::string uid, std::string resource_version
) {
    co_await travel();
    auto seen = begin_write(ref, EffectVerb::remove);
    auto reply = co_await scenery_.cluster.remove(ref, uid, resource_version);
    end_write(std::move(seen), reply);
    co_return reply;
}

Task<World> WitnessCluster::look() {
    co_await scenery_.turns.pass(runner_);
    auto world = co_await scenery_.cluster.look();
    scenery_.turns.has_looked(runner_);
    if (!scenery_.standstill) {
        co_return world;
    }
    const auto& still = *scenery_.standstill;
    const auto now = scenery_.clock.elapsed();
    const bool is_still = seen_ && now < still.until;
    if (is_still && seen_at_ < still.since) {  // its watches went on for as long as they could
        seen_ = still.shown;
        seen_at_ = still.since;
    } else if (!is_still) {
        seen_ = world;
        seen_at_ = now;
    }
    seen_->wall = world.wall;
    seen_->boot = world.boot;
    co_return *seen_;
}

Task<> WitnessCluster::wait_for_change(Duration at_most) {
    co_await scenery_.turns.pass(runner_);
    co_await scenery_.cluster.wait_for_change(at_most);
}

Task<std::vector<std::string>> WitnessCluster::log(LogQuery query) {
    co_await travel();
    auto lines = co_await scenery_.cluster.log(query);
    co_return lines;
}

Task<std::vector<PodAnswer>> WitnessCluster::ask_pods(std::vector<PodRequest> requests) {
    co_await scenery_.turns.pass(runner_);
    const auto asked = scenery_.clock.elapsed();
    std::map<std::string, std::string> by_pod;  // a gate asks the same few again and again
    std::vector<std::string> versions;
    versions.reserve(requests.size());
    for (const auto& request : requests) {
        const auto [known, is_new] = by_pod.try_emplace(request.pod);
        if (is_new) {
            known->second = version_of(request.pod);
        }
        versions.push_back(known->second);
    }
    auto answers = co_await scenery_.cluster.ask_pods(std::move(requests));
    auto& samples = scenery_.testimony.samples[runner_];
    for (std::size_t index = 0; index < versions.size(); ++index) {
        samples.push_back({asked, versions[index], answers[index].status != 0});
    }
    co_return answers;
}

Task<std::vector<Permission>> WitnessCluster::missing_permissions(std::vector<Permission> wanted) {
    co_await travel();
    auto missing = co_await scenery_.cluster.missing_permissions(wanted);
    co_return missing;
}

}  // namespace deployctl::simulation
