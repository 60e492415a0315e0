// SPDX-License-Identifier: Apache-2.0
// A failover as data: its stages, where one stands by its events, and what it is judged by.
#include "engine/disaster.hpp"

#include "documents/json.hpp"
#include "model/error.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::engine;
using Catch::Matchers::Contains;

namespace {

Configuration shop() {
    Configuration made;
    made.app.name = "web";
    made.environments["production"].name = "production";
    made.environments["dr"].name = "dr";
    made.environments["dr"].kube_namespace = "shop-dr";
    made.backup.databases["shop"].restore = {"./restore.sh", "${artifact}", "${drill}"};
    DisasterSettings settings;
    settings.primary = "production";
    settings.standby = "dr";
    settings.database = "shop";
    settings.stack = "data";
    settings.approval = "sre";
    settings.replica.run = {"./lag.sh", "${to}"};
    settings.promote.run = {"./promote.sh"};
    settings.traffic.run = {"./switch.sh", "${from}", "${to}"};
    settings.verify.run = {"./verify.sh", "${namespace}", "${version}"};
    made.disaster = settings;
    return made;
}

DisasterFacts facts() {
    DisasterFacts known;
    known.version = "v2";
    known.digest = "sha256:abc";
    known.backup = LastBackup{"b-1", "backups/b-1.dump", *read_rfc3339("2026-01-31T11:00:00Z")};
    return known;
}

DisasterPlan plan_of(Exercise exercise) {
    return plan_disaster(shop(), exercise, facts()).plan;
}

/// All stages done, a minute each.
std::vector<OperationEvent> events_of(const DisasterPlan& plan, std::size_t done, WallTime begin) {
    std::vector<OperationEvent> events;
    for (std::size_t stage = 0; stage < done; ++stage) {
        events.push_back(stage_started(plan, stage));
        StageEnd end;
        if (plan.stages[stage].step == DisasterStep::age) {
            end.evidence = Value::map({{"age_seconds", 90}});
        }
        events.push_back(stage_ended(plan, stage, end));
        events.back().at = begin + minutes(static_cast<int>(stage) + 1);
    }
    return events;
}

}  // namespace

TEST_CASE(
    "a failover locks the primary, brings the version out, moves data, then traffic", "[engine]"
) {
    CHECK(
        to_text(plan_of(Exercise::failover)) ==
        "failover  web: production to dr  v2 sha256:abc\n"
        "targets: RTO 15m, RPO 5m\n"
        "   1 age       how far the replica is behind: ./lag.sh dr\n"
        "   2 approval  sre agrees, before anything is changed\n"
        "   3 hold      no rollout begins in production\n"
        "   4 infra     stack data is as configured\n"
        "   5 release   v2 in dr\n"
        "   6 restore   shop from backup b-1: ./restore.sh backups/b-1.dump false\n"
        "   7 promote   ./promote.sh\n"
        "   8 traffic   ./switch.sh production dr\n"
        "   9 verify    ./verify.sh shop-dr v2\n"
    );
}

TEST_CASE(
    "a drill switches no traffic, says so to programs, and opens what it has locked", "[engine]"
) {
    CHECK(
        to_text(plan_of(Exercise::drill)) ==
        "drill  web: production to dr  v2 sha256:abc\n"
        "targets: RTO 15m, RPO 5m\n"
        "   1 age       how far the replica is behind: ./lag.sh dr\n"
        "   2 approval  sre agrees, before anything is changed\n"
        "   3 hold      no rollout begins in production\n"
        "   4 infra     stack data is as configured\n"
        "   5 release   v2 in dr\n"
        "   6 restore   shop from backup b-1: ./restore.sh backups/b-1.dump true\n"
        "   7 promote   ./promote.sh\n"
        "   8 verify    ./verify.sh shop-dr v2\n"
        "   9 open      rollouts may begin in production again\n"
    );
}

TEST_CASE("a failback goes the other way, and leaves both sides open", "[engine]") {
    const auto plan = plan_of(Exercise::failback);
    CHECK(plan.from + plan.to == "drproduction");
    CHECK_THAT(
        to_text(plan),
        Contains("3 hold      no rollout begins in dr\n") &&
            Contains("4 open      rollouts may begin in production again\n") &&
            Contains("traffic   ./switch.sh dr production\n") &&
            Contains("11 open      rollouts may begin in dr again\n")
    );
}

TEST_CASE("what is not configured is left out, and what is missing is said", "[engine]") {
    Configuration bare = shop();
    bare.disaster = DisasterSettings();
    bare.disaster->primary = "production";
    bare.disaster->standby = "dr";
    const auto draft = plan_disaster(bare, Exercise::failover, {});
    CHECK(draft.plan.stages.size() == 2);
    CHECK(draft.warnings.size() == 3);
    REQUIRE(draft.refusals.size() == 1);
    CHECK_THAT(draft.refusals[0], Contains("which version production runs"));

    auto known = facts();
    known.backup.reset();
    const auto without = plan_disaster(shop(), Exercise::failover, known);
    REQUIRE(without.refusals.size() == 1);
    CHECK_THAT(without.refusals[0], Contains("no good backup of shop of production"));

    bare.disaster.reset();
    CHECK_THROWS_AS(plan_disaster(bare, Exercise::drill, facts()), Error);
}

TEST_CASE("without a replica the age is that of the last backup", "[engine]") {
    auto settings = shop();
    settings.disaster->replica.run.clear();
    const auto plan = plan_disaster(settings, Exercise::failover, facts()).plan;
    CHECK(plan.stages.front().step == DisasterStep::age);
    CHECK(plan.stages.front().run.empty());
}

TEST_CASE("a plan of a failover is the same after the journal had it", "[engine]") {
    for (const auto exercise : {Exercise::drill, Exercise::failover, Exercise::failback}) {
        const auto plan = plan_of(exercise);
        const auto text = documents::write_json(to_value(plan));
        CHECK(read_disaster_plan(documents::read_json(text)) == plan);
    }
    auto strange = to_value(plan_of(Exercise::drill));
    strange.set("/stages/0/step", "pray");
    CHECK_THROWS_WITH(read_disaster_plan(strange), Contains("does not know: pray"));
}

TEST_CASE("where a failover stands follows from its events", "[engine]") {
    const auto plan = plan_of(Exercise::failover);
    const auto begin = *read_rfc3339("2026-01-31T12:00:00Z");
    CHECK(read_trail(plan, {}).next == 0);
    auto events = events_of(plan, 3, begin);
    CHECK(read_trail(plan, events).next == 3);
    CHECK_FALSE(read_trail(plan, events).is_under_way);
    CHECK(read_trail(plan, events).data_age == seconds(90));

    events.push_back(stage_started(plan, 3));
    CHECK(read_trail(plan, events).is_under_way);
    CHECK(read_trail(plan, events).next == 3);

    StageEnd bad;
    bad.outcome = StageOutcome::failed;
    events.push_back(stage_ended(plan, 3, bad));
    CHECK_FALSE(read_trail(plan, events).is_under_way);
    CHECK(read_trail(plan, events).next == 3);

    bad.outcome = StageOutcome::skipped;
    events.push_back(stage_ended(plan, 3, bad));
    CHECK(read_trail(plan, events).next == 4);
}

TEST_CASE("RTO ends with the last stage but for locks, and needs all of them", "[engine]") {
    const auto plan = plan_of(Exercise::drill);
    const auto begin = *read_rfc3339("2026-01-31T12:00:00Z");
    const auto half = figures_of(plan, read_trail(plan, events_of(plan, 8, begin)), begin);
    CHECK_FALSE(half.rto);
    CHECK_FALSE(half.rto_met);
    const auto whole = figures_of(plan, read_trail(plan, events_of(plan, 9, begin)), begin);
    CHECK(whole.rto == minutes(8));
    CHECK(whole.rto_met);
    CHECK(whole.rpo_met);
    CHECK(to_text(whole, plan) == "RTO 8m00s (target 15m): met; RPO 1m30s (target 5m): met");
    const auto late =
        figures_of(plan, read_trail(plan, events_of(plan, 9, begin)), begin - minutes(8));
    CHECK_FALSE(late.rto_met);
    CHECK_THAT(to_text(late, plan), Contains("RTO 16m00s (target 15m): missed"));
    CHECK_THAT(
        to_text(figures_of(plan, {}, begin), plan), Contains("RPO - (target 5m): not measured")
    );
}

TEST_CASE("what changes data or traffic is not done twice without a word", "[engine]") {
    CHECK_FALSE(is_repeatable(DisasterStep::restore));
    CHECK_FALSE(is_repeatable(DisasterStep::promote));
    CHECK_FALSE(is_repeatable(DisasterStep::traffic));
    CHECK(is_repeatable(DisasterStep::release));
    CHECK(is_repeatable(DisasterStep::verify));
}

TEST_CASE("consent counts people who may, each once, and for a time", "[engine]") {
    ApprovalSettings settings;
    settings.count = 2;
    settings.people = {"bob", "eve"};
    const auto now = *read_rfc3339("2026-01-31T12:00:00Z");
    std::vector<Operation> said(4);
    said[0].by = "bob@laptop";
    said[1].by = "bob@desk";
    said[2].by = "ada@laptop";
    said[3].by = "joe@laptop";
    for (auto& one : said) {
        one.started = now;
    }
    CHECK(consent_of(settings, "ada@ci", said, now).given == std::vector<std::string>{"bob"});
    said[3].by = "eve@laptop";
    CHECK(consent_of(settings, "ada@ci", said, now).is_given());
    CHECK_FALSE(consent_of(settings, "ada@ci", said, now + minutes(241)).is_given());
    CHECK_THAT(object_to(settings, "eve@ci", "eve@laptop"), Contains("who began it"));
    CHECK_THAT(object_to(settings, "ada@ci", "joe@x"), Contains("joe is not one of those"));
}
