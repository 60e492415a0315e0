// SPDX-License-Identifier: Apache-2.0
// A verdict that is fetched while the watching goes on. It begins at once, and is called off,
// together with every program that it runs, when this object goes. Engine's thread.
#pragma once

#include "model/verdict.hpp"
#include "ports/task.hpp"

#include <memory>
#include <optional>

namespace boost::asio {
class any_io_executor;
}

namespace deployctl::engine {

class Errand {
public:
    Errand(const boost::asio::any_io_executor& executor, Task<Verdict> task);
    ~Errand();
    Errand(Errand&&) noexcept = default;
    Errand& operator=(Errand&&) = delete;

    /// Lets it go on, where it can, and says whether it has ended.
    Task<bool> has_ended();
    /// Of one that has ended; throws what the task threw.
    Verdict result() const;
    /// Nobody waits for it any more. What it has answered by then; nothing where it had no answer.
    Task<std::optional<Verdict>> call_off();

private:
    struct State;
    std::shared_ptr<State> state_;  ///< the running task's as well, which may end later than this
};

}  // namespace deployctl::engine
