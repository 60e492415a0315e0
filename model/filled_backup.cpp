// SPDX-License-Identifier: Apache-2.0
#include "model/filled_backup.hpp"

namespace deployctl {

DatabaseSettings filled_in(
    DatabaseSettings settings, const std::string& dir, const Placeholders& names
) {
    settings.dir = fill_in(settings.dir.empty() ? dir : settings.dir, names);
    for (auto* argv : {&settings.run, &settings.verify, &settings.restore}) {
        for (auto& argument : *argv) {
            argument = fill_in(argument, names);
        }
    }
    settings.cron_job = fill_in(settings.cron_job, names);
    if (auto& snapshot = settings.volume_snapshot) {
        snapshot->claim = fill_in(snapshot->claim, names);
    }
    return settings;
}

}  // namespace deployctl
