// SPDX-License-Identifier: Apache-2.0
#include "promotion/course.hpp"

#include "promotion/group.hpp"
#include "promotion/line_json.hpp"
#include "tests/promotion/lines.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::promotion;
using tests::Ground;

namespace {

using Kind = Note::Kind;

Line staging_to_dr() {
    Ground ground;
    ground.stands("staging", "v2");
    auto& production = ground.environment("production");
    tests::put_on_two_clusters(production);
    production.waves.soak = minutes(10);
    production.waves.on_failure = WaveFailure::rollback_all;
    return draw_promotion(ground.configuration, {"v2", "", "", "dr"}, ground.facts, "").line;
}

GroupSettings three_services() {
    GroupSettings settings;
    settings.name = "shop";
    settings.members = {{"web", {"web", {"api"}}}, {"api", {"api", {"db"}}}, {"db", {"db", {}}}};
    settings.gates = {"smoke"};
    return settings;
}

std::map<std::string, Member> members_of(const GroupSettings& settings) {
    std::map<std::string, Member> members;
    for (const auto& [name, member] : settings.members) {
        members[name] = {name, {"production", "", "lab", "shop"}, "sha256:" + name};
    }
    return members;
}

/// A minute apart.
struct Told {
    std::vector<OperationEvent> events;

    void note(Kind kind, const std::string& leg, const std::string& rollout = "") {
        note({kind, leg, rollout, ExitCode::rolled_back, "why"});
    }

    void note(const Note& what) {
        auto event = to_event(what);
        event.at = WallTime(minutes(std::ssize(events)));
        events.push_back(event);
    }
};

std::string next_text(const Line& line, const Told& told) {
    const auto next = next_of(line, course_of(told.events));
    const auto leg = next.leg == nullptr ? std::string() : next.leg->name;
    switch (next.kind) {
        case Next::Kind::begin:
            return "begin " + leg +
                   (next.not_before ? " at " + to_text(next.not_before->time_since_epoch()) : "");
        case Next::Kind::go_on: return "go on with " + leg;
        case Next::Kind::send_back: return "send back " + leg;
        case Next::Kind::ask_gates: return "ask gates";
        case Next::Kind::end: return std::string("end ") + to_text(next.state);
    }
    return "";
}

}  // namespace

TEST_CASE("a line is walked leg by leg, each once what it needs has stood", "[promotion]") {
    const auto line = staging_to_dr();
    Told told;
    CHECK(next_text(line, told) == "begin production/eu-1");
    told.note(Kind::began, "production/eu-1");
    CHECK(next_text(line, told) == "go on with production/eu-1");
    told.note(Kind::stood, "production/eu-1", "r-1");
    CHECK(next_text(line, told) == "begin production/us-1 at 11m");
    told.note(Kind::stood, "production/us-1");
    CHECK(next_text(line, told) == "begin dr at 2m");
    told.note(Kind::stood, "dr");
    CHECK(next_text(line, told) == "end done");
    CHECK(course_of(told.events).at("production/eu-1").rollout == "r-1");
}

TEST_CASE("a bad wave sends those before it back, and no environment beyond", "[promotion]") {
    const auto line = staging_to_dr();
    Told told;
    told.note(Kind::stood, "production/eu-1", "r-1");
    told.note(Kind::failed, "production/us-1");
    CHECK(next_text(line, told) == "send back production/eu-1");
    told.note(Kind::going_back, "production/eu-1");
    CHECK(next_text(line, told) == "send back production/eu-1");
    SECTION("it comes back") {
        told.note(Kind::came_back, "production/eu-1");
        CHECK(next_text(line, told) == "end undone");
    }
    SECTION("it does not") {
        told.note(Kind::did_not, "production/eu-1");
        CHECK(next_text(line, told) == "end needs_human");
    }
}

TEST_CASE("a leg that fails with nothing behind it ends the line", "[promotion]") {
    const auto line = staging_to_dr();
    Told told;
    told.note(Kind::failed, "production/eu-1");
    CHECK(next_text(line, told) == "end failed");
    CHECK(failed_leg(line, course_of(told.events))->name == "production/eu-1");
}

TEST_CASE("a group comes in the order of its needs, and goes in reverse", "[promotion]") {
    const auto settings = three_services();
    const auto draft = draw_group(settings, members_of(settings), "v2");
    CHECK(
        to_text(draft) ==
        "group of shop v2\n"
        "  1  db  db on lab/shop\n"
        "  2  api  api on lab/shop; after db; if it fails, back: db\n"
        "  3  web  web on lab/shop; after api; if it fails, back: api, db\n"
        "  then the gates smoke; if one fails, all of it goes back\n"
    );
    Told told;
    told.note(Kind::stood, "db");
    told.note(Kind::stood, "api");
    SECTION("a member fails") {
        told.note(Kind::failed, "web");
        CHECK(next_text(draft.line, told) == "send back api");
        told.note(Kind::did_not, "api");
        CHECK(next_text(draft.line, told) == "send back db");
        told.note(Kind::came_back, "db");
        CHECK(next_text(draft.line, told) == "end needs_human");
    }
    SECTION("the gates of all fail") {
        told.note(Kind::stood, "web");
        CHECK(next_text(draft.line, told) == "ask gates");
        told.note(Kind::gates_failed, "");
        CHECK(next_text(draft.line, told) == "send back web");
    }
    SECTION("they pass") {
        told.note(Kind::stood, "web");
        told.note(Kind::gates_passed, "");
        CHECK(next_text(draft.line, told) == "end done");
    }
}

TEST_CASE("a group that cannot be ordered, or whole, is refused", "[promotion]") {
    auto settings = three_services();
    settings.members["db"].needs = {"web", "cache"};
    CHECK(
        draw_group(settings, {}, "v2").refusals ==
        std::vector<std::string>{
            "db needs cache, which is no member",
            "members need each other: api, which needs db, which needs web, which needs api",
        }
    );
    settings = three_services();
    auto members = members_of(settings);
    members["api"].app = "web";
    members["db"].trouble = "no image db:v2 in the registry";
    CHECK(
        draw_group(settings, members, "v2").refusals ==
        std::vector<std::string>{
            "api and web are the same app, web",
            "db: no image db:v2 in the registry",
        }
    );
    CHECK(
        draw_group({"shop", {}, {}}, {}, "v2").refusals ==
        std::vector<std::string>{"group shop has no members"}
    );
}

TEST_CASE("a member that has the version stays out, and is not sent back", "[promotion]") {
    const auto settings = three_services();
    auto members = members_of(settings);
    members["db"].has_it = true;
    const auto draft = draw_group(settings, members, "v2");
    CHECK(draft.already == std::vector<std::string>{"db"});
    CHECK(find_leg(draft.line, "web")->goes_back == std::vector<std::string>{"api"});
    CHECK(find_leg(draft.line, "api")->needs.empty());
}

TEST_CASE("a line is the same after it was kept", "[promotion]") {
    auto line = staging_to_dr();
    line.strategy = StrategyKind::canary;
    CHECK(read_line(to_value(line)) == line);
    CHECK_THROWS_AS(read_line(Value()), Error);
    OperationEvent other;
    other.type = "infra.applied";
    CHECK_FALSE(read_note(other));
}

TEST_CASE("a leg that failed and did not come back itself needs people", "[promotion]") {
    const auto line = staging_to_dr();
    Told told;
    told.note(Kind::stood, "production/eu-1", "r-1");
    told.note({Kind::failed, "production/us-1", "r-2", ExitCode::not_rolled_back, "why"});
    CHECK(next_text(line, told) == "send back production/eu-1");
    told.note(Kind::came_back, "production/eu-1");
    CHECK(next_text(line, told) == "end needs_human");
}

TEST_CASE("the first leg alone that did not come back needs people as well", "[promotion]") {
    const auto line = staging_to_dr();
    Told told;
    told.note({Kind::failed, "production/eu-1", "r-1", ExitCode::not_rolled_back, "why"});
    CHECK(next_text(line, told) == "end needs_human");
}
