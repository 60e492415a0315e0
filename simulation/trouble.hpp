// SPDX-License-Identifier: Apache-2.0
// What can be made to go wrong in a rehearsal, by name: "pod-crash@step2", "errors=20%@step5",
// "api-down=30s". Values; any thread.
#pragma once

#include "model/time.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace deployctl::simulation {

enum class TroubleKind {
    pod_crash,
    pod_unready,
    image_missing,
    out_of_memory,
    errors,
    slow_start,
    api_down,
    store_full,
    lost_write,
    runner_killed,
    runner_frozen,
};

struct Trouble {
    TroubleKind kind{};
    int step = 1;       ///< it strikes when this step of the way forward begins
    double share = 0;   ///< of requests, 0..1
    Duration length{};  ///< how long it lasts
};

/// What may stand behind the name.
enum class TroubleTakes { nothing, share, duration };

struct TroubleInfo {
    TroubleKind kind;
    const char* name;
    TroubleTakes takes;
    Duration usual_length;
    const char* meaning;  ///< a sentence without its subject's details
};

std::span<const TroubleInfo> all_troubles();
const TroubleInfo& info(TroubleKind kind);
/// As it is typed: "api-down=30s@step3".
std::string to_text(const Trouble& trouble);
/// It is the new version's doing, not that of cluster, journal or runner.
bool is_of_version(TroubleKind kind);

/// One to three of those that are not the version's, at steps 1 to `steps`: the same seed draws the
/// same.
std::vector<Trouble> draw_troubles(std::uint64_t seed, int steps);

}  // namespace deployctl::simulation
