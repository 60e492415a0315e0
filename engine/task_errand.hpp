// SPDX-License-Identifier: Apache-2.0
// One of the plan's tasks that runs while the watching goes on. It begins at once, and is called
// off when this object goes. Engine's thread.
#pragma once

#include "engine/errand.hpp"
#include "ports/clock.hpp"
#include "ports/tasks.hpp"

#include <memory>
#include <vector>

namespace deployctl::engine {

/// What stands in for the care of a wait that takes none.
Task<> nothing_to_do();

class TaskErrand {
public:
    TaskErrand(
        const boost::asio::any_io_executor& executor, Tasks& tasks, TaskOrder order, BootTime begun
    );

    const TaskOrder& order() const { return order_; }

    BootTime begun() const { return begun_; }

    /// Lets it go on, where it can, and says whether it has ended.
    Task<bool> has_ended() { return errand_.has_ended(); }

    /// What it has told since the last time.
    std::vector<Value> take_facts();

    /// What it has reported, if it has; also of one that was called off.
    const TaskReport& last_words() const { return talk_->report; }

    /// Of one that has ended; throws what the task threw.
    TaskReport result() const;
    /// Its program is told to end in its own way.
    Task<> stop();

private:
    struct Talk {
        TaskReport report;
        std::vector<Value> facts;
    };

    static Task<Verdict> carry_out(Tasks* tasks, TaskOrder order, std::shared_ptr<Talk> talk);

    TaskOrder order_;
    BootTime begun_;
    std::shared_ptr<Talk> talk_;  ///< the running task's as well, which may end later than this
    Errand errand_;
};

}  // namespace deployctl::engine
