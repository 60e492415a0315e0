// SPDX-License-Identifier: Apache-2.0
#include "cli/output/words.hpp"

#include <algorithm>

namespace deployctl::cli {

std::string words_of(RolloutState state) {
    std::string words = to_text(state);
    std::ranges::replace(words, '_', ' ');
    return words;
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

std::string to_minute_text(WallTime time) {
    auto text = to_rfc3339(time).substr(0, 16);
    text[10] = ' ';
    return text;
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
