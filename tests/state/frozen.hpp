// SPDX-License-Identifier: Apache-2.0
// A rollout in flight, frozen: the journal as SQL and the objects of its cluster as JSON, in
// tests/state/fixtures/, one pair for each schema that there ever was. Values.
#pragma once

#include "tests/engine/stage.hpp"

#include <filesystem>
#include <string>

namespace deployctl::tests {

struct Frozen {
    std::string journal;
    std::string cluster;
};

/// A canary that is lost between an intent and its effect, as the present program writes it.
Frozen freeze_rollout();

/// "tests/state/fixtures/0002" and so on.
Frozen read_frozen(int schema);
bool is_frozen(int schema);
void keep_frozen(int schema, const Frozen& frozen);

/// As a file, and as the world of a stage whose runner is another one than the one that was lost.
void thaw_journal(const Frozen& frozen, const std::filesystem::path& file);
void thaw_cluster(const Frozen& frozen, Stage& stage);

}  // namespace deployctl::tests
