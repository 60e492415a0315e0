// SPDX-License-Identifier: Apache-2.0
// Tasks that take their time and end as a test says, and keeps what was asked. What nobody has
// scripted is done at once. One thread.
#pragma once

#include "ports/clock.hpp"
#include "ports/tasks.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace deployctl::simcluster {

class ScriptedTasks final : public Tasks {
public:
    using Script = std::function<TaskReport(const TaskOrder& order)>;

    void answer(const std::string& name, Script script) { scripts_[name] = std::move(script); }

    /// From now on each takes so long, on this clock.
    void take(Duration time, Clock& clock) {
        time_ = time;
        clock_ = &clock;
    }

    /// Called off, they go on to their end, as a tool does that saves its state.
    void end_in_their_own_way() { is_kept_ = true; }

    const std::vector<TaskOrder>& orders() const { return orders_; }

    Task<TaskReport> run(TaskOrder order) override {
        orders_.push_back(order);
        const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
        if (is_kept_) {
            co_await boost::asio::this_coro::throw_if_cancelled(false);
            co_await boost::asio::this_coro::reset_cancellation_state(
                boost::asio::disable_cancellation()
            );
        }
        const auto until = clock_ == nullptr ? BootTime{} : clock_->boot_time() + time_;
        while (clock_ != nullptr && clock_->boot_time() < until) {  // whoever waits moves the time
            co_await boost::asio::post(executor, boost::asio::use_awaitable);
        }
        const auto script = scripts_.find(order.name);
        TaskReport report{TaskEnd::done, "", {}};
        if (script != scripts_.end()) {
            report = script->second(order);
        }
        co_return report;
    }

private:
    std::map<std::string, Script> scripts_;
    std::vector<TaskOrder> orders_;
    Duration time_{};
    Clock* clock_ = nullptr;
    bool is_kept_ = false;
};

}  // namespace deployctl::simcluster
