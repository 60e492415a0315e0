// SPDX-License-Identifier: Apache-2.0
#include "promotion/group.hpp"

#include "model/text.hpp"
#include "promotion/cycles.hpp"

#include <algorithm>

namespace deployctl::promotion {

namespace {

std::vector<std::string> mistakes_of(const GroupSettings& settings, const Needs& needs) {
    std::vector<std::string> mistakes;
    if (settings.members.empty()) {
        mistakes.push_back("group " + settings.name + " has no members");
    }
    for (const auto& [name, needed] : needs) {
        for (const auto& other : needed) {
            if (!needs.contains(other)) {
                mistakes.push_back(name + " needs " + other + ", which is no member");
            }
        }
    }
    if (const auto cycle = find_cycle(needs); !cycle.empty()) {
        mistakes.push_back("members need each other: " + join(cycle, ", which needs "));
    }
    return mistakes;
}

/// Two members that are one workload's app would take each other's version back.
std::vector<std::string> shared_places(const std::map<std::string, Member>& members) {
    std::vector<std::string> mistakes;
    for (auto one = members.begin(); one != members.end(); ++one) {
        for (auto other = std::next(one); other != members.end(); ++other) {
            const bool is_same =
                one->second.app == other->second.app && one->second.place == other->second.place;
            if (is_same && !one->second.app.empty()) {
                mistakes.push_back(
                    one->first + " and " + other->first + " are the same app, " + one->second.app
                );
            }
        }
    }
    return mistakes;
}

/// Of those it needs, the ones that have a leg of their own.
std::vector<std::string> legs_among(const Line& line, const std::vector<std::string>& names) {
    std::vector<std::string> legs;
    std::ranges::copy_if(names, std::back_inserter(legs), [&line](const std::string& name) {
        return find_leg(line, name) != nullptr;
    });
    return legs;
}

}  // namespace

Draft draw_group(
    const GroupSettings& settings,
    const std::map<std::string, Member>& members,
    const std::string& version
) {
    Draft draft;
    auto& line = draft.line;
    line.kind = LineKind::group;
    line.name = settings.name;
    line.version = version;
    line.gates = settings.gates;
    Needs needs;
    for (const auto& [name, member] : settings.members) {
        needs[name] = member.needs;
    }
    draft.refusals = mistakes_of(settings, needs);
    if (!draft.refusals.empty()) {
        return draft;
    }
    append(draft.refusals, shared_places(members));
    std::vector<std::string> before;
    for (const auto& name : in_order(needs)) {
        const auto& member = members.at(name);
        const auto& own = settings.members.at(name);
        if (!member.trouble.empty()) {
            draft.refusals.push_back(name + ": " + member.trouble);
        }
        if (member.has_it) {
            draft.already.push_back(name);
            continue;
        }
        line.legs.push_back({
            name,
            member.place,
            own.dir,
            member.app,
            member.digest,
            legs_among(line, own.needs),
            Duration::zero(),
            before,
        });
        before.insert(before.begin(), name);
    }
    return draft;
}

}  // namespace deployctl::promotion
