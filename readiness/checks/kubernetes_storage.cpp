// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/kubernetes_storage.hpp"

#include "readiness/checks/left_out.hpp"
#include "readiness/inputs/kubernetes_objects.hpp"
#include "readiness/inputs/kubernetes_relations.hpp"

#include <algorithm>
#include <array>
#include <re2/re2.h>

namespace deployctl::readiness {

namespace {

using documents::Node;

re2::StringPiece piece(std::string_view text) {
    return {text.data(), text.size()};
}

enum class Sharing { one_node, many, unknown };

/// Of a driver: what stands behind it.
Sharing sharing_of_driver(std::string_view driver) {
    static const RE2 blocks(
        "ebs|pd\\.csi|gce-pd|azure-disk|disk\\.csi|cinder|vsphere|rbd|iscsi|local-path|"
        "no-provisioner|lvm|topolvm|linstor|hostpath|host-path|dobs|hcloud"
    );
    static const RE2 files("efs|fsx|nfs|filestore|azure-?file|file\\.csi|cephfs|gluster|longhorn");
    if (RE2::PartialMatch(piece(driver), files)) {
        return Sharing::many;
    }
    return RE2::PartialMatch(piece(driver), blocks) ? Sharing::one_node : Sharing::unknown;
}

/// Of a class that nobody defines here: what its name says.
Sharing sharing_of_name(std::string_view name) {
    static const RE2 files("(?i)efs|nfs|file|shared|rwx|cephfs|fsx");
    static const RE2 blocks("(?i)gp[23]|io[12]|ebs|ssd|nvme|block|disk|local|\\bpd\\b|rbd");
    if (RE2::PartialMatch(piece(name), files)) {
        return Sharing::many;
    }
    return RE2::PartialMatch(piece(name), blocks) ? Sharing::one_node : Sharing::unknown;
}

std::string_view class_of(const Node& claim) {
    return claim.text_at("spec/storageClassName");
}

const Subject* class_named(std::string_view name, const Subject& claim, const Facts& facts) {
    return named("StorageClass", {"default", name}, *claim.scope, facts);
}

/// Only for claims of many nodes.
std::optional<Answer> modes_fit_class(const Subject& claim, const Facts& facts) {
    const auto& modes = claim.node->at("spec/accessModes").items;
    const auto many = std::find_if(modes.begin(), modes.end(), [](const Node& mode) {
        return mode.text == "ReadWriteMany";
    });
    if (many == modes.end()) {
        return std::nullopt;
    }
    const auto name = class_of(*claim.node);
    const auto* const known = class_named(name, claim, facts);
    const auto driver = known == nullptr ? name : known->node->text_at("provisioner");
    const auto sharing = known == nullptr ? sharing_of_name(name) : sharing_of_driver(driver);
    if (sharing == Sharing::unknown) {
        return not_known(
            name.empty() ? "the cluster's default class"
                         : "what stands behind class " + std::string(name)
        );
    }
    auto answer = sharing == Sharing::many
                      ? holds()
                      : fails_at(
                            *many,
                            "ReadWriteMany on " + std::string(driver) + ", which is for one node",
                            "a class of shared files"
                        );
    answer.confidence = known == nullptr ? Confidence::heuristic : Confidence::certain;
    return answer;
}

std::optional<Answer> class_exists(const Subject& claim, const Facts& facts) {
    const auto& name = claim.node->at("spec/storageClassName");
    if (!name.exists() || name.text.empty() || facts.of("StorageClass", *claim.scope).empty()) {
        return std::nullopt;
    }
    return class_named(name.text, claim, facts) != nullptr
               ? holds()
               : fails_at(name, "class " + std::string(name.text) + " is not among those here", "");
}

bool is_volume_of(const Node& pods, const Node& templates, std::string_view name) {
    const auto& volumes = pods.at("spec/volumes").items;
    return std::any_of(
               volumes.begin(),
               volumes.end(),
               [&](const Node& volume) { return volume.text_at("name") == name; }
           ) ||
           std::any_of(templates.items.begin(), templates.items.end(), [&](const Node& claim) {
               return claim.text_at("metadata/name") == name;
           });
}

std::optional<Answer> mounts_have_volumes(const Subject& container, const Facts& /*facts*/) {
    const auto& object = object_of(container);
    const auto& mounts = container.node->at("volumeMounts").items;
    for (const auto& mount : mounts) {
        const auto name = mount.text_at("name");
        if (!is_volume_of(pod_template(object), object.at("spec/volumeClaimTemplates"), name)) {
            return fails_at(mount, "there is no volume " + std::string(name), "a volume");
        }
    }
    return mounts.empty() ? std::optional<Answer>() : holds();
}

const Subject* claim_named(std::string_view name, const Subject& pod, const Facts& facts) {
    const auto where = namespace_of(object_of(pod));
    return named("PersistentVolumeClaim", {where, name}, *pod.scope, facts);
}

std::optional<Answer> mounted_claims_exist(const Subject& pod, const Facts& facts) {
    bool any = false;
    for (const auto& volume : pod.node->at("volumes").items) {
        const auto& name = volume.at("persistentVolumeClaim/claimName");
        any = any || name.exists();
        if (name.is_scalar() && claim_named(name.text, pod, facts) == nullptr) {
            return fails_at(name, "claim " + std::string(name.text) + " is not here", "one");
        }
    }
    return any ? holds() : std::optional<Answer>();
}

/// By the image: what is known to keep data, and is no tool around it.
bool keeps_data(const Node& container) {
    static const RE2 stores(
        "(?i)(^|/)(postgres|postgresql|mysql|mariadb|mongo|mongodb|elasticsearch|opensearch|"
        "cassandra|kafka|rabbitmq|etcd|zookeeper|neo4j|influxdb|clickhouse-server|minio|qdrant|"
        "weaviate|cockroach|couchdb|timescaledb|prometheus)([:@]|$)"
    );
    return RE2::PartialMatch(piece(container.text_at("image")), stores);
}

/// What goes with the pod, or is none of its own.
bool is_fleeting(const Node& volume) {
    return std::all_of(volume.entries.begin(), volume.entries.end(), [](const auto& entry) {
        constexpr std::array<std::string_view, 8> fleeting = {
            "name",
            "emptyDir",
            "configMap",
            "secret",
            "projected",
            "downwardAPI",
            "gitRepo",
            "image"
        };
        return std::find(fleeting.begin(), fleeting.end(), entry.key) != fleeting.end();
    });
}

bool outlives_pod(const Node& mount, const Node& object) {
    const auto name = mount.text_at("name");
    const auto& templates = object.at("spec/volumeClaimTemplates").items;
    const auto& volumes = pod_template(object).at("spec/volumes").items;
    return std::any_of(
               templates.begin(),
               templates.end(),
               [&](const Node& claim) { return claim.text_at("metadata/name") == name; }
           ) ||
           std::any_of(volumes.begin(), volumes.end(), [&](const Node& volume) {
               return volume.text_at("name") == name && !is_fleeting(volume);
           });
}

std::optional<Answer> data_is_persistent(const Subject& container, const Facts& /*facts*/) {
    const auto& object = object_of(container);
    const auto kind = object.text_at("kind");
    if (!keeps_data(*container.node) || kind == "Job" || kind == "CronJob") {
        return std::nullopt;
    }
    const auto& mounts = container.node->at("volumeMounts").items;
    const bool any = std::any_of(mounts.begin(), mounts.end(), [&](const Node& mount) {
        return outlives_pod(mount, object);
    });
    return any ? holds()
               : fails_at(
                     container.node->at("image"),
                     "its data goes with the pod: no volume of it is a claim",
                     "a PersistentVolumeClaim"
                 );
}

bool names_a_backup(const Node& notes) {
    static const RE2 backup("(?i)backup|snapshot|velero|k8up|stash");
    return std::any_of(notes.entries.begin(), notes.entries.end(), [](const auto& note) {
        const auto value = note.value.text;
        return RE2::PartialMatch(piece(note.key), backup) && value != "false" && value != "none" &&
               note.key.find("exclude") == note.key.npos;
    });
}

bool has_note(const Subject& claim, const Node& object) {
    return names_a_backup(claim.node->at("metadata/annotations")) ||
           names_a_backup(claim.node->at("metadata/labels")) ||
           names_a_backup(object.at("metadata/annotations")) ||
           names_a_backup(pod_template(object).at("metadata/annotations"));
}

std::optional<Answer> claim_is_backed_up(const Subject& claim, const Facts& facts) {
    const auto& object = claim.parent == nullptr ? *claim.node : *claim.parent->node;
    if (!facts.related(claim, relation::backups).empty() || has_note(claim, object)) {
        return holds();
    }
    if (auto unknown = ask_left_out("Schedule", claim, facts)) {
        return unknown;
    }
    return fails("no snapshot, schedule or annotation of a backup covers it", "one of them");
}

constexpr std::array<NamedCheck, 6> checks = {{
    {"modes-fit-class", modes_fit_class},
    {"storage-class-exists", class_exists},
    {"mounts-have-volumes", mounts_have_volumes},
    {"mounted-claims-exist", mounted_claims_exist},
    {"data-is-persistent", data_is_persistent},
    {"claim-is-backed-up", claim_is_backed_up},
}};

}  // namespace

std::span<const NamedCheck> kubernetes_storage_checks() {
    return checks;
}

}  // namespace deployctl::readiness
