// SPDX-License-Identifier: Apache-2.0
// Each rule about what is done beside the pods is broken on purpose, and caught.
#include "tests/simulation/hooligan.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::tests;

namespace {

const simulation::TaskShape with_tasks{5};

}  // namespace

TEST_CASE(
    "a task is begun that was done, or by the same runner beside itself: I38", "[simulation]"
) {
    Hooligan hooligan;
    hooligan.put_record();
    hooligan.write(TaskBegan{Direction::forward, 1, "backup-web", "a", "back up web"});
    SECTION("it goes on after its end") {
        hooligan.write(TaskEnded{1, "backup-web", "a", TaskEnd::failed, "", {}, {}});
        hooligan.write(TaskBegan{Direction::forward, 1, "backup-web", "b", "back up web"});
        CHECK(hooligan.broken().empty());
        hooligan.write(TaskEnded{1, "backup-web", "b", TaskEnd::done, "", {}, {}});
        hooligan.write(TaskBegan{Direction::forward, 1, "backup-web", "c", "back up web"});
        CHECK(hooligan.broken() == "I38");
    }
    SECTION("it is still open") {
        hooligan.write(TaskBegan{Direction::forward, 1, "backup-web", "b", "back up web"});
        CHECK(hooligan.broken() == "I38");
    }
    SECTION("another runner has come") {
        hooligan.epoch = 2;
        hooligan.write(LeaseTaken{2, {}});
        hooligan.write(TaskBegan{Direction::forward, 1, "backup-web", "b", "back up web"});
        CHECK(hooligan.broken().empty());
    }
}

TEST_CASE("what is promoted has left a task out: I38", "[simulation]") {
    Hooligan hooligan(StrategyKind::canary, "", CanaryBaseline::stable, with_tasks);
    hooligan.put_record();
    hooligan.write(TaskBegan{Direction::forward, 1, "backup-web", "a", "back up web"});
    hooligan.write(TaskEnded{1, "backup-web", "a", TaskEnd::done, "", {}, {}});
    hooligan.change_state(RolloutState::promoted, Direction::forward);
    CHECK(hooligan.broken() == "I38");
}

TEST_CASE("it goes back by itself past a contract migration: I39", "[simulation]") {
    Hooligan hooligan(StrategyKind::canary, "", CanaryBaseline::stable, with_tasks);
    hooligan.put_record();
    hooligan.write(TaskBegan{Direction::forward, 9, "contract", "a", "run migrate contract"});
    const bool is_wished = GENERATE(false, true);
    const std::string reason = is_wished ? "rolled back by eve" : "exit code 1";
    hooligan.write(StateChanged{
        RolloutState::running, RolloutState::rolling_back, Direction::back, reason, std::nullopt
    });
    CHECK(hooligan.broken() == (is_wished ? "" : "I39"));
}
