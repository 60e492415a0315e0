// SPDX-License-Identifier: Apache-2.0
// The writes whose outcome is not known: they may have landed, or may land still. Says what a look
// at their object tells of them. Pure; any thread.
#pragma once

#include "model/journal.hpp"

#include <map>
#include <optional>
#include <vector>

namespace deployctl::engine {

/// The highest epoch that a fence of this app shows on the object; 0 where there is none.
std::int64_t epoch_of(const Value& object);

class Doubts {
public:
    void add(const IntentRecorded& write);
    /// Its outcome is known.
    void forget(const ObjectRef& ref, const std::string& attempt);

    /// Whatever is in doubt on the object does not matter any more.
    void forget(const ObjectRef& ref) { writes_.erase(ref); }

    std::vector<ObjectRef> places() const;
    /// What is settled by a look at the object, and forgotten thereby. Each write of ours looks
    /// first, so one that landed is seen here before anything of ours covers it.
    std::vector<OutcomeRecorded> settle(const ObjectRef& ref, const std::optional<Value>& seen);
    /// The same once a write of ours has landed on the object as it was seen: none that was sent
    /// before can land any more.
    std::vector<OutcomeRecorded> settle_all(const ObjectRef& ref, const Value& seen);

private:
    std::map<ObjectRef, std::vector<IntentRecorded>> writes_;
};

}  // namespace deployctl::engine
