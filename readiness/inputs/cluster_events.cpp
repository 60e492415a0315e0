// SPDX-License-Identifier: Apache-2.0
#include "readiness/inputs/cluster_events.hpp"

#include "readiness/live_events.hpp"

#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace deployctl::readiness {

namespace {

/// Which kinds name what they make after themselves, with so many parts more: a pod of a Deployment
/// is "web-5d4f7-x2k8q". The longer name comes first: "web-a-0" is a pod of the StatefulSet
/// "web-a".
struct Naming {
    std::string_view made;
    std::string_view maker;
    int parts;
};

constexpr std::array<Naming, 9> namings = {{
    {"Pod", "StatefulSet", 1},
    {"Pod", "DaemonSet", 1},
    {"Pod", "Job", 1},
    {"Pod", "ReplicaSet", 1},
    {"Pod", "ReplicationController", 1},
    {"Pod", "Deployment", 2},
    {"Pod", "CronJob", 2},
    {"ReplicaSet", "Deployment", 1},
    {"Job", "CronJob", 1},
}};

std::string_view without_parts(std::string_view name, int parts) {
    for (; parts > 0 && !name.empty(); --parts) {
        const auto dash = name.rfind('-');
        name = dash == name.npos ? std::string_view() : name.substr(0, dash);
    }
    return name;
}

/// Objects of the cluster that events may be of, each a subject of its own: what is in a file that
/// cannot be read has no events, and is not asked about them.
class Owners {
public:
    explicit Owners(Facts& facts) {
        for (const auto* const kind : {"workload", "HorizontalPodAutoscaler"}) {
            for (const auto* subject : facts.of(kind)) {
                if (subject->scope->name == live_rendering) {
                    found_.push_back(subject);
                }
            }
        }
        for (const auto* subject : found_) {
            add(*subject, facts);
        }
    }

    const Subject* of(const documents::Node& event) const {
        const auto kind = event.text_at("kind");
        const auto name = event.text_at("name");
        const auto* owner = find(kind, name);
        for (const auto& naming : namings) {
            if (owner == nullptr && naming.made == kind) {
                owner = find(naming.maker, without_parts(name, naming.parts));
            }
        }
        return owner;
    }

    void note_cut(Facts& facts) const {
        for (const auto& [name, owner] : by_name_) {
            facts.relate(std::string(events_are_cut), *owner);
        }
    }

private:
    const Subject* find(std::string_view kind, std::string_view name) const {
        const auto found = by_name_.find({kind, name});
        return found == by_name_.end() ? nullptr : found->second;
    }

    void add(const Subject& object, Facts& facts) {
        Subject made = object;
        made.kind = object.kind == "workload" ? "live-workload" : "live-autoscaler";
        made.path += "/events";
        made.parent = &object;
        const auto& own = facts.add(std::move(made));
        by_name_.emplace(std::pair(own.node->text_at("kind"), std::string_view(own.name)), &own);
    }

    std::vector<const Subject*> found_;
    std::map<std::pair<std::string_view, std::string_view>, const Subject*> by_name_;
};

/// Of events that nobody could list.
std::vector<Lost> lost(const AssessedFile& /*file*/) {
    return {{"live-workload", 1}};
}

void gather(FileList files, Facts& facts) {
    if (files.empty()) {
        return;
    }
    const Owners owners(facts);
    for (const auto* file : files) {
        for (const auto& root : file->tree.roots()) {
            if (root.flag_at("is_cut")) {
                owners.note_cut(facts);
            }
            for (const auto& item : root.at("items").items) {
                Subject event;
                event.kind = "cluster-event";
                event.name = std::string(item.text_at("reason"));
                event.path = std::string(live_rendering) + " -> event/" +
                             std::string(item.text_at("kind")) + "/" +
                             std::string(item.text_at("name")) + "/" + event.name;
                event.node = &item;
                event.file = file;
                event.scope = &facts.repository();
                const auto& made = facts.add(std::move(event));
                if (const auto* owner = owners.of(item)) {
                    facts.relate(*owner, relation_events, made);
                }
            }
        }
    }
}

}  // namespace

Input cluster_events_input() {
    return {events_kind, "", [](const AssessedFile& /*file*/) { return false; }, gather, lost};
}

}  // namespace deployctl::readiness
