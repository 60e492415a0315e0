// SPDX-License-Identifier: Apache-2.0
// Decisions ruled anew, from events written by hand.
#include "engine/gate_replay.hpp"

#include "engine/gate_series.hpp"
#include "gates/policy.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::engine;

namespace {

/// A gate on one number, at most 10, that fails after two bad samples.
struct Journal {
    Journal() {
        GateSettings gate{{}, MetricQuestion{"queue", 10.0, std::nullopt, std::nullopt}};
        gate.policy.fail_after = 2;
        gate.policy.hold_at_most = seconds(30);
        plan.gates = {{"queue", gate}};
        plan.release.tag = "v2";
    }

    Verdict of(double number) const {
        const auto series = Value::list({Value::map({{"number", number}})});
        return {
            number > 10 ? Answer::fail : Answer::pass,
            "",
            "",
            "",
            Value::map({{"query", "queue"}, {"series", series}, {"stable", nullptr}}),
        };
    }

    void add(GateEvaluated entry) {
        auto event = to_event(entry);
        event.seq = static_cast<std::int64_t>(events.size()) + 1;
        events.push_back(event);
    }

    void bad(int in_a_row, const std::string& decision) {
        add({3, "queue", of(11), 0, in_a_row, {0, 0, std::nullopt, decision}});
    }

    ReplayedVerdict last() const { return replay_gates(plan, events).back(); }

    Plan plan;
    std::vector<Event> events;
};

}  // namespace

TEST_CASE("a decision is ruled anew by the answers before it", "[engine]") {
    Journal journal;
    journal.bad(1, "goes on");
    CHECK_FALSE(journal.last().is_other());
    SECTION("the second is enough") {
        journal.bad(2, "failed");
        CHECK_FALSE(journal.last().is_other());
    }
    SECTION("what was let pass is another decision") {
        journal.bad(2, "goes on");
        CHECK(journal.last().is_other_decision());
        CHECK_FALSE(journal.last().is_other_answer());
        CHECK(journal.last().decision == "failed");
    }
    SECTION("a count that was not reached decides nothing") {
        journal.add({3, "queue", journal.of(3), 1, 0, {0, 0, std::nullopt, "passed"}});
        journal.bad(2, "failed");
        CHECK(journal.last().decision == "goes on");
        CHECK(journal.last().is_other());
    }
    SECTION("what came too late to count changes no count") {
        journal.bad(1, std::string(gates::not_counted));
        CHECK_FALSE(journal.last().is_other());
        journal.bad(2, "failed");
        CHECK_FALSE(journal.last().is_other());
    }
    SECTION("a new wait counts anew") {
        journal.bad(1, "goes on");
        CHECK_FALSE(journal.last().is_other());
    }
}

TEST_CASE("the end of a hold is ruled anew by how long it has waited", "[engine]") {
    Journal journal;
    const Verdict open{Answer::inconclusive, "", "", "", {}};
    const auto waited = GENERATE(seconds(29), seconds(30));
    const auto* const decision = waited < seconds(30) ? "goes on" : "cannot tell";
    journal.add({3, "queue", open, 0, 0, {0, 1, waited, decision}});
    CHECK_FALSE(journal.last().is_other());
}

TEST_CASE("what an older version has not recorded is no other decision", "[engine]") {
    Journal journal;
    journal.bad(7, "");
    CHECK_FALSE(journal.last().is_other());
    CHECK(journal.last().decision.empty());
}

TEST_CASE("a gate that is in no plan is judged by its version, if at all", "[engine]") {
    Journal journal;
    const Verdict seen{Answer::pass, "", "", "", Value::map({{"v1", 1}, {"v2", 3}})};
    journal.add({3, "version", seen, 1, 0, {}});
    CHECK(journal.last().is_other_answer());
}

TEST_CASE("series are of gates that the plan has, each number by itself", "[engine]") {
    Journal journal;
    journal.bad(1, "goes on");
    journal.add({3, "queue", journal.of(3), 1, 0, {}});
    journal.add({3, "unknown", journal.of(3), 1, 0, {}});
    const auto all = gate_series(journal.plan, journal.events);
    REQUIRE(all.size() == 1);
    CHECK(all[0].gate == "queue");
    CHECK(all[0].limit == 10.0);
    REQUIRE(all[0].points.size() == 2);
    CHECK(all[0].points[1].value == 3);
}
