// SPDX-License-Identifier: Apache-2.0
#include "engine/task_errand.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <utility>

namespace deployctl::engine {

namespace {

constexpr Duration between_questions = milliseconds(100);

}  // namespace

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

Task<bool> TaskErrand::call_off(Clock* clock, Duration grace) {
    const auto until = clock->boot_time() + grace;
    const auto answered = co_await errand_.call_off();
    bool is_over = answered.has_value();
    while (!is_over && clock->boot_time() < until) {
        co_await clock->sleep(between_questions);
        is_over = co_await errand_.has_ended();
    }
    co_return is_over;
}

}  // namespace deployctl::engine
