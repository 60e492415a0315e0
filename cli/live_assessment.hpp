// SPDX-License-Identifier: Apache-2.0
// What `assess --live` looks at beside the folder: the objects and the last hour's events of the
// namespace, and what the journal knows of drills, ways back and restores. Nothing is changed.
// A journal that cannot be read is a file with trouble; throws what asking a cluster throws.
// Engine's thread.
#pragma once

#include "cli/session.hpp"
#include "readiness/facts.hpp"
#include "readiness/journal_facts.hpp"

#include <vector>

namespace deployctl::cli {

std::vector<readiness::AssessedFile> live_files(Session& session);
/// Of the app and the environment that are meant; of no app where there is no deploy.yaml.
readiness::JournalFacts journal_facts(Session& session);

}  // namespace deployctl::cli
