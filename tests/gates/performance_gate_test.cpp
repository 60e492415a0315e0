// SPDX-License-Identifier: Apache-2.0
#include "gates/performance_gate.hpp"

#include "tests/gates/a_paper.hpp"
#include "tests/gates/gate_bench.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using tests::GateBench;
using tests::paper::digest;
using tests::paper::names;
using tests::paper::now;

namespace {

PerformanceQuestion question() {
    PerformanceQuestion question;
    question.report = "load/v2.json";
    return question;
}

PerformanceQuestion with_limit(Duration most = 100ms) {
    auto asked = question();
    asked.max_p95 = most;
    return asked;
}

PerformanceQuestion with_baseline(double tolerance = 0.1) {
    auto asked = question();
    asked.baseline = "load/v1.json";
    asked.tolerance = tolerance;
    return asked;
}

FileAnswer file(const std::string& text, Duration ago = {}) {
    return {FileAnswer::Kind::read, text, now - ago, ""};
}

std::string load(double p95, int errors = 0, const std::string& more = "") {
    return "{\"p95\": " + std::to_string(p95) +
           ", \"requests\": 1000, \"errors\": " + std::to_string(errors) + more + "}";
}

/// Of so many requests, each a millisecond slower than the one before it.
std::string hey(int requests) {
    std::string text =
        "response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,"
        "status-code,offset\n";
    for (int i = 1; i <= requests; ++i) {
        text += std::to_string(i / 1000.0) + ",0,0,0,0,0,200,0\n";
    }
    return text;
}

const FileAnswer missing{FileAnswer::Kind::missing, "", {}, "No such file or directory"};

Verdict judged(const PerformanceQuestion& asked, const FileAnswer& report) {
    return gates::judge(asked, {report, std::nullopt}, names, now);
}

Verdict judged(
    const PerformanceQuestion& asked, const FileAnswer& report, const FileAnswer& baseline
) {
    return gates::judge(asked, {report, baseline}, names, now);
}

}  // namespace

TEST_CASE("latencies and errors are held against their limits", "[gates]") {
    const auto good = judged(with_limit(), file(load(100, 10)));
    CHECK(good.answer == Answer::pass);
    CHECK(good.measured == "p95 100 ms, 1% failed");
    CHECK(good.limit == "p95 100 ms, 1%");
    CHECK(good.evidence.real("/requests") == 1000);
    const auto slow = judged(with_limit(), file(load(120)));
    CHECK(slow.answer == Answer::fail);
    CHECK(slow.measured == "p95 120 ms");
    CHECK(slow.limit == "p95 100 ms");
    CHECK(slow.reason == "load/v2.json");
    const auto broken = judged(with_limit(), file(load(1, 11)));
    CHECK(broken.answer == Answer::fail);
    CHECK(broken.measured == "1.1% failed");
}

TEST_CASE("a limit for a number that is not in the report is an error", "[gates]") {
    auto asked = with_limit();
    asked.max_p99 = 1s;
    const auto verdict = judged(asked, file(load(1)));
    CHECK(verdict.answer == Answer::error);
    CHECK_THAT(verdict.reason, Contains("load/v2.json: it has no p99; write it beside `requests`"));
    const auto k6 = judged(
        asked, file(R"k6({"metrics": {"http_reqs": {"count": 1000}, "http_req_failed": {"value": 0},
            "http_req_duration": {"p(95)": 1}}})k6")
    );
    CHECK_THAT(k6.reason, Contains("load/v2.json: it has no p99; k6 writes it with"));
}

TEST_CASE("too few requests prove nothing, whichever way it looks", "[gates]") {
    for (const auto* p95 : {"1", "10000"}) {
        const auto verdict = judged(
            with_limit(), file(std::string(R"({"requests": 100, "errors": 0, "p95": )") + p95 + "}")
        );
        CHECK(verdict.answer == Answer::inconclusive);
        CHECK_THAT(verdict.reason, Contains("p95 rests on too few requests"));
    }
}

TEST_CASE("with every single request the whole interval has to be within the limit", "[gates]") {
    const auto report = file(hey(1000));
    CHECK(judged(with_limit(970ms), report).answer == Answer::pass);
    const auto open = judged(with_limit(950ms), report);
    CHECK(open.answer == Answer::inconclusive);
    CHECK(open.measured == "p95 950 ms (936 to 965)");
    CHECK_THAT(open.reason, Contains("p95 may be on either side: test for longer"));
    CHECK(judged(with_limit(930ms), report).answer == Answer::fail);
    CHECK(judged(with_limit(930ms), file(hey(3))).answer == Answer::inconclusive);
}

TEST_CASE("latencies may be above those of the last good version by the tolerance", "[gates]") {
    const auto before = file(load(100));
    const auto good = judged(with_baseline(), file(load(109)), before);
    CHECK(good.answer == Answer::pass);
    const auto slow = judged(with_baseline(), file(load(111)), before);
    CHECK(slow.answer == Answer::fail);
    CHECK(slow.measured == "p95 111 ms");
    CHECK(slow.limit == "p95 100 ms + 10% of the baseline");
    CHECK(judged(with_baseline(0), file(load(100)), before).answer == Answer::pass);
    CHECK(judged(with_baseline(0.25), file(hey(1000)), file(hey(1000))).answer == Answer::pass);
    CHECK(
        judged(with_baseline(0), file(hey(1000)), file(hey(1000))).answer == Answer::inconclusive
    );
    CHECK(judged(with_baseline(), file(hey(2000)), file(hey(1000))).answer == Answer::fail);
    const auto few = judged(
        with_baseline(), file(load(1)), file(R"({"requests": 10, "errors": 0, "p95": 100})")
    );
    CHECK(few.answer == Answer::inconclusive);
    CHECK_THAT(few.reason, Contains("p95 of the baseline rests on too few requests"));
}

TEST_CASE("a baseline that is not there, or has no number in common, is an error", "[gates]") {
    const auto none = judged(with_baseline(), file(load(1)), missing);
    CHECK(none.answer == Answer::error);
    CHECK_THAT(none.reason, Contains("load/v1.json cannot be read"));
    const auto other =
        judged(with_baseline(), file(load(1)), file(R"({"requests": 9, "errors": 0, "p50": 1})"));
    CHECK(other.answer == Answer::error);
    CHECK_THAT(other.reason, Contains("load/v1.json has no percentile that load/v2.json has"));
    CHECK(judged(with_baseline(), file(load(1)), file("{}")).answer == Answer::error);
}

TEST_CASE("a baseline is of the version that runs, and of no time to come", "[gates]") {
    const auto of = [](const std::string& more, Duration ago = {}) {
        return judged(with_baseline(), file(load(100)), file(load(100, 0, ", " + more), ago));
    };
    const auto good = of(R"("app": "web", "version": "v1")", 1000h);  // as old as v1 is
    CHECK(good.answer == Answer::pass);
    CHECK(good.evidence.text("/baseline_made_at") == to_rfc3339(now - 1000h));
    const auto itself = of(R"("version": "v2")");
    CHECK(itself.answer == Answer::error);
    CHECK(itself.reason == "load/v1.json is about v2, and a baseline is of v1, which runs");
    CHECK(of(R"("env": "staging")").answer == Answer::error);
    CHECK(of(R"("app": 7)").answer == Answer::error);
    const auto tomorrow = of(R"("version": "v1")", -24h);
    CHECK(tomorrow.answer == Answer::error);
    CHECK_THAT(
        tomorrow.reason, Contains("load/v1.json is of 2026-12-01T") && Contains("yet to come")
    );
}

TEST_CASE("a report that is too old, of tomorrow, or unreadable is an error", "[gates]") {
    CHECK(judged(with_limit(), file(load(1), 24h)).answer == Answer::pass);
    const auto old = judged(with_limit(), file(load(1), 25h));
    CHECK(old.answer == Answer::error);
    CHECK_THAT(old.reason, Contains("25h00m old, at most 24h will do; run the load test again"));
    CHECK(judged(with_limit(), file(load(1), -6min)).answer == Answer::error);
    const auto own = load(1, 0, R"(, "made_at": "2026-11-20T00:00:00Z")");
    CHECK(judged(with_limit(), file(own)).answer == Answer::error);
    CHECK(judged(with_limit(), missing).answer == Answer::error);
    CHECK(judged(with_limit(), file("{}")).answer == Answer::error);
}

TEST_CASE("a report that says it is about another version fails", "[gates]") {
    CHECK(
        judged(with_limit(), file(load(1, 0, R"(, "version": "v2", "digest": ")" + digest + "\"")))
            .answer == Answer::pass
    );
    const auto other = judged(with_limit(), file(load(1, 0, R"(, "version": "v1")")));
    CHECK(other.answer == Answer::fail);
    CHECK(other.measured == "v1");
    CHECK_THAT(other.reason, Contains("is about another version than the one that is deployed"));
}

TEST_CASE("reports are read where their names with versions in them say", "[gates]") {
    GateBench bench;
    auto asked = with_limit();
    asked.report = "load/${version}.json";
    asked.baseline = "load/${previous_version}.json";
    bench.files.has("load/v2.json", load(50), bench.clock.now());
    CHECK_THAT(bench.ask(asked).reason, Contains("load/v1.json cannot be read"));
    bench.files.has("load/v1.json", load(49), bench.clock.now() - 1000h);
    CHECK(bench.ask(asked).answer == Answer::pass);
}

TEST_CASE("few requests without an error prove no rate of errors", "[gates]") {
    auto asked = question();
    asked.max_p50 = 100ms;
    asked.max_errors = 0.01;
    const auto of = [](int requests, int errors) {
        return file(
            "{\"p50\": 10, \"requests\": " + std::to_string(requests) +
            ", \"errors\": " + std::to_string(errors) + "}"
        );
    };
    CHECK(judged(asked, of(300, 0)).answer == Answer::pass);
    const auto few = judged(asked, of(299, 0));
    CHECK(few.answer == Answer::inconclusive);
    CHECK_THAT(few.reason, Contains("299 requests are too few to tell that at most 1% fail"));
    CHECK(judged(asked, of(40, 1)).answer == Answer::fail);
}
