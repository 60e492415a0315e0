// SPDX-License-Identifier: Apache-2.0
// I34: what had no answer, or was asked to come back later, is not sent again at once.
#include "simulation/rules.hpp"

#include <algorithm>
#include <array>

namespace deployctl::simulation {

namespace {

/// The first pause that the engine makes before it repeats a request.
constexpr Duration least_gap = milliseconds(100);

/// The same request, or any other to a server that has named a time.
bool is_repetition(const Asked& last, const RequestSeen& request) {
    return last.retry_after || (!last.request.empty() && last.request == request.request);
}

Finding asks_again_too_soon(const Memory& memory, const RequestSeen& request) {
    const auto found = memory.effort.asked.find({request.runner, request.ref});
    if (found == memory.effort.asked.end() || !is_repetition(found->second, request)) {
        return std::nullopt;
    }
    const auto& last = found->second;
    const auto gap = std::max(last.retry_after.value_or(Duration{}), least_gap);
    if (request.sent - last.answered >= gap) {
        return std::nullopt;
    }
    return request.runner + " asks for " + deployctl::to_text(request.ref) + " again after " +
           to_short_text(request.sent - last.answered) + ", at least " + to_short_text(gap);
}

constexpr std::array rules{
    RequestRule{"I34", asks_again_too_soon},
};

}  // namespace

std::span<const RequestRule> manners_rules() {
    return rules;
}

}  // namespace deployctl::simulation
