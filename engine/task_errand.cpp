// SPDX-License-Identifier: Apache-2.0
#include "engine/task_errand.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <utility>

namespace deployctl::engine {

Task<> nothing_to_do() {
    co_return;
}

TaskErrand::TaskErrand(
    const boost::asio::any_io_executor& executor, Tasks& tasks, TaskOrder order, BootTime begun
)
    : order_(std::move(order)),
      begun_(begun),
      talk_(std::make_shared<Talk>()),
      errand_(executor, carry_out(&tasks, order_, talk_)) {}

Task<Verdict> TaskErrand::carry_out(Tasks* tasks, TaskOrder order, std::shared_ptr<Talk> talk) {
    order.tell = [talk](Value fact) { talk->facts.push_back(std::move(fact)); };
    talk->report = co_await tasks->run(order);
    co_return Verdict{};
}

std::vector<Value> TaskErrand::take_facts() {
    return std::exchange(talk_->facts, {});
}

TaskReport TaskErrand::result() const {
    (void)errand_.result();  // nothing but what was thrown
    return talk_->report;
}

Task<> TaskErrand::stop() {
    co_await errand_.call_off();
}

}  // namespace deployctl::engine
