// SPDX-License-Identifier: Apache-2.0
#include "cli/output/words.hpp"

#include "engine/rollout.hpp"

#include <algorithm>

namespace deployctl::cli {

std::string words_of(std::string state) {
    std::ranges::replace(state, '_', ' ');
    return state;
}

std::string words_of(RolloutState state) {
    return words_of(std::string(to_text(state)));
}

std::string with_short_digests(std::string text, const Style& style) {
    constexpr std::string_view head = "sha256:";
    constexpr std::size_t kept = 12;
    constexpr std::size_t whole = 64;
    for (auto at = text.find(head); at != std::string::npos;
         at = text.find(head, at + head.size())) {
        const auto digits = at + head.size();
        const auto end = std::min(text.find_first_not_of("0123456789abcdef", digits), text.size());
        if (end - digits == whole) {
            text.replace(digits + kept, whole - kept, style.ascii ? "..." : "…");
        }
    }
    return text;
}

Sign sign_of(RolloutState state) {
    switch (state) {
        case RolloutState::pending: return Sign::waiting;
        case RolloutState::running: return Sign::running;
        case RolloutState::paused: return Sign::attention;
        case RolloutState::rolling_back: return Sign::back;
        case RolloutState::needs_human: return Sign::attention;
        case RolloutState::promoted: return Sign::done;
        case RolloutState::rolled_back: return Sign::failed;
        case RolloutState::aborted: return Sign::failed;
        case RolloutState::superseded: return Sign::unknown;
    }
    return Sign::unknown;
}

std::vector<std::string> half_way_back(
    const RolloutRecord& rollout, const std::optional<Cause>& cause
) {
    const auto number = std::to_string(rollout.number);
    std::vector<std::string> commands;
    if (engine::can_retry(rollout, cause)) {
        commands.push_back("deployctl rollout retry " + number + ", forward again");
    }
    commands.push_back("deployctl rollout rollback " + number + " --reason TEXT, all the way back");
    return commands;
}

std::string approve_command(std::int64_t number, const std::string& approval) {
    return "deployctl approve " + std::to_string(number) + " --approval " + approval +
           " --reason TEXT";
}

std::string took_text(const RolloutRecord& rollout, WallTime now) {
    return to_short_text(std::chrono::floor<seconds>(rollout.ended.value_or(now) - rollout.started)
    );
}

std::string place_text(const Target& target, const Style& style) {
    const auto& place = target.environment.empty() ? target.kube_namespace : target.environment;
    return printable(target.app) + " " + arrow(style) + " " + printable(place);
}

}  // namespace deployctl::cli
