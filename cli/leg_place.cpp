// SPDX-License-Identifier: Apache-2.0
#include "cli/leg_place.hpp"

#include "cli/output/style.hpp"

#include <system_error>

namespace deployctl::cli {

namespace {

namespace fs = std::filesystem;

/// The whole line was agreed to; a leg asks nobody.
Globals globals_in(Session& session, const std::string& environment, const std::string& dir) {
    auto globals = session.globals;
    globals.place.environment = environment;
    globals.consent.yes = true;
    if (!dir.empty()) {
        auto& place = globals.place;
        place.file.clear();
        place.app.clear();
        place.state = place.state.empty() ? "" : fs::absolute(place.state).string();
    }
    return globals;
}

void enter(const std::string& dir) {
    if (dir.empty()) {
        return;
    }
    std::error_code failure;
    fs::current_path(dir, failure);
    if (failure) {
        throw Error(
            ExitCode::usage,
            "the folder " + printable(dir) + " cannot be entered: " + failure.message(),
            "`group.members` names the folder of each member's deploy.yaml"
        );
    }
}

}  // namespace

LegPlace::LegPlace(Session& session, const std::string& environment, const std::string& dir)
    : before_(fs::current_path()),
      globals_(globals_in(session, environment, dir)),
      there_{globals_, session.terminal, session.parts, session.environment} {
    enter(dir);
}

LegPlace::LegPlace(Session& session, const promotion::Leg& leg)
    : LegPlace(session, name_of(leg.place), leg.dir) {}

LegPlace::~LegPlace() {
    std::error_code gone;  // then nobody can be there any more
    fs::current_path(before_, gone);
}

}  // namespace deployctl::cli
