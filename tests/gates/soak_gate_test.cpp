// SPDX-License-Identifier: Apache-2.0
#include "gates/soak_gate.hpp"

#include "tests/gates/gate_bench.hpp"
#include "tests/gates/journal_rows.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using tests::GateBench;
using tests::noon;
using tests::Row;
using enum RolloutState;

namespace {

const std::string one_image = "sha256:" + std::string(64, '1');
const std::string other_image = "sha256:" + std::string(64, '2');

SoakQuestion question() {
    return {"staging", 24h};
}

Verdict judged(
    const std::vector<Row>& rows, const gates::WantedVersion& wanted = {"v2", one_image}
) {
    return gates::judge(question(), tests::journal_of(rows), wanted, noon);
}

}  // namespace

TEST_CASE("a version that has stood for long enough passes, a younger one says when", "[gates]") {
    const auto old = judged({{"v2", promoted, 26h}});
    CHECK(old.answer == Answer::pass);
    CHECK(old.measured == "26h00m");
    CHECK(old.limit == "at least 24h");
    CHECK(old.reason == "v2 of rollout 1 stands in staging since 2026-11-29 10:00 UTC");
    CHECK(old.evidence.text("/since") == "2026-11-29T10:00:00.000000Z");
    const auto young = judged({{"v2", promoted, 3h}});
    CHECK(young.answer == Answer::fail);
    CHECK(young.measured == "3h00m");
    CHECK_THAT(young.reason, Contains("; passes at 2026-12-01 09:00 UTC"));
    CHECK(judged({{"v2", promoted, 24h}}).answer == Answer::pass);
    CHECK(judged({{"v2", promoted, 24h - 1us}}).answer == Answer::fail);
    const auto nearly = judged({{"v2", promoted, 24h - 90s}});
    CHECK_THAT(nearly.reason, Contains("passes at 2026-11-30 12:02 UTC"));
}

TEST_CASE("a version that was replaced, rolled back or never there does not soak", "[gates]") {
    const auto replaced = judged({{"v2", promoted, 50h}, {"v3", promoted, 2h, "v2"}});
    CHECK(replaced.answer == Answer::fail);
    CHECK(replaced.measured == "v3 of rollout 2 stands in staging");
    CHECK(
        replaced.reason == "v2 was promoted in staging at 2026-11-28 10:00 UTC, and replaced since"
    );
    const auto back = judged({{"v1", promoted, 90h}, {"v2", rolled_back, 50h, "v1"}});
    CHECK(back.answer == Answer::fail);
    CHECK(back.reason == "v2 was rolled back in staging at 2026-11-28 10:00 UTC");
    const auto never = judged({{"v1", promoted, 90h}, {"v2", aborted, 50h, "v1"}});
    CHECK(never.answer == Answer::fail);
    CHECK(never.reason == "v2 was never brought to staging");
    const auto nothing = judged({{"v2", rolled_back, 50h}});
    CHECK(nothing.answer == Answer::fail);
    CHECK(nothing.measured == "not there");
}

TEST_CASE("an attempt at another version that went back starts the time anew", "[gates]") {
    const auto verdict = judged({{"v2", promoted, 90h}, {"v3", rolled_back, 5h, "v2"}});
    CHECK(verdict.answer == Answer::fail);
    CHECK(verdict.measured == "5h00m");
    CHECK_THAT(verdict.reason, Contains("v2 of rollout 1 stands in staging"));
    const auto later = judged({{"v2", promoted, 90h}, {"v3", rolled_back, 25h, "v2"}});
    CHECK(later.answer == Answer::pass);
    const auto unchanged = judged({{"v2", promoted, 90h}, {"v3", aborted, 5h, "v2"}});
    CHECK(unchanged.answer == Answer::pass);
}

TEST_CASE("what is tried there meanwhile takes nothing from a version that has stood", "[gates]") {
    for (const auto state : {pending, running, paused, rolling_back, needs_human}) {
        const auto verdict = judged({{"v2", promoted, 90h}, {"v3", state, 1h, "v2"}});
        CHECK(verdict.answer == Answer::pass);
        CHECK_THAT(verdict.reason, Contains("; v3 of rollout 2 is under way there"));
        const auto other = judged({{"v1", promoted, 90h}, {"v3", state, 1h, "v1"}});
        CHECK(other.answer == Answer::fail);
        CHECK(other.reason == "v3 of rollout 2 is under way in staging");
    }
    CHECK(judged({{"v2", running, 1h}}).answer == Answer::fail);
}

TEST_CASE(
    "where digests are known they are compared, and a moved tag is another image", "[gates]"
) {
    CHECK(judged({{"v2", promoted, 26h, "", one_image}}).answer == Answer::pass);
    CHECK(judged({{"rc-7", promoted, 26h, "", one_image}}).answer == Answer::pass);
    const auto moved = judged({{"v2", promoted, 26h, "", other_image}});
    CHECK(moved.answer == Answer::fail);
    CHECK(moved.reason == "v2 of staging is another image, 222222222222");
    CHECK(judged({{"v2", promoted, 26h, "", other_image}}, {"v2", ""}).answer == Answer::pass);
    CHECK(judged({{"", promoted, 26h}}, {"", one_image}).answer == Answer::fail);
}

TEST_CASE("what the journal cannot tell is an error, and never a pass", "[gates]") {
    const auto empty = judged({});
    CHECK(empty.answer == Answer::error);
    CHECK_THAT(empty.reason, Contains("staging: no rollout there") && Contains("state import"));
    const auto elsewhere = judged({{"v2", promoted, 26h}, {"v3", superseded, 2h, "v2"}});
    CHECK(elsewhere.answer == Answer::error);
    CHECK_THAT(elsewhere.reason, Contains("v3 of rollout 2 was closed, and what stands there"));
    const auto stranger = judged({{"v2", promoted, 90h}, {"v4", rolled_back, 26h, "v3"}});
    CHECK(stranger.answer == Answer::error);
    CHECK_THAT(stranger.reason, Contains("v4 of rollout 2 found v3 there"));
    const auto future = judged({{"v2", promoted, -6min}});
    CHECK(future.answer == Answer::error);
    CHECK_THAT(future.reason, Contains("2026-11-30 12:06 UTC, which is yet to come"));
    CHECK(judged({{"v2", promoted, -4min}}).answer == Answer::fail);
    const std::vector<Row> many(gates::most_rollouts_read, {"v3", rolled_back, 5h});
    CHECK(judged(many).answer == Answer::error);
    auto unfinished = tests::journal_of({{"v2", promoted, 26h}});
    unfinished.front().ended = std::nullopt;
    CHECK(gates::judge(question(), unfinished, {"v2", ""}, noon).answer == Answer::pass);
}

TEST_CASE("an imported rollout counts by its time, whatever its number is", "[gates]") {
    auto rows = tests::journal_of({{"v3", promoted, 26h, "v2"}, {"v2", promoted, 90h}});
    CHECK(gates::judge(question(), rows, {"v3", ""}, noon).answer == Answer::pass);
    CHECK(gates::judge(question(), rows, {"v2", ""}, noon).answer == Answer::fail);
}

TEST_CASE("what stands there is what the last one to end has brought", "[gates]") {
    // v2 was begun first, and waited until v3 had ended.
    auto rows = tests::journal_of({{"v2", promoted, 26h, "v3"}, {"v3", promoted, 27h}});
    rows.back().started -= 5h;
    CHECK(gates::judge(question(), rows, {"v2", ""}, noon).answer == Answer::pass);
    CHECK(gates::judge(question(), rows, {"v3", ""}, noon).answer == Answer::fail);
}

TEST_CASE("a soak is not hidden by more older rollouts than it reads", "[gates]") {
    GateBench bench;
    const auto begin = [&bench](const std::string& id, const std::string& version) {
        NewRollout made;
        made.record.id = id;
        made.record.target = {"web", "staging", id, "uid"};
        made.record.next_version = version;
        simcluster::run(bench.journal.begin(made));
    };
    const auto promote = [&bench](const std::string& id) {
        const std::vector<Entry> end{
            StateChanged{pending, running, Direction::forward, "", {}},
            StateChanged{running, promoted, Direction::forward, "", ExitCode::done},
        };
        simcluster::run(bench.journal.append(id, 1, end));
    };
    begin("last", "v2");
    for (int n = 0; n < gates::most_rollouts_read; ++n) {
        begin("older-" + std::to_string(n), "v1");
        promote("older-" + std::to_string(n));
    }
    simcluster::run(bench.clock.sleep(1min));
    promote("last");
    simcluster::run(bench.clock.sleep(24h));
    CHECK(bench.ask(question()).answer == Answer::pass);
}

TEST_CASE("words of a journal that a stranger wrote stay one short line", "[gates]") {
    const std::string bomb = "v\x1b[2J\n" + std::string(100'000, 'x');
    const auto verdict = judged({{bomb, promoted, 26h}, {bomb, running, 1h, bomb}});
    CHECK(verdict.answer == Answer::fail);
    CHECK(verdict.reason.size() < 200);
    CHECK(verdict.reason.find('\x1b') == std::string::npos);
    CHECK(verdict.evidence.text("/version").size() <= 300);
}

TEST_CASE("a soak reads the journal of its app and environment alone", "[gates]") {
    GateBench bench;
    const auto bring = [&](const std::string& app, const std::string& env) {
        NewRollout made;
        made.record.id = app + "-" + env;
        made.record.target = {app, env, "shop-" + env, "uid"};
        made.record.next_version = "v2";
        simcluster::run(bench.journal.begin(made));
        const std::vector<Entry> end{
            StateChanged{pending, running, Direction::forward, "", {}},
            StateChanged{running, promoted, Direction::forward, "", ExitCode::done},
        };
        simcluster::run(bench.journal.append(made.record.id, 1, end));
    };
    bring("other", "staging");
    bring("web", "testing");
    CHECK_THAT(bench.ask(question()).reason, Contains("no rollout there"));
    bring("web", "staging");
    CHECK(bench.ask(question()).answer == Answer::fail);
    simcluster::run(bench.clock.sleep(24h));
    CHECK(bench.ask(question()).answer == Answer::pass);
    const auto own = bench.ask(SoakQuestion{"production", 1h});
    CHECK(own.answer == Answer::error);
    CHECK_THAT(own.reason, Contains("where the version is being brought"));
}
