// SPDX-License-Identifier: Apache-2.0
#include "model/approval.hpp"

#include "model/named.hpp"

#include <array>

namespace deployctl {

const char* to_text(Vote vote) {
    return vote == Vote::approve ? "approve" : "deny";
}

std::optional<Vote> read_vote(std::string_view text) {
    return read_name(text, std::array{Vote::approve, Vote::deny});
}

std::string person_of(std::string_view identity) {
    constexpr std::string_view ci = "ci:";
    constexpr std::string_view by = " by=";
    if (!identity.starts_with(ci)) {
        return std::string(identity.substr(0, identity.rfind('@')));
    }
    const auto actor = identity.rfind(by);
    return std::string(
        actor == std::string_view::npos ? identity.substr(0, identity.find(' '))
                                        : identity.substr(actor + by.size())
    );
}

}  // namespace deployctl
