// SPDX-License-Identifier: Apache-2.0
#include "gates/dependency_gate.hpp"

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

DependencyQuestion at_least(const std::string& version) {
    return {"payments", "production", version};
}

DependencyQuestion exactly(const std::string& version) {
    return {"payments", "production", "", version};
}

DependencyQuestion of_image(const std::string& digest) {
    return {"payments", "production", "", "", digest};
}

Verdict judged(const DependencyQuestion& question, const std::vector<Row>& rows) {
    return gates::judge(question, tests::journal_of(rows), noon);
}

Answer answered(const DependencyQuestion& question, const std::string& version) {
    return judged(question, {{version, promoted, 1h}}).answer;
}

}  // namespace

TEST_CASE("a dependency passes from its least version on", "[gates]") {
    const auto good = judged(at_least("2.3.0"), {{"v2.4.1", promoted, 1h}});
    CHECK(good.answer == Answer::pass);
    CHECK(good.measured == "v2.4.1");
    CHECK(good.limit == "at least 2.3.0");
    CHECK(good.reason == "payments in production by rollout 1 of 2026-11-30 11:00 UTC");
    CHECK(good.evidence.text("/version") == "v2.4.1");
    CHECK(answered(at_least("2.3.0"), "2.3.0") == Answer::pass);
    CHECK(answered(at_least("2.3.0"), "10.0.0") == Answer::pass);
    CHECK(answered(at_least("2.3.0"), "2.2.99") == Answer::fail);
    CHECK(answered(at_least("2.3.0"), "2.3.0-rc.1") == Answer::fail);
    CHECK(answered(at_least("2.3.0-rc.1"), "2.3.0-rc.2") == Answer::pass);
}

TEST_CASE("a tag that is no version is an error where versions are compared", "[gates]") {
    for (const auto* tag : {"latest", "2.3", "v2", "2.3.0.1", "02.3.0", "", "main-4711"}) {
        CAPTURE(tag);
        const auto verdict = judged(at_least("2.3.0"), {{tag, promoted, 1h}});
        CHECK(verdict.answer == Answer::error);
        CHECK_THAT(verdict.reason, Contains("is no semantic version"));
    }
    CHECK(answered(at_least("soon"), "2.3.0") == Answer::error);
}

TEST_CASE("an exact version is that one, with or without a v", "[gates]") {
    CHECK(answered(exactly("2.3.1"), "v2.3.1") == Answer::pass);
    CHECK(answered(exactly("2.3.1"), "2.3.2") == Answer::fail);
    CHECK(answered(exactly("2.3.1"), "2.3.1-rc.1") == Answer::fail);
    CHECK(answered(exactly("main-4711"), "main-4711") == Answer::pass);
    CHECK(answered(exactly("main-4711"), "main-4712") == Answer::fail);
    CHECK(answered(exactly("2.3.1"), "main") == Answer::fail);
}

TEST_CASE("an exact image is told by its digest, which must be known", "[gates]") {
    const auto good = judged(of_image(one_image), {{"v1", promoted, 1h, "", one_image}});
    CHECK(good.answer == Answer::pass);
    CHECK(good.measured == "v1 (" + one_image + ")");
    CHECK(
        judged(of_image(one_image), {{"v1", promoted, 1h, "", other_image}}).answer == Answer::fail
    );
    const auto unknown = judged(of_image(one_image), {{"v1", promoted, 1h}});
    CHECK(unknown.answer == Answer::error);
    CHECK_THAT(unknown.reason, Contains("its digest is not known"));
}

TEST_CASE("what is under way there may not replace the version that is needed", "[gates]") {
    const std::vector<Row> back{{"2.3.0", promoted, 9h}, {"2.2.0", running, 0h, "2.3.0"}};
    const auto leaving = judged(at_least("2.3.0"), back);
    CHECK(leaving.answer == Answer::inconclusive);
    CHECK_THAT(leaving.reason, Contains("2.2.0 of rollout 2 is under way there"));
    const std::vector<Row> on{{"2.3.0", promoted, 9h}, {"2.4.0", running, 0h, "2.3.0"}};
    CHECK(judged(at_least("2.3.0"), on).answer == Answer::pass);
    const std::vector<Row> not_yet{{"2.2.0", promoted, 9h}, {"2.3.0", running, 0h, "2.2.0"}};
    CHECK(judged(at_least("2.3.0"), not_yet).answer == Answer::fail);
    const std::vector<Row> odd{{"2.3.0", promoted, 9h}, {"main", running, 0h, "2.3.0"}};
    CHECK(judged(at_least("2.3.0"), odd).answer == Answer::inconclusive);
}

TEST_CASE("a version that was rolled back there does not count", "[gates]") {
    const std::vector<Row> rows{{"2.2.0", promoted, 9h}, {"2.3.0", rolled_back, 1h, "2.2.0"}};
    const auto verdict = judged(at_least("2.3.0"), rows);
    CHECK(verdict.answer == Answer::fail);
    CHECK(verdict.measured == "2.2.0");
    const auto none = judged(at_least("2.3.0"), {{"2.3.0", rolled_back, 1h}});
    CHECK(none.answer == Answer::fail);
    CHECK(none.reason == "no rollout of payments in production was promoted");
    const auto empty = judged(at_least("2.3.0"), {});
    CHECK(empty.answer == Answer::error);
    CHECK_THAT(empty.reason, Contains("payments in production: no rollout there"));
}

TEST_CASE("a dependency on the rollout itself is an error", "[gates]") {
    GateBench bench;
    const auto own = bench.ask(DependencyQuestion{"web", "${env}", "1.0.0"});
    CHECK(own.answer == Answer::error);
    CHECK_THAT(own.reason, Contains("the rollout that it is a gate of"));
    const auto other = bench.ask(DependencyQuestion{"payments", "${env}", "1.0.0"});
    CHECK(other.answer == Answer::error);
    CHECK_THAT(other.reason, Contains("payments in production: no rollout there"));
}
