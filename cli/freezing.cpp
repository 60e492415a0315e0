// SPDX-License-Identifier: Apache-2.0
#include "cli/freezing.hpp"

#include "model/error.hpp"

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

}  // namespace deployctl::cli
