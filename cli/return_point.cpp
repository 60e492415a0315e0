// SPDX-License-Identifier: Apache-2.0
#include "cli/return_point.hpp"

#include "cli/connection.hpp"
#include "cli/lineage.hpp"
#include "cli/reading.hpp"
#include "engine/cluster_record.hpp"
#include "engine/task_trail.hpp"
#include "model/image.hpp"
#include "model/text.hpp"

#include <algorithm>

namespace deployctl::cli {

namespace {

std::vector<RolloutRecord> rollouts_of(Session& session, const Target& target) {
    RolloutFilter filter;
    filter.app = target.app;
    filter.environment = target.environment;
    filter.at_most = 1000;
    filter.order = RolloutFilter::Order::end;
    auto rollouts = wait_for(session.parts, session.parts.journal().list(filter));
    std::erase_if(rollouts, [&target](const RolloutRecord& one) {
        return !(one.target == target);
    });
    return rollouts;
}

std::string numbered(const RolloutRecord& rollout) {
    return "rollout " + std::to_string(rollout.number);
}

std::string version_before(
    const std::vector<RolloutRecord>& newest_first, const RolloutRecord& promoted
) {
    const auto newest =
        std::ranges::find(newest_first, RolloutState::promoted, &RolloutRecord::state);
    const auto good = lineage_of(newest_first).good;
    const auto& before = promoted.previous_version;
    if (newest == newest_first.end() || newest->id == promoted.id) {
        if (good.size() < 2) {
            throw Error(
                ExitCode::blocked,
                "no good version older than " + promoted.next_version + " is recorded",
                "nothing was changed; --to VERSION names one"
            );
        }
        return good[good.size() - 2].version;
    }
    if (newest->next_version == before) {
        throw Error(
            ExitCode::blocked,
            numbered(promoted) + " replaced " + before + ", which runs already since " +
                numbered(*newest),
            "nothing was changed; without a number a rollback leaves what runs now"
        );
    }
    if (std::ranges::find(good, before, &GoodVersion::version) == good.end()) {
        throw Error(
            ExitCode::blocked,
            numbered(promoted) + " replaced " + before +
                ", which a rollback has left since: it "
                "is not good any more",
            "nothing was changed; --to " + before + " brings it back all the same"
        );
    }
    return before;
}

/// The journal does not keep literal values of variables; the cluster's record does.
bool has_literals(const Value& pod_template) {
    for (const auto* list : {"/spec/containers", "/spec/initContainers"}) {
        for (const auto& container : pod_template.items(list)) {
            const auto& variables = container.items("/env");
            if (std::ranges::any_of(variables, [](const Value& one) {
                    return one.has("/value");
                })) {
                return true;
            }
        }
    }
    return false;
}

/// What a rollout recorded of a version: as it brought it out, or as it found it.
struct Memory {
    RolloutRecord rollout;
    enum class Side { brought_out, found } side;
};

const Value& template_in(const Plan& plan, Memory::Side side) {
    return side == Memory::Side::brought_out ? plan.release.pod_template
                                             : plan.snapshot.workload.at("/spec/template");
}

std::string digest_in(const Plan& plan, Memory::Side side) {
    return side == Memory::Side::brought_out ? plan.release.digest
                                             : read_image(plan.release.previous_image).digest;
}

/// The last one of the version.
std::optional<Memory> remember(
    const std::vector<RolloutRecord>& newest_first, const std::string& version
) {
    for (const auto& rollout : newest_first) {
        if (rollout.state == RolloutState::promoted && rollout.next_version == version) {
            return Memory{rollout, Memory::Side::brought_out};
        }
        if (rollout.previous_version == version) {
            return Memory{rollout, Memory::Side::found};
        }
    }
    return std::nullopt;
}

auto record_of(Session& session, const RolloutRecord& rollout) {
    const auto choice = connect_to(session, rollout);
    return wait_for(
        session.parts,
        engine::load_record(session.parts.cluster(choice), rollout.target, rollout.id)
    );
}

std::optional<Value> recorded_template(
    Session& session, const Memory& memory, const Plan& in_journal
) {
    const auto& pod_template = template_in(in_journal, memory.side);
    if (!pod_template.is_null() && !has_literals(pod_template)) {
        return pod_template;
    }
    const auto in_cluster = record_of(session, memory.rollout);
    return in_cluster ? std::optional(template_in(in_cluster->plan, memory.side)) : std::nullopt;
}

/// Of those that came after the version.
std::int64_t find_contract(
    Session& session, const std::vector<RolloutRecord>& newest_first, const std::string& version
) {
    for (const auto& rollout : newest_first) {
        if (rollout.state == RolloutState::promoted && rollout.next_version == version) {
            return 0;
        }
        const auto plan = read_plan_of(session, rollout);
        const auto events = wait_for(session.parts, session.parts.journal().events(rollout.id, 0));
        if (!plan.tasks.empty() && engine::is_past_contract(events, plan)) {
            return rollout.number;
        }
        if (rollout.previous_version == version) {
            return 0;
        }
    }
    return 0;
}

/// The journal hides what is in them: only the record in the cluster has it.
std::vector<Value> manifests_in_cluster(Session& session, const RolloutRecord& release) {
    std::vector<Value> manifests;
    if (const auto record = record_of(session, release)) {
        for (const auto& object : record->plan.release.objects) {
            if (!object.at("/said").is_null()) {
                manifests.push_back(object.at("/said"));
            }
        }
    }
    return manifests;
}

/// Of the last release that brought the version out.
std::optional<std::vector<Value>> recorded_objects(
    Session& session, const std::vector<RolloutRecord>& newest_first, const std::string& version
) {
    const auto release = std::ranges::find_if(newest_first, [&](const RolloutRecord& rollout) {
        return rollout.state == RolloutState::promoted && rollout.next_version == version;
    });
    if (release == newest_first.end()) {
        return std::nullopt;
    }
    if (read_plan_of(session, *release).release.objects.empty()) {
        return std::nullopt;
    }
    auto manifests = manifests_in_cluster(session, *release);
    return manifests.empty() ? std::nullopt : std::optional(std::move(manifests));
}

}  // namespace

ReturnPoint find_return_point(
    Session& session, const RolloutRecord& promoted, const std::string& to
) {
    const auto rollouts = rollouts_of(session, promoted.target);
    ReturnPoint point;
    point.version = to.empty() ? version_before(rollouts, promoted) : to;
    point.contracted_by = find_contract(session, rollouts, point.version);
    point.objects = recorded_objects(session, rollouts, point.version);
    point.leaves_objects =
        !point.objects && !read_plan_of(session, promoted).release.objects.empty();
    const bool is_replaced = to.empty() && point.version == promoted.previous_version;
    const auto memory =
        is_replaced ? Memory{promoted, Memory::Side::found} : remember(rollouts, point.version);
    if (!memory) {
        return point;
    }
    const auto plan = read_plan_of(session, memory->rollout);
    point.digest = digest_in(plan, memory->side);
    if (plan.container == read_plan_of(session, promoted).container) {
        point.pod_template = recorded_template(session, *memory, plan);
    }
    return point;
}

std::string to_text(const ReturnPoint& point, const RolloutRecord& promoted) {
    auto text = "rollback of " + numbered(promoted) + ": returns to " + point.version;
    text += point.pod_template
                ? ", with the pod template that is recorded of it"
                : "; only the image is restored, since no record has its pod template";
    if (point.objects) {
        text += "; and with " + count_of(std::ssize(*point.objects), "other object");
    } else if (point.leaves_objects) {
        text += "; other objects stay as they are, since no record has those of " + point.version;
    }
    return text;
}

}  // namespace deployctl::cli
