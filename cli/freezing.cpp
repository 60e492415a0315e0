// SPDX-License-Identifier: Apache-2.0
#include "cli/freezing.hpp"

#include "model/approval.hpp"
#include "model/error.hpp"
#include "model/text.hpp"

#include <algorithm>

namespace deployctl::cli {

calendar::TimeZone zone_of(const FreezeSettings& settings) {
    auto zone = calendar::TimeZone::named(settings.timezone);
    if (!zone) {
        throw Error(ExitCode::usage, "there is no time zone `" + settings.timezone + "`");
    }
    return std::move(*zone);
}

std::vector<calendar::Closure> closures_of(
    const FreezeSettings& settings, const std::vector<Freeze>& freezes
) {
    const auto zone = zone_of(settings);
    std::vector<calendar::Closure> closures;
    for (const auto& window : settings.windows) {
        closures.push_back(calendar::to_closure(window, zone));
    }
    for (const auto& freeze : freezes) {
        closures.push_back(calendar::to_closure(freeze));
    }
    return closures;
}

FreezeFinding find_freeze(
    const FreezeSettings& settings,
    const std::vector<Freeze>& freezes,
    const std::string& environment,
    WallTime now
) {
    FreezeFinding found;
    found.outlook = calendar::outlook(closures_of(settings, freezes), environment, now);
    if (found.outlook.is_frozen() || found.outlook.next) {
        found.text = calendar::to_text(found.outlook, now, zone_of(settings));
    }
    return found;
}

FreezeFinding freeze_now(Parts& parts, const Configuration& configuration, const Target& target) {
    const auto freezes = wait_for(parts, parts.journal().freezes(target.app));
    const auto now = parts.clock().now();
    return find_freeze(configuration.freeze, freezes, target.environment, now);
}

std::string conditions_of(const FreezeOverride& takes) {
    const auto people =
        takes.people.empty() ? "" : ", where it is " + join(takes.people, " or ") + " who asks";
    const auto approval =
        takes.approval.empty() ? "" : ", once approval " + takes.approval + " is given";
    return people + approval;
}

std::string object_to_override(
    const FreezeOverride& takes, const std::string& identity, const Plan& plan
) {
    const auto person = person_of(identity);
    if (!takes.people.empty() && std::ranges::count(takes.people, person) == 0) {
        return "`freeze.override` lets " + join(takes.people, ", ") + " override it, and not " +
               person;
    }
    if (!takes.approval.empty() && !plan.approvals.contains(takes.approval)) {
        return "the freeze has begun only now: the same again, which then waits for approval " +
               takes.approval;
    }
    return "";
}

std::string with_roles(const std::string& identity, const Configuration& configuration) {
    const auto person = person_of(identity);
    std::vector<std::string> held;
    for (const auto& name : configuration.freeze.in_emergency.roles) {
        const auto role = configuration.roles.find(name);
        if (role != configuration.roles.end() &&
            std::ranges::count(role->second.people, person) > 0) {
            held.push_back(name);
        }
    }
    return held.empty() ? identity : identity + " (" + join(held, ", ") + ")";
}

}  // namespace deployctl::cli
