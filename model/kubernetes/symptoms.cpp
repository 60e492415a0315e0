// SPDX-License-Identifier: Apache-2.0
#include "model/kubernetes/symptoms.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace deployctl {

namespace {

constexpr Duration image_patience = seconds(60);

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
    return std::ranges::find(words, word) != words.end();
}

template <std::size_t N>
bool says_one_of(const std::string& text, const std::array<std::string_view, N>& words) {
    return std::ranges::any_of(words, [&](std::string_view word) {
        return text.find(word) != text.npos;
    });
}

constexpr std::array<std::string_view, 5> image_reasons{
    "ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "ImageInspectError"
};
constexpr std::array<std::string_view, 4> final_image_words{
    "not found", "unauthorized", "denied", "manifest unknown"
};
constexpr std::array<std::string_view, 4> config_reasons{
    "CreateContainerConfigError", "CreateContainerError", "RunContainerError", "StartError"
};

std::string restarts_text(int restarts) {
    return std::to_string(restarts) + (restarts == 1 ? " restart" : " restarts");
}

/// How the container ended the last time that it ended; null where it never did.
const ContainerState* last_end(const ContainerStatus& status) {
    if (status.state.phase == ContainerState::Phase::terminated) {
        return &status.state;
    }
    return status.previous ? &*status.previous : nullptr;
}

std::optional<Symptom> find_crash(const ContainerStatus& status, const ConfirmWindows& windows) {
    const auto* end = last_end(status);
    const bool is_down = status.state.phase != ContainerState::Phase::running;
    const bool failed =
        end != nullptr && (end->exit_code != 0 || status.state.reason == "CrashLoopBackOff");
    if (!failed || status.restarts == 0 || (status.ready && status.restarts < 3)) {
        return std::nullopt;
    }
    if (!is_down && !status.ready && status.restarts < 2) {
        return std::nullopt;  // the first restart runs: it may get ready
    }
    const bool out_of_memory = end->reason == "OOMKilled";
    return Symptom{
        out_of_memory ? "out_of_memory" : "crash_loop",
        "",
        status.name,
        out_of_memory ? "OOMKilled" : "CrashLoopBackOff",
        "exit " + std::to_string(end->exit_code) + ", " + restarts_text(status.restarts),
        windows.crash,
    };
}

std::optional<Symptom> find_waiting(const ContainerStatus& status, const ConfirmWindows& windows) {
    const auto& reason = status.state.reason;
    const auto& message = status.state.message;
    if (is_one_of(reason, image_reasons)) {
        const bool is_final =
            reason == "InvalidImageName" || says_one_of(message, final_image_words);
        return Symptom{
            "bad_image", "", status.name, reason, message, is_final ? Duration{} : image_patience
        };
    }
    if (is_one_of(reason, config_reasons) && message.find("failed to sync") == std::string::npos) {
        return Symptom{"config_error", "", status.name, reason, message, windows.crash};
    }
    return std::nullopt;
}

std::optional<Symptom> find_unschedulable(
    const Pod& pod, const World& world, const ConfirmWindows& windows
) {
    const auto* scheduled = find_condition(pod.conditions, "PodScheduled");
    if (scheduled == nullptr || scheduled->status != "False" ||
        scheduled->reason != "Unschedulable") {
        return std::nullopt;
    }
    const bool scales_up = std::ranges::any_of(world.notices, [&](const Notice& notice) {
        return notice.name == pod.meta.name && notice.reason == "TriggeredScaleUp";
    });
    if (scales_up) {
        return std::nullopt;
    }
    return Symptom{
        "unschedulable",
        pod.meta.name,
        "",
        "Unschedulable",
        scheduled->message,
        windows.unschedulable
    };
}

}  // namespace

std::vector<Symptom> symptoms_of(
    const Pod& pod, const World& world, const ConfirmWindows& windows
) {
    std::vector<Symptom> symptoms;
    const auto add = [&](std::optional<Symptom> symptom) {
        if (symptom) {
            symptom->pod = pod.meta.name;
            symptoms.push_back(std::move(*symptom));
        }
    };
    for (const auto& status : pod.containers) {
        add(find_crash(status, windows));
        add(find_waiting(status, windows));
    }
    add(find_unschedulable(pod, world, windows));
    return symptoms;
}

std::vector<Symptom> symptoms_of(const ReplicaSet& set, const ConfirmWindows& windows) {
    const auto* failure = find_condition(set.conditions, "ReplicaFailure");
    if (failure == nullptr || failure->status != "True") {
        return {};
    }
    const bool is_quota = failure->message.find("exceeded quota") != std::string::npos;
    return {
        {is_quota ? std::string(over_quota) : "refused_pod",
         set.meta.name,
         "",
         failure->reason,
         failure->message,
         windows.crash}
    };
}

std::string trouble_text(const Pod& pod, const World& world) {
    const Notice* newest = nullptr;
    for (const auto& notice : world.notices) {
        const bool is_newer = newest == nullptr || notice.last_seen >= newest->last_seen;
        if (notice.is_warning && notice.name == pod.meta.name && is_newer) {
            newest = &notice;
        }
    }
    if (newest != nullptr) {
        return pod.meta.name + ": " + newest->message + " (" + std::to_string(newest->count) + "x)";
    }
    for (const auto& status : pod.containers) {
        if (status.state.phase == ContainerState::Phase::waiting) {
            return pod.meta.name + ": " + status.state.reason + " " + status.state.message;
        }
    }
    return pod.meta.name + ": not ready";
}

}  // namespace deployctl
