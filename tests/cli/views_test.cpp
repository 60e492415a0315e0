// SPDX-License-Identifier: Apache-2.0
// The views of one stream of events, from events written by hand.
#include "cli/output/event_line.hpp"
#include "cli/output/event_stream.hpp"
#include "cli/output/live_view.hpp"
#include "cli/output/plain_lines.hpp"
#include "cli/output/progress.hpp"
#include "simcluster/virtual_clock.hpp"
#include "tests/cli/golden_check.hpp"

#include <algorithm>
#include <sstream>

using namespace deployctl;
using namespace deployctl::cli;
using simcluster::VirtualClock;

namespace {

WallTime at_second(int second) {
    return read_rfc3339("2026-11-24T12:28:55Z").value() + seconds(second);
}

Event as_event(const Entry& entry, int second) {
    auto event = to_event(entry);
    event.at = at_second(second);
    event.seq = second + 1;
    event.number = 128;
    event.environment = "production";
    event.rollout = "0198f3c2-7d0e-7a41-9b1f-3f1f4d1c2b6a";
    return event;
}

GateEvaluated gate_sample(Answer answer, const std::string& measured, int good, int bad) {
    Verdict verdict{answer, "", measured, "0%", {}};
    return {6, "health", verdict, good, bad};
}

/// A rollout that fails at 25% and goes back.
std::vector<Event> story_of_a_failure() {
    const auto forward = Direction::forward;
    const auto back = Direction::back;
    Cause cause;
    cause.kind = "gate";
    cause.stage = "25%";
    cause.headline = "health: 11 of 20 requests failed (55%) > limit 0%, 3 in a row";
    std::vector<Event> events;
    int second = 0;
    const auto add = [&](const Entry& entry, int later) {
        events.push_back(as_event(entry, second += later));
    };
    add(RolloutBegun{"ada@laptop", "v2.30.4", "v2.31.0", StrategyKind::canary, 27}, 0);
    add(LeaseTaken{3, {"ada@laptop", "laptop", 4121, 7, "boot"}}, 0);
    add(StateChanged{RolloutState::pending, RolloutState::running, forward, "", std::nullopt}, 0);
    add(StepStarted{forward, 0, "prepare", "pin service web to stable"}, 1);
    add(
        IntentRecorded{
            "a1",
            forward,
            0,
            EffectVerb::patch,
            {Kind::service, "shop", "web"},
            "",
            "web/1/3.1",
            "ff"
        },
        0
    );
    add(OutcomeRecorded{"a1", AttemptState::applied, ""}, 0);
    add(
        StepFinished{
            forward, 0, "prepare", StepResult::done, "service web is pinned", milliseconds(300)
        },
        0
    );
    add(StepStarted{forward, 5, "25%", "wait until 2 candidate and 6 stable pods serve"}, 2);
    add(TrafficMoved{{25, 25, 6, 2}}, 3);
    add(StepStarted{forward, 6, "25%", "hold for 10m"}, 0);
    add(gate_sample(Answer::pass, "0 of 20 requests failed (0%)", 1, 0), 10);
    add(gate_sample(Answer::fail, "11 of 20 requests failed (55%)", 0, 1), 10);
    add(gate_sample(Answer::fail, "12 of 20 requests failed (60%)", 0, 2), 10);
    add(CauseFound{cause}, 10);
    add(
        StateChanged{
            RolloutState::running, RolloutState::rolling_back, back, cause.headline, std::nullopt
        },
        0
    );
    add(StepStarted{back, 0, "restore", "pin service web to stable"}, 0);
    add(StepFinished{back, 0, "restore", StepResult::done, "", milliseconds(800)}, 1);
    add(
        StateChanged{
            RolloutState::rolling_back,
            RolloutState::rolled_back,
            back,
            cause.headline,
            ExitCode::rolled_back
        },
        9
    );
    return events;
}

Progress holding() {
    Progress progress;
    progress.stage = "25%";
    progress.waiting_for = "2m17s of 10m00s";
    progress.elapsed = seconds(137);
    progress.total = minutes(10);
    progress.stable_ready = 6;
    progress.stable_wanted = 6;
    progress.candidate_ready = 2;
    progress.candidate_wanted = 2;
    progress.gates = {"health pass, 0 of 20 requests failed"};
    return progress;
}

std::string plain(const PlainOptions& options) {
    const VirtualClock clock;
    std::ostringstream out;
    {
        PlainLines lines(out, clock, options);
        for (const auto& event : story_of_a_failure()) {
            lines.on_event(event);
        }
    }
    return out.str();
}

Story story_up_to(std::size_t count) {
    Story story;
    for (const auto* stage : {"prepare", "25%", "50%", "100%", "fold", "verify"}) {
        story.stages.push_back(
            {stage, Direction::forward, StageStory::Now::waiting, std::nullopt, std::nullopt}
        );
    }
    const auto events = story_of_a_failure();
    for (std::size_t at = 0; at < count && at < events.size(); ++at) {
        add_event(story, events[at]);
    }
    return story;
}

Headline headline() {
    return {"checkout", "production", "v2.30.4", "v2.31.0", StrategyKind::canary, 128, 27, 8};
}

std::string picture(std::size_t count, const Style& style) {
    std::string text;
    for (const auto& line : draw(headline(), story_up_to(count), holding(), at_second(50), style)) {
        text += line + "\n";
    }
    return text;
}

}  // namespace

TEST_CASE("plain lines: one a change, a word, what happened", "[cli]") {
    tests::check_golden("plain.txt", plain({}));
    tests::check_golden(
        "plain_verbose.txt", plain({Style{}, Weight::detail, Folds::none, seconds(60)})
    );
}

TEST_CASE("plain lines fold by stage where the CI system can", "[cli]") {
    tests::check_golden(
        "plain_github.txt", plain({Style{}, Weight::change, Folds::github, seconds(60)})
    );
    const auto gitlab = plain({Style{}, Weight::change, Folds::gitlab, seconds(60)});
    CHECK(
        gitlab.find("section_start:1795523336:deployctl_prepare\r\033[0Kprepare\n") !=
        std::string::npos
    );
    CHECK(gitlab.find("section_end:") != std::string::npos);
}

TEST_CASE("a log is never silent for longer than a minute", "[cli]") {
    VirtualClock clock;
    std::ostringstream out;
    PlainLines lines(out, clock, {});
    lines.on_progress(holding());
    CHECK(out.str().empty());
    clock.advance(seconds(61));
    lines.on_progress(holding());
    lines.on_progress(holding());
    const auto text = out.str();
    CHECK(
        text.find("wait  25%  2m17s/10m00s  2m17s of 10m00s  stable 6/6  candidate 2/2  health pass"
        ) != std::string::npos
    );
    CHECK(std::count(text.begin(), text.end(), '\n') == 1);
}

TEST_CASE(
    "what comes from pods and people cannot reach the terminal as control characters", "[cli]"
) {
    const auto event = as_event(Noted{"evil\033[2J\rnote"}, 0);
    CHECK(to_text(event, line_of(event, Style{}), Style{}) == "12:28:55 note  evilnote");
}

TEST_CASE("a reminder says who may approve, and how", "[cli]") {
    auto event = as_event(Noted{}, 0);
    event.type = "approval.reminder";
    event.data = Value::map(
        {{"name", "sre"}, {"needed", 2}, {"given", 1}, {"people", Value::list({"ada", "bob"})}}
    );
    CHECK(
        to_text(event, line_of(event, Style{}), Style{}) ==
        "12:28:55 wait  still for approval sre, 1 of 2 given; ada, bob may: deployctl approve 128 "
        "--approval sre --reason TEXT"
    );
    event.data.set("/people", Value(Value::Array{}));
    CHECK(line_of(event, Style{}).text.find("given; anybody may: ") != std::string::npos);
}

TEST_CASE("an answer that came too late to count says so", "[cli]") {
    auto late = gate_sample(Answer::fail, "11 of 20 requests failed", 0, 2);
    late.ruled.decision = "not counted";
    const auto line = line_of(as_event(late, 0), Style{});
    CHECK(line.text.find(", as its wait was over: not counted") != std::string::npos);
    CHECK(line.tone == Tone::dim);
}

TEST_CASE("whose silence is waited for is told in every view", "[cli]") {
    Event event;
    event.at = at_second(0);
    event.type = "lock.waiting";
    event.data = Value::map({
        {"held_by", "ada@laptop on laptop, pid 812, heartbeat 12s ago"},
        {"silence_seconds", 30},
    });
    const std::string told =
        "held by ada@laptop on laptop, pid 812, heartbeat 12s ago; it is taken after 30s of "
        "silence";
    VirtualClock clock;
    std::ostringstream plain;
    PlainLines(plain, clock, {}).on_event(event);
    CHECK(plain.str() == "12:28:55 lock  " + told + "\n");
    std::ostringstream lines;
    EventStream(lines).on_event(event);
    CHECK(lines.str().find(R"("type":"lock.waiting")") != std::string::npos);
    std::ostringstream picture;
    LiveView(
        LiveArea(
            picture, [] { return ScreenSize{120, 24}; }, Style{}
        ),
        clock,
        headline(),
        story_up_to(0),
        Style{}
    )
        .on_event(event);
    CHECK(picture.str().find(told) != std::string::npos);
}

TEST_CASE("an event of a newer program has a line too", "[cli]") {
    Event event;
    event.type = "approval.granted";
    CHECK(line_of(event, Style{}).text == "approval.granted");
    CHECK(line_of(event, Style{}).weight == Weight::detail);
}

TEST_CASE("progress is shown where one of the views shows it", "[cli]") {
    VirtualClock clock;
    std::ostringstream out;
    ProgressViews views;
    CHECK_FALSE(views.shows_progress());
    views.add(std::make_unique<EventStream>(out));
    CHECK_FALSE(views.shows_progress());
    views.add(std::make_unique<PlainLines>(out, clock, PlainOptions{}));
    CHECK(views.shows_progress());
}

TEST_CASE("the stream of events: a header, then a record a line", "[cli]") {
    std::ostringstream out;
    EventStream stream(out);
    const auto events = story_of_a_failure();
    stream.on_event(events.front());
    stream.on_progress(holding());
    stream.on_event(events.back());
    const auto text = out.str();
    CHECK(std::count(text.begin(), text.end(), '\n') == 3);
    CHECK(text.starts_with("{\"program\":\"deployctl "));
    CHECK(
        text.find(
            R"("rollout":"0198f3c2-7d0e-7a41-9b1f-3f1f4d1c2b6a","seq":1,"step":null,"ts":"2026-11-24T12:28:55.000000Z","type":"rollout.started","v":1)"
        ) != std::string::npos
    );
    CHECK(text.find(R"("exit":6)") != std::string::npos);
}

TEST_CASE("the live picture: where it is, traffic, pods, gates", "[cli]") {
    const Style wide{false, false, 120};
    tests::check_golden("live_holding.txt", picture(13, wide));
    tests::check_golden("live_back.txt", picture(17, wide));
    tests::check_golden("live_ascii.txt", picture(13, Style{false, true, 120}));
}

TEST_CASE("in a narrow window finished stages are counted together", "[cli]") {
    Story story = story_up_to(0);
    for (std::size_t at = 0; at < 4; ++at) {
        story.stages[at].now = StageStory::Now::done;
    }
    const auto lines = draw(headline(), story, std::nullopt, at_second(1), Style{false, false, 30});
    CHECK(lines[1] == "✓ 4 stages  · fold  · verify");
}

TEST_CASE("the live area repaints its own lines and nothing else", "[cli]") {
    std::ostringstream out;
    ScreenSize size{20, 24};
    LiveArea area(out, [&size] { return size; }, Style{});
    area.paint({"one", "two"});
    CHECK(out.str() == "one\033[K\ntwo\033[K\n\033[J");
    out.str("");
    area.paint({"three"});
    CHECK(out.str() == "\033[2Fthree\033[K\n\033[J");
    out.str("");
    area.print_above("stays");
    CHECK(out.str() == "\033[1Fstays\033[K\nthree\033[K\n\033[J");
    area.leave();
    out.str("");
    area.paint({"below"});
    CHECK(out.str() == "below\033[K\n\033[J");
}

TEST_CASE(
    "the live area folds to the window's width and height, and counts what a narrower one wrapped",
    "[cli]"
) {
    std::ostringstream out;
    ScreenSize size{12, 4};
    LiveArea area(out, [&size] { return size; }, Style{});
    area.paint({"head", "a", "b", "c", "a line too long for it"});
    CHECK(out.str() == "head\033[K\nc\033[K\na line too…\033[K\n\033[J");
    out.str("");
    size = {6, 4};
    area.paint({"x"});
    CHECK(out.str() == "\033[4Fx\033[K\n\033[J");
}

TEST_CASE("a question stands below the live picture until it is answered", "[cli]") {
    VirtualClock clock;
    std::ostringstream out;
    LiveView view(
        LiveArea(
            out, [] { return ScreenSize{100, 24}; }, Style{}
        ),
        clock,
        headline(),
        story_up_to(13),
        Style{}
    );
    view.ask({"Ctrl-C: [k]eep going?"});
    out.str("");
    clock.advance(seconds(1));
    view.on_progress(holding());
    CHECK(
        out.str().find("2m17s of 10m00s\033[K\nCtrl-C: [k]eep going?\033[K\n") != std::string::npos
    );
    view.ask({});
    out.str("");
    clock.advance(seconds(1));
    view.on_progress(holding());
    CHECK(out.str().find("Ctrl-C") == std::string::npos);
}

TEST_CASE("the live view paints at most ten times a second and leaves its last picture", "[cli]") {
    VirtualClock clock;
    std::ostringstream out;
    {
        LiveView view(
            LiveArea(
                out, [] { return ScreenSize{100, 24}; }, Style{}
            ),
            clock,
            headline(),
            story_up_to(0),
            Style{}
        );
        view.on_progress(holding());
        const auto once = out.str().size();
        view.on_progress(holding());
        CHECK(out.str().size() == once);
        clock.advance(milliseconds(100));
        view.on_progress(holding());
        CHECK(out.str().size() > once);
        for (const auto& event : story_of_a_failure()) {
            view.on_event(event);
        }
    }
    const auto text = out.str();
    CHECK(
        text.find("FAIL  25%  health: 11 of 20 requests failed (55%) > limit 0%, 3 in a row") !=
        std::string::npos
    );
    CHECK(text.rfind("rolled_back") > text.rfind("FAIL"));
    CHECK(text.find("\033[?1049h") == std::string::npos);
}

TEST_CASE("a retry begins the story anew: no stage is done, and none goes back", "[cli]") {
    const auto back = Direction::back;
    Story story;
    for (const auto& event : story_of_a_failure()) {
        add_event(story, event);
    }
    CHECK(is_going_back(story));
    const StateChanged retried{
        RolloutState::rolling_back, RolloutState::running, Direction::forward, "", std::nullopt
    };
    add_event(story, as_event(StepStarted{back, 3, "restore", "drain for 5s"}, 200));
    add_event(story, as_event(retried, 201));
    CHECK_FALSE(is_going_back(story));
    CHECK_FALSE(story.cause);
    REQUIRE_FALSE(story.stages.empty());
    CHECK(std::ranges::all_of(story.stages, [](const StageStory& stage) {
        return stage.now == StageStory::Now::waiting && !stage.began;
    }));
}
