// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/cluster_events.hpp"

#include "model/text.hpp"
#include "readiness/inputs/cluster_events.hpp"

#include <array>

namespace deployctl::readiness {

namespace {

using documents::Node;

/// Reasons, and how often one may be given within the hour: a probe that fails while a pod begins
/// is no trouble.
struct Complaint {
    bool (*is_one)(std::string_view reason, std::string_view message);
    std::int64_t tolerated = 0;
};

bool is_of_pull(std::string_view message) {
    return message.find("pull") != message.npos || message.find("ImagePull") != message.npos ||
           message.find("ErrImage") != message.npos;
}

constexpr Complaint not_scheduled = {[](std::string_view reason, std::string_view) {
    return reason == "FailedScheduling";
}};
constexpr Complaint falls_over = {[](std::string_view reason, std::string_view message) {
    return (reason == "BackOff" || reason == "Failed") && !is_of_pull(message);
}};
constexpr Complaint not_pulled = {[](std::string_view reason, std::string_view message) {
    return reason == "InspectFailed" || reason == "ErrImageNeverPull" ||
           ((reason == "BackOff" || reason == "Failed") && is_of_pull(message));
}};
constexpr Complaint not_mounted = {[](std::string_view reason, std::string_view) {
    return reason == "FailedMount" || reason == "FailedAttachVolume" || reason == "FailedMapVolume";
}};
constexpr Complaint out_of_memory = {[](std::string_view reason, std::string_view) {
    return reason == "OOMKilled" || reason == "OOMKilling";
}};
constexpr Complaint driven_out = {[](std::string_view reason, std::string_view) {
    return reason == "Evicted" || reason == "Preempted";
}};
constexpr Complaint not_made = {[](std::string_view reason, std::string_view) {
    return reason == "FailedCreate";
}};
constexpr Complaint unhealthy = {
    [](std::string_view reason, std::string_view) {
        return reason == "Unhealthy" || reason == "ProbeError";
    },
    10
};
constexpr Complaint not_measured = {
    [](std::string_view reason, std::string_view) {
        return reason.starts_with("FailedGet") || reason.starts_with("FailedCompute");
    },
    5
};

std::int64_t count_of(const Node& event) {
    return whole_number(event.text_at("count")).value_or(1);
}

std::string told(const Node& event) {
    return std::string(event.text_at("reason")) + " of " + std::string(event.text_at("kind")) +
           "/" + std::string(event.text_at("name")) + ", " +
           deployctl::count_of(count_of(event), "time") +
           " in the last hour: " + std::string(event.text_at("message"));
}

template <const Complaint& complaint>
std::string allowed() {
    return complaint.tolerated == 0 ? "none" : "at most " + std::to_string(complaint.tolerated);
}

template <const Complaint& complaint>
std::optional<Answer> has_none(const Subject& subject, const Facts& facts) {
    const Subject* worst = nullptr;
    for (const auto* event : facts.related(subject, relation_events)) {
        const auto& node = *event->node;
        const bool counts = complaint.is_one(node.text_at("reason"), node.text_at("message")) &&
                            count_of(node) > complaint.tolerated;
        const bool is_worse = worst == nullptr || count_of(node) > count_of(*worst->node);
        worst = counts && is_worse ? event : worst;
    }
    if (worst != nullptr) {
        return fails(told(*worst->node), allowed<complaint>());
    }
    const bool is_cut = !facts.related(events_are_cut).empty();
    return is_cut ? not_known("the cluster has more events than are looked at") : holds();
}

constexpr std::array<NamedCheck, 9> checks = {{
    {"live-pods-are-scheduled", has_none<not_scheduled>},
    {"live-containers-stay-up", has_none<falls_over>},
    {"live-images-are-pulled", has_none<not_pulled>},
    {"live-probes-succeed", has_none<unhealthy>},
    {"live-volumes-are-mounted", has_none<not_mounted>},
    {"live-memory-suffices", has_none<out_of_memory>},
    {"live-pods-stay", has_none<driven_out>},
    {"live-pods-are-made", has_none<not_made>},
    {"live-autoscaler-measures", has_none<not_measured>},
}};

}  // namespace

std::span<const NamedCheck> cluster_event_checks() {
    return checks;
}

}  // namespace deployctl::readiness
