// SPDX-License-Identifier: Apache-2.0
#include "engine/task_trail.hpp"

#include "ports/task_evidence.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;

namespace {

struct Case {
    Case() {
        StackWork applies;
        applies.stack = "data";
        plan.tasks["apply-data"] = {applies, minutes(1)};
        applies.reverts = true;
        plan.tasks["revert-data"] = {applies, minutes(1)};
        order.name = "revert-data";
        order.task = plan.tasks.at("revert-data");
        report.evidence = Value::map();
        report.evidence.set(nothing_applied_here, true);
    }

    void add(const Entry& entry) { events.push_back(to_event(entry)); }

    TaskReport judged() const { return engine::with_doubts(plan, events, order, report); }

    Plan plan;
    TaskOrder order;
    TaskReport report{TaskEnd::done, "nothing was applied", {}};
    std::vector<Event> events;
};

}  // namespace

TEST_CASE(
    "a stack that another journal's runner applied is not silently left as it is", "[engine]"
) {
    Case it;
    it.add(TaskBegan{Direction::forward, 0, "apply-data", "", "as the cluster shows"});
    const auto report = it.judged();
    CHECK(report.end == TaskEnd::cannot_tell);
    CHECK(report.detail.find("NOT taken back") != std::string::npos);
    CHECK(report.detail.find("deployctl infra apply data") != std::string::npos);
    SECTION("who goes on has seen to it") {
        Cause cause;
        cause.kind = std::string(engine::task_unknown_cause);
        cause.subject = "revert-data";
        it.add(CauseFound{cause});
        CHECK(it.judged().end == TaskEnd::done);
    }
}

TEST_CASE("a rollout taken in on its way back does not show what was applied", "[engine]") {
    Case it;
    it.add(StateChanged{
        RolloutState::rolling_back,
        RolloutState::rolling_back,
        Direction::back,
        std::string(engine::imported_reason),
        std::nullopt,
    });
    CHECK(it.judged().end == TaskEnd::cannot_tell);
}

TEST_CASE("where this journal knows that nothing was applied nothing is in doubt", "[engine]") {
    Case it;
    CHECK(it.judged().end == TaskEnd::done);
    it.add(TaskBegan{Direction::forward, 0, "apply-data", "019ae001", "by this one"});
    CHECK(it.judged().end == TaskEnd::done);
}
