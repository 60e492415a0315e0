// SPDX-License-Identifier: Apache-2.0
#include "simcluster/sim_cluster.hpp"

#include "model/error.hpp"
#include "model/text.hpp"
#include "simcluster/admission.hpp"
#include "simcluster/api_server.hpp"
#include "simcluster/autoscalers.hpp"
#include "simcluster/deployments.hpp"
#include "simcluster/endpoints.hpp"
#include "simcluster/kubelet.hpp"
#include "simcluster/notices.hpp"
#include "simcluster/pod_answers.hpp"
#include "simcluster/quotas.hpp"
#include "simcluster/replica_sets.hpp"
#include "simcluster/scaled_objects.hpp"
#include "simcluster/world_reader.hpp"

#include <algorithm>

namespace deployctl::simcluster {

namespace {

constexpr auto cluster_uid = "5a1c0000-0000-4000-8000-00000000c105";
constexpr auto shop = "shop";

Kind kind_named(const std::string& name) {
    for (int index = 0; index < static_cast<int>(Kind::other); ++index) {
        const auto kind = static_cast<Kind>(index);
        if (name == info(kind).name) {
            return kind;
        }
    }
    throw std::logic_error("the fake cluster knows no kind " + name);
}

bool is_allowed(const ApiServer& server, const Permission& permission) {
    const auto& [verb, group, resource, reach] = permission;
    return server.allows(verb, resource) &&
           (reach == Reach::own_namespace || server.allows(verb, resource + " everywhere"));
}

}  // namespace

struct SimCluster::Parts {
    Parts(VirtualClock& the_clock, Pace the_pace, std::string kube_namespace)
        : clock(the_clock),
          pace(the_pace),
          objects(the_clock),
          sim{clock, objects, pace, std::move(kube_namespace)} {
        objects.subscribe([this](const ObjectChange& change) {
            deployments.note(change);
            replica_sets.note(change);
            kubelet.note(change);
            endpoints.note(change);
            autoscalers.note(change);
            scaled_objects.note(change);
            quotas.note(change);
            watches.note(change);
            if (is_shown(change.ref.kind)) {
                reader.mark(change.ref);
                tell_observers();
            }
        });
    }

    void tell_observers() {
        if (observers.empty()) {
            return;
        }
        const auto& world = reader.world();
        for (const auto& observer : observers) {
            observer(world);
        }
    }

    VirtualClock& clock;
    Pace pace;
    ObjectTable objects;
    Sim sim;
    BehaviourTable behaviours;
    Notices notices{sim};
    ApiServer server{sim};
    Deployments deployments{sim};
    ReplicaSets replica_sets{sim};
    Kubelet kubelet{sim, behaviours, notices};
    Endpoints endpoints{sim};
    Autoscalers autoscalers{sim};
    ScaledObjects scaled_objects{sim};
    Quotas quotas{sim};
    PodAnswers answers{sim, behaviours};
    WorldReader reader{sim};       ///< the truth, for tests
    Watches watches{sim, reader};  ///< what the engine sees of it
    std::vector<std::function<void(const World&)>> observers;
};

SimCluster::SimCluster(VirtualClock& clock, Pace pace, std::string kube_namespace)
    : parts_(std::make_unique<Parts>(clock, pace, std::move(kube_namespace))) {
    Value system;
    parts_->objects.insert({Kind::kube_namespace, "", "kube-system"}, system);
}

SimCluster::~SimCluster() = default;

SimCluster& SimCluster::add(const Value& object) {
    const auto kind = kind_named(object.text("/kind"));
    const auto ref = ref_to(kind, object.text("/metadata/name"));
    auto made = with_defaults(kind, object);
    if (const auto why = refusal_of(kind, Value(), made); !why.empty()) {
        throw std::logic_error(why);
    }
    parts_->objects.insert(ref, std::move(made));
    return *this;
}

SimCluster& SimCluster::copy(Kind kind, const Value& object) {
    auto made = with_defaults(kind, object);
    for (const auto* place :
         {"/status",
          "/metadata/managedFields",
          "/metadata/ownerReferences",
          "/metadata/finalizers",
          "/metadata/deletionTimestamp"}) {
        if (made.has(place)) {
            made.erase(place);
        }
    }
    parts_->objects.insert(ref_to(kind, object.text("/metadata/name")), std::move(made));
    return *this;
}

ObjectRef SimCluster::ref_to(Kind kind, const std::string& name) const {
    const bool has_none = kind == Kind::node || kind == Kind::kube_namespace;
    return {kind, has_none ? "" : parts_->sim.kube_namespace, name};
}

void SimCluster::edit(const ObjectRef& ref, const std::function<void(Value&)>& change) {
    const auto* present = parts_->objects.find(ref);
    if (present == nullptr) {
        throw std::out_of_range(to_text(ref));
    }
    auto next = *present;
    change(next);
    parts_->objects.replace(ref, std::move(next));
}

void SimCluster::erase(const ObjectRef& ref) {
    if (ref.kind == Kind::pod) {
        delete_pod(parts_->sim, ref);
    } else {
        parts_->objects.erase(ref);
    }
}

SimCluster& SimCluster::behave(const std::string& version, Behaviour behaviour) {
    parts_->behaviours.set(version, std::move(behaviour));
    return *this;
}

SimCluster& SimCluster::turn(const std::string& version, Behaviour behaviour) {
    behave(version, std::move(behaviour));
    std::vector<ObjectRef> affected;
    for (const auto* pod : parts_->objects.all(Kind::pod)) {
        if (version_of(*pod) == version) {
            affected.push_back(ref_of(Kind::pod, *pod));
        }
    }
    for (const auto& ref : affected) {
        parts_->kubelet.upset(ref);
    }
    return *this;
}

void SimCluster::autoscaler_wants(const std::string& name, int replicas) {
    parts_->autoscalers.want(ref_to(Kind::autoscaler, name), replicas);
}

void SimCluster::forbid(const std::string& verb, const std::string& resource) {
    parts_->server.forbid(verb, resource);
}

SimCluster& SimCluster::settle() {
    parts_->clock.advance(seconds(10));
    return *this;
}

const World& SimCluster::world() {
    return parts_->reader.world();
}

Value SimCluster::object(const ObjectRef& ref) const {
    const auto* found = parts_->objects.find(ref);
    return found == nullptr ? Value() : *found;
}

const std::vector<WriteRecord>& SimCluster::writes() const {
    return parts_->server.writes();
}

std::string SimCluster::writes_text() const {
    return to_text(parts_->server.writes());
}

void SimCluster::forget_writes() {
    parts_->server.forget_writes();
}

void SimCluster::watch(std::function<void(const World&)> observer) {
    parts_->observers.push_back(std::move(observer));
}

Task<ClusterIdentity> SimCluster::identify() {
    parts_->clock.advance(parts_->pace.request);
    co_return ClusterIdentity{cluster_uid, "v1.35.4"};
}

Task<std::optional<Value>> SimCluster::get(ObjectRef ref) {
    parts_->clock.advance(parts_->pace.request);
    if (!parts_->server.allows("get", info(ref.kind).plural)) {
        throw Error(ExitCode::blocked, "no permission to read " + to_text(ref));
    }
    const auto* found = parts_->objects.find(ref);
    if (found == nullptr) {
        co_return std::nullopt;
    }
    co_return *found;
}

/// As the real one tells lists: a few hundred at a time.
Task<ListPage> SimCluster::list(ListQuery query) {
    constexpr std::size_t page_size = 500;
    parts_->clock.advance(parts_->pace.request);
    const auto* const plural = info(query.kind).plural;
    if (!is_allowed(parts_->server, {"list", "", plural, query.reach})) {
        throw Error(ExitCode::blocked, std::string("no permission to read ") + plural);
    }
    const auto all = parts_->objects.all(query.kind);
    const auto begin = static_cast<std::size_t>(whole_number(query.after).value_or(0));
    const auto end = std::min(all.size(), begin + page_size);
    ListPage page;
    for (auto index = begin; index < end; ++index) {
        page.items.push_back(*all[index]);
    }
    page.next = end < all.size() ? std::to_string(end) : "";
    co_return page;
}

Task<WriteReply> SimCluster::patch(ObjectRef ref, JsonPatch changes) {
    parts_->clock.advance(parts_->pace.request);
    co_return parts_->server.patch(ref, changes);
}

Task<WriteReply> SimCluster::rehearse(ObjectRef ref, JsonPatch changes) {
    parts_->clock.advance(parts_->pace.request);
    co_return parts_->server.rehearse(ref, changes);
}

Task<WriteReply> SimCluster::create(ObjectRef ref, Value object) {
    parts_->clock.advance(parts_->pace.request);
    co_return parts_->server.create(ref, object);
}

Task<WriteReply> SimCluster::remove(ObjectRef ref, std::string uid, std::string resource_version) {
    parts_->clock.advance(parts_->pace.request);
    co_return parts_->server.remove(ref, uid, resource_version);
}

Task<World> SimCluster::look() {
    co_return parts_->watches.look();
}

Task<> SimCluster::wait_for_change(Duration at_most) {
    auto& clock = parts_->clock;
    const auto until = clock.elapsed() + at_most;
    while (!parts_->watches.has_news() && clock.elapsed() < until) {
        clock.advance_to_next(until - clock.elapsed());
    }
    co_return;
}

Task<std::vector<std::string>> SimCluster::log(LogQuery query) {
    parts_->clock.advance(parts_->pace.request);
    if (!parts_->server.allows("get", "pods/log")) {
        throw Error(
            ExitCode::blocked,
            "no permission to read the log of " + query.pod + ": pods \"" + query.pod +
                "\" is forbidden: User \"ci\" cannot get resource \"pods/log\"",
            "a Role has to grant it"
        );
    }
    parts_->clock.advance(std::min(parts_->answers.log_delay(query), query.timeout));
    co_return parts_->answers.log(query);
}

/// All begin in the same moment; it takes as long as the slowest.
Task<std::vector<PodAnswer>> SimCluster::ask_pods(std::vector<PodRequest> requests) {
    auto answers = parts_->answers.ask(requests);
    Duration slowest{};
    for (const auto& answer : answers) {
        slowest = std::max(slowest, answer.took);
    }
    parts_->clock.advance(slowest);
    co_return answers;
}

Task<std::vector<Permission>> SimCluster::missing_permissions(std::vector<Permission> wanted) {
    parts_->clock.advance(parts_->pace.request);
    std::erase_if(wanted, [&](const Permission& permission) {
        return is_allowed(parts_->server, permission);
    });
    co_return wanted;
}

ObjectRef in_shop(Kind kind, const std::string& name) {
    return {kind, kind == Kind::node || kind == Kind::kube_namespace ? "" : shop, name};
}

}  // namespace deployctl::simcluster
