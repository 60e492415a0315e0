// SPDX-License-Identifier: Apache-2.0
// People who have to say yes before a rollout goes on: who may, how many, and what each said, by
// name and with a reason, bound to one plan. Values; any thread.
#pragma once

#include "model/time.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl {

/// A group of people; it holds no other groups.
struct Role {
    std::vector<std::string> people;

    friend bool operator==(const Role&, const Role&) = default;
};

using RolesByName = std::map<std::string, Role>;

/// As `approvals` of deploy.yaml says it. A plan freezes it, with people instead of roles.
struct ApprovalSettings {
    int count = 1;                    ///< different people
    std::vector<std::string> people;  ///< who may, those of the roles among them; empty: everybody
    std::vector<std::string> roles = {};
    bool not_initiator = true;        ///< nobody approves what they began
    Duration expires = minutes(240);  ///< after it was given, unless it was used

    friend bool operator==(const ApprovalSettings&, const ApprovalSettings&) = default;
};

using ApprovalsByName = std::map<std::string, ApprovalSettings>;

enum class Vote { approve, deny };

const char* to_text(Vote vote);
std::optional<Vote> read_vote(std::string_view text);

/// What one person said. The journal keeps it for good and never changes it.
struct Approval {
    std::string id;         ///< UUIDv7
    std::string rollout;    ///< its id
    std::string name;       ///< "sre"
    std::string plan_hash;  ///< that they saw
    std::string by;         ///< "ada@laptop", "ci:acme/web run=7 by=ada"
    Vote vote{};
    std::string reason;
    WallTime at;

    friend bool operator==(const Approval&, const Approval&) = default;
};

/// Whom an identity stands for: "ada" of "ada@laptop" and of "ci:acme/web run=7 by=ada", else
/// "ci:acme/web" of "ci:acme/web run=7". The same person on two machines is one.
std::string person_of(std::string_view identity);

}  // namespace deployctl
