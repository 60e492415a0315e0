// SPDX-License-Identifier: Apache-2.0
// What the simulator's witnesses see: requests as they reach the API server, and entries as the
// journal commits them. Values; one thread.
#pragma once

#include "model/journal.hpp"
#include "ports/cluster.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl::simulation {

/// One request, as it landed and not as its sender was told.
struct WriteSeen {
    Duration at{};
    ObjectRef ref;
    EffectVerb verb{};
    WriteAnswer answer{};
    std::string fence;  ///< that it would leave on the object; empty: none
    Value before;       ///< null where the object was not there
    Value after;        ///< null where it is not there any more, or nothing was done
};

/// What was asked of a pod, or of the metrics source about it, and what its runner got for it.
struct SampleSeen {
    enum class By { pod, metrics };

    Duration at{};             ///< when it was asked
    std::string version;       ///< of the pod; empty: there is none of that name
    bool is_answered = false;  ///< whatever was said
    By by{};
};

struct EntrySeen {
    Duration at{};
    RolloutId rollout;
    std::int64_t version = 0;  ///< of the record, once the entry's transaction is committed
    int part = 0;              ///< its place in the transaction
    Entry entry;
    std::string runner = {};               ///< who wrote it
    int journal = 0;                       ///< on which machine
    Duration waited{};                     ///< since its last look, for turns of other runners
    std::vector<SampleSeen> samples = {};  ///< that it has asked since its last verdict: of one
};

/// One request as its sender knows it: what it was told, and when.
struct RequestSeen {
    std::string runner;
    ObjectRef ref;
    std::string request;  ///< two that are the same have the same text; empty: like no other
    Duration sent{};
    Duration answered{};
    WriteAnswer answer{};
    std::optional<Duration> retry_after;
};

/// A metrics source has told something of this version.
bool has_measured(const std::vector<SampleSeen>& samples, const std::string& version);
/// Whether the request was done and has changed something.
bool is_change(const WriteSeen& write);
std::string to_text(const WriteSeen& write);
/// The fence that a patch would set; empty where it sets none.
std::string fence_in(const JsonPatch& patch);

}  // namespace deployctl::simulation
