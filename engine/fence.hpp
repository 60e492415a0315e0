// SPDX-License-Identifier: Apache-2.0
// The fence: an annotation that every write of ours tests and raises, so that the API server
// refuses a stale writer. "<app>/<first 8 of the lease's uid>/<epoch>.<seq>"
// (docs/formats/cluster-record.md). Pure.
#pragma once

#include "model/json_patch.hpp"
#include "model/plan.hpp"
#include "model/value.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace deployctl::engine {

struct Fence {
    std::string app;
    std::string lease;       ///< first 8 characters of its uid
    std::int64_t epoch = 0;  ///< of the lease
    std::int64_t seq = 0;    ///< grows with each write of the epoch

    friend bool operator==(const Fence&, const Fence&) = default;
};

std::string to_text(const Fence& fence);
std::optional<Fence> read_fence(std::string_view text);

/// By what right a runner writes: its Lease, and its epoch there.
struct Term {
    std::string lease;  ///< first 8 characters of its uid
    std::int64_t epoch = 0;
};

/// Whether the last write of the object is of a runner that came after the one of `own`. Where
/// somebody has deleted a Lease, two may have got the same epoch, each on a Lease of its own, and
/// neither can tell which of them is the older.
bool is_of_newer_runner(const Value& object, const Term& own);
/// The fence annotation of an object, until that is written; empty where it has none.
std::string_view fence_text_of(const Value& object);
/// The fence of the last write that changed it, and left rollout, step and direction on it; a claim
/// goes on telling of that.
std::string_view written_text_of(const Value& object);

/// What a write says about itself on the object.
struct Signature {
    Fence fence;
    std::string rollout;
    int step = 0;
    Direction direction{};
};

/// The annotations of a signature, for an object that is created.
Labels annotations_of(const Signature& signature);
/// `changes`, made conditional on the object being the same one with the fence that was seen, and
/// signed. Where they only test, the fence alone is raised: what was written last stays told.
JsonPatch fenced(const Value& seen, const Signature& signature, const JsonPatch& changes);

}  // namespace deployctl::engine
