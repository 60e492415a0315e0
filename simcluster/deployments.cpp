// SPDX-License-Identifier: Apache-2.0
#include "simcluster/deployments.hpp"

#include "documents/json.hpp"
#include "model/kubernetes/workload.hpp"
#include "simcluster/deployment_status.hpp"
#include "simcluster/rolling_update.hpp"

#include <algorithm>

namespace deployctl::simcluster {

namespace {

constexpr auto revision = "deployment.kubernetes.io/revision";
constexpr auto desired_replicas = "deployment.kubernetes.io/desired-replicas";
constexpr auto hash_label = "pod-template-hash";

int wanted(const Value& set) {
    return static_cast<int>(set.number("/spec/replicas"));
}

SetSize size_of(const Value& set) {
    return {wanted(set), static_cast<int>(set.number("/status/availableReplicas"))};
}

std::int64_t revision_of(const Value& object) {
    const auto text = annotation_of(object, revision).text("");
    return text.empty() ? 0 : std::stoll(text);
}

/// Whether the set's template is this one, but for the label that its controller added.
bool is_of_template(const Value& set, const Value& pod_template) {
    const auto& own = set.at("/spec/template");
    const auto& labels = own.members("/metadata/labels");
    const auto& wanted_labels = pod_template.members("/metadata/labels");
    const bool same_labels = labels.size() == wanted_labels.size() + 1 &&
                             std::ranges::all_of(wanted_labels, [&](const auto& label) {
                                 const auto found = labels.find(label.first);
                                 return found != labels.end() && found->second == label.second;
                             });
    return same_labels && own.at("/spec") == pod_template.at("/spec") &&
           own.at("/metadata/annotations") == pod_template.at("/metadata/annotations");
}

/// Resized since its controller last touched a set that still has pods.
bool is_resized(const Value& deployment, const std::vector<Value>& sets) {
    const auto replicas = std::to_string(deployment.number("/spec/replicas", 1));
    return std::ranges::any_of(sets, [&](const Value& set) {
        const auto& desired = annotation_of(set, desired_replicas);
        return wanted(set) > 0 && desired.is_string() && desired.view("") != replicas;
    });
}

/// Where nothing differs the object stays the one that it is.
void annotate(Value& object, std::string_view key, const Value& value) {
    if (annotation_of(object, key) != value) {
        object.set(annotation_pointer(key), value);
    }
}

/// The Deployment's annotations stand on its sets as well, except those of kubectl and of the
/// controller.
void copy_annotations(const Value& deployment, Value& set) {
    for (const auto& [key, value] : deployment.members("/metadata/annotations")) {
        const bool is_own =
            key == revision || key == "kubectl.kubernetes.io/last-applied-configuration";
        if (!is_own) {
            annotate(set, key, value);
        }
    }
}

}  // namespace

std::string template_hash(const Value& pod_template) {
    return documents::sha256_hex(documents::write_json(pod_template)).substr(0, 10);
}

Deployments::Deployments(Sim sim)
    : sim_(sim),
      queue_(sim.clock, [this](const ObjectRef& ref) { sync(ref); }),
      deadlines_(sim.clock, [this](const ObjectRef& ref) { sync(ref); }) {}

void Deployments::note(const ObjectChange& change) {
    if (change.ref.kind == Kind::deployment) {
        queue_.add(change.ref, sim_.pace.controller);
    }
    if (change.ref.kind == Kind::replica_set) {
        const auto& set = change.after == nullptr ? *change.before : *change.after;
        const auto owner = set.text("/metadata/ownerReferences/0/name");
        queue_.add({Kind::deployment, change.ref.kube_namespace, owner}, sim_.pace.controller);
    }
}

Deployments::Scene Deployments::look(const ObjectRef& ref) const {
    Scene scene;
    scene.deployment = *sim_.objects.find(ref);
    for (const auto* set :
         sim_.objects.owned_by(Kind::replica_set, scene.deployment.text("/metadata/uid"))) {
        scene.sets.push_back(*set);
    }
    std::ranges::stable_sort(scene.sets, [](const Value& left, const Value& right) {
        return revision_of(left) < revision_of(right);
    });
    const auto& wanted_template = scene.deployment.at("/spec/template");
    for (std::size_t index = 0; index < scene.sets.size(); ++index) {
        if (is_of_template(scene.sets[index], wanted_template)) {
            scene.newest = static_cast<int>(index);
        }
    }
    return scene;
}

void Deployments::sync(const ObjectRef& ref) {
    if (sim_.objects.find(ref) == nullptr) {
        return;
    }
    auto scene = look(ref);
    auto seen = sim_.objects.revision();
    const auto look_again = [&] {
        if (sim_.objects.revision() != seen) {
            scene = look(ref);
            seen = sim_.objects.revision();
        }
    };
    if (is_resized(scene.deployment, scene.sets)) {
        resize(scene);  // before a new template is looked at, as the real one does
    } else if (!scene.deployment.flag("/spec/paused")) {
        make_newest(scene);
        look_again();
        if (scene.deployment.view("/spec/strategy/type") == "Recreate") {
            recreate(scene);
        } else {
            roll(scene);
        }
    }
    look_again();
    write_status(ref, scene);
}

void Deployments::make_newest(Scene& scene) {
    const auto& deployment = scene.deployment;
    const auto highest = scene.sets.empty() ? 0 : revision_of(scene.sets.back());
    if (scene.newest >= 0) {
        const auto& set = scene.sets[static_cast<std::size_t>(scene.newest)];
        auto next = set;
        copy_annotations(deployment, next);
        if (revision_of(set) < highest) {
            annotate(next, revision, std::to_string(highest + 1));
        }
        sim_.objects.replace(ref_of(Kind::replica_set, set), std::move(next));
        return;
    }
    const auto hash = template_hash(deployment.at("/spec/template"));
    const auto name = deployment.text("/metadata/name") + "-" + hash;
    Value set;
    set.set("/metadata/labels", deployment.at("/spec/template/metadata/labels"));
    set.set("/metadata/labels/pod-template-hash", hash);
    copy_annotations(deployment, set);
    annotate(set, revision, std::to_string(highest + 1));
    set.set("/metadata/ownerReferences", Value::list({owner_reference(deployment)}));
    set.set("/spec/selector", deployment.at("/spec/selector"));
    set.set("/spec/selector/matchLabels/pod-template-hash", hash);
    set.set("/spec/template", deployment.at("/spec/template"));
    set.set(std::string("/spec/template/metadata/labels/") + hash_label, hash);
    set.set("/spec/minReadySeconds", deployment.number("/spec/minReadySeconds"));
    set.set("/spec/replicas", 0);
    sim_.objects.insert(
        {Kind::replica_set, deployment.text("/metadata/namespace"), name}, std::move(set)
    );
}

void Deployments::scale(Scene& scene, std::size_t index, int replicas) {
    auto next = scene.sets[index];
    next.set("/spec/replicas", replicas);
    annotate(next, desired_replicas, std::to_string(scene.deployment.number("/spec/replicas", 1)));
    sim_.objects.replace(ref_of(Kind::replica_set, next), next);
    scene.sets[index] = std::move(next);
}

void Deployments::resize(Scene& scene) {
    const auto limits = read_rolling_limits(scene.deployment);
    std::vector<std::size_t> active;
    std::vector<int> sizes;
    for (std::size_t index = 0; index < scene.sets.size(); ++index) {
        if (wanted(scene.sets[index]) > 0) {
            active.push_back(index);
            sizes.push_back(wanted(scene.sets[index]));
        }
    }
    const bool is_single = active.size() == 1;
    const auto allowed =
        limits.replicas + (is_single || limits.replicas == 0 ? 0 : limits.max_surge);
    sizes = resized(allowed, std::move(sizes));
    for (std::size_t place = 0; place < active.size(); ++place) {
        scale(scene, active[place], sizes[place]);
    }
}

void Deployments::roll(Scene& scene) {
    const auto limits = read_rolling_limits(scene.deployment);
    const auto newest = static_cast<std::size_t>(scene.newest);
    const auto newest_size = size_of(scene.sets[newest]);
    std::vector<SetSize> olds;
    std::vector<std::size_t> places;
    for (std::size_t index = 0; index < scene.sets.size(); ++index) {
        if (index != newest && wanted(scene.sets[index]) > 0) {
            olds.push_back(size_of(scene.sets[index]));
            places.push_back(index);
        }
    }
    const auto next = next_size_of_new(limits, newest_size, olds);
    if (next != newest_size.replicas) {
        scale(scene, newest, next);
        return;  // the old ones are looked at when the change of this one comes by
    }
    const auto sizes = next_sizes_of_old(limits, newest_size, olds);
    for (std::size_t place = 0; place < places.size(); ++place) {
        if (sizes[place] != olds[place].replicas) {
            scale(scene, places[place], sizes[place]);
        }
    }
}

void Deployments::recreate(Scene& scene) {
    const auto newest = static_cast<std::size_t>(scene.newest);
    bool is_empty = true;
    for (std::size_t index = 0; index < scene.sets.size(); ++index) {
        if (index == newest) {
            continue;
        }
        const auto uid = scene.sets[index].text("/metadata/uid");
        is_empty = is_empty && sim_.objects.owned_by(Kind::pod, uid).empty();
        if (wanted(scene.sets[index]) > 0) {
            scale(scene, index, 0);
        }
    }
    const auto replicas = static_cast<int>(scene.deployment.number("/spec/replicas", 1));
    if (is_empty && wanted(scene.sets[newest]) != replicas) {
        scale(scene, newest, replicas);
    }
    if (!is_empty) {
        queue_.add(ref_of(Kind::deployment, scene.deployment), milliseconds(200));
    }
}

void Deployments::write_status(const ObjectRef& ref, const Scene& scene) {
    const Value* newest =
        scene.newest < 0 ? nullptr : &scene.sets[static_cast<std::size_t>(scene.newest)];
    auto next = scene.deployment;
    if (newest != nullptr) {
        annotate(next, revision, annotation_of(*newest, revision));
    }
    const auto status = deployment_status(next, scene.sets, newest, sim_.clock.server_time());
    if (next.at("/status") != status.value) {
        next.set("/status", status.value);
    }
    sim_.objects.replace(ref, std::move(next));
    if (status.deadline > Duration{}) {
        deadlines_.add(ref, status.deadline);
    }
}

}  // namespace deployctl::simcluster
