// SPDX-License-Identifier: Apache-2.0
// What is known before a failover: which version runs, which backup is the last. From the journal.
#pragma once

#include "cli/session.hpp"
#include "engine/disaster.hpp"

#include <string>

namespace deployctl::cli {

/// `tag`: the version, where the journal does not say it; empty: it does.
engine::DisasterDraft draft_disaster(
    Session& session,
    const Configuration& configuration,
    engine::Exercise exercise,
    const std::string& tag
);
/// By --app, else the configuration's; empty where neither names one.
std::string app_of(const Session& session);
/// Each line safe for a terminal.
std::string printable_lines(const std::string& text);

}  // namespace deployctl::cli
