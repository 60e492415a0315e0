// SPDX-License-Identifier: Apache-2.0
// Which call goes wrong, and how. One plan may count the calls of a FaultyCluster and of a
// FaultyStore together: then "crash at call n" for n = 1, 2, ... until `has_struck` stays false
// tries every point of a run. The decorators hold a reference; one thread.
#pragma once

#include "model/time.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace deployctl::simcluster {

enum class Fault {
    none,
    crash_before,  ///< SimulatedCrash, nothing was done
    crash_after,   ///< SimulatedCrash, it was done
    lost_before,   ///< a write: unknown, nothing was done; a read or a store: Error
    lost_after,    ///< a write: unknown, it was done; a store: Error, it was committed
    late,          ///< a write: unknown, and lands half a minute later
    twice,         ///< a write: done, and lands again half a minute later
    conflict,
    throttled,
    forbidden,
    invalid,
    unreadable,  ///< a cluster's read: Error{blocked}, as of a 403; all else goes through
};

/// The process is gone, as by kill -9. Derived from nothing, so that no `catch` of the program
/// holds it.
struct SimulatedCrash {
    std::string where;  ///< "before call 17: patch Deployment/web"
};

class FaultPlan {
public:
    enum class Kind { read, write };

    /// Calls and writes count from 1, over all that share the plan.
    Duration patience = seconds(1);  ///< what `throttled` asks for

    FaultPlan& at_call(int number, Fault fault) { return in_calls(number, number, fault); }

    FaultPlan& at_write(int number, Fault fault);
    /// An outage: from the first to the last.
    FaultPlan& in_calls(int first, int last, Fault fault);

    /// Every call from now on; `none` ends it.
    void from_now_on(Fault fault) { standing_ = fault; }

    /// Runs something just before the write is sent: another runner, a person's edit, a long sleep.
    FaultPlan& before_write(int number, std::function<void()> what);

    int calls() const { return static_cast<int>(trace_.size()); }

    int writes() const { return writes_; }

    bool has_struck() const { return struck_ > 0; }

    /// Every call so far: "patch Deployment/web", "append effect.intent", one a line, with its
    /// number.
    std::string trace_text() const;

    /// For the decorators: the fault of this call. Throws SimulatedCrash where it is
    /// `crash_before`.
    Fault next(Kind kind, std::string what);
    /// For the decorators: after the call was done. Throws SimulatedCrash where the fault is
    /// `crash_after`.
    void finish(Fault fault) const;

private:
    struct Outage {
        int first = 0;
        int last = 0;
        Fault fault{};
    };

    Fault planned(Kind kind) const;

    std::vector<Outage> outages_;
    std::map<int, Fault> at_writes_;
    std::map<int, std::function<void()>> before_writes_;
    std::vector<std::string> trace_;
    Fault standing_ = Fault::none;
    int writes_ = 0;
    int struck_ = 0;
};

}  // namespace deployctl::simcluster
