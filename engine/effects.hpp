// SPDX-License-Identifier: Apache-2.0
// One effect on one object: read it, see what is missing, write the intent down, send one fenced
// patch, read the object back, write the outcome down (docs/formats/cluster-record.md). A lost
// answer is settled by reading, and the same patch is sent again until the object tells the truth.
// One a run; engine's thread.
#pragma once

#include "engine/doubts.hpp"
#include "engine/fence.hpp"
#include "engine/journal.hpp"
#include "engine/lease.hpp"
#include "engine/look.hpp"
#include "engine/ports.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace deployctl::engine {

/// What of it is missing on the object as it was read; empty: it holds.
using Change = std::function<JsonPatch(const Value& object)>;

struct EffectResult {
    enum class Kind {
        held,  ///< nothing to write
        written,
        gone,     ///< the object is not there
        refused,  ///< the API server will not have it: permission, validation, admission, quota
        stuck,    ///< no answer, again and again
    } kind{};
    Value object;                                        ///< as it stands now
    std::string message;                                 ///< the server's words
    std::optional<Duration> retry_after = std::nullopt;  ///< not to be asked again before
};

class Effects {
public:
    Effects(Ports ports, Journal& journal, Lease& lease, Look& look);

    Task<EffectResult> ensure(ObjectRef ref, Change change);
    /// Creates `object` where nothing of its name is there; else ensures `reuse` on it.
    Task<EffectResult> ensure_exists(ObjectRef ref, Value object, Change reuse);
    /// Deletes the object where it is as `is_meant` wants it, and still is when the request
    /// arrives. Held: it is another one, or has changed.
    Task<EffectResult> remove(ObjectRef ref, std::function<bool(const Value& object)> is_meant);
    /// Raises the fence and changes nothing else: no older write can land on the object any more.
    Task<EffectResult> claim(ObjectRef ref);
    /// What `claim` asks of an object: nothing where it has been claimed already.
    Change claiming() const;
    /// The same for what this runner has sent and got no answer to, whose copies may be on their
    /// way still: to be done before a decision that such a write would thwart. Throws
    /// Error{stopped_watching} where it cannot be had.
    Task<> seal();
    /// What a runner that is gone has left without an outcome.
    void doubt(const std::vector<OpenAttempt>& attempts);
    /// By a look at each object, where no write of ours has settled it yet.
    Task<> settle_doubts();
    /// A look that shows every effect so far.
    Task<World> world();

private:
    enum class Settled { applied, not_applied, refused };

    struct Attempt {
        ObjectRef ref;
        Value seen;
        JsonPatch patch;
        Signature signature;
    };

    /// What a request was answered.
    struct Sent {
        WriteReply reply;
        bool in_time = true;      ///< false: not sent, since it was decided on too old a look
        bool unanswered = false;  ///< a copy of it may still be on its way
    };

    Signature sign();
    Task<bool> ensure_trust();
    /// Throws where this runner stood still, and closes the attempt.
    Task<> expect_awake(ObjectRef ref, std::string attempt);
    Task<EffectResult> change_object(ObjectRef ref, Change change);
    Task<EffectResult> create(ObjectRef ref, Value object);
    Task<Settled> attempt(Attempt attempt, EffectResult* result);
    Task<Sent> send(Attempt attempt);
    Task<> wait(Duration pause);
    Task<Settled> settle(Attempt attempt, WriteReply reply, EffectResult* result);
    Task<std::string> record_intent(
        ObjectRef ref, EffectVerb verb, std::string fence_before, std::string request
    );
    Task<> conclude(ObjectRef ref, OutcomeRecorded outcome, Value seen);
    Task<> heed(ObjectRef ref, std::optional<Value> seen);

    Ports ports_;
    Journal& journal_;
    Lease& lease_;
    Look& look_;
    std::int64_t seq_ = 0;
    Doubts doubts_;
};

}  // namespace deployctl::engine
