// SPDX-License-Identifier: Apache-2.0
#include "gates/alerts_gate.hpp"

#include "tests/gates/gate_bench.hpp"

#include <catch2/catch.hpp>

#include <tuple>

using namespace deployctl;
using Catch::Matchers::Contains;
using tests::GateBench;

namespace {

AlertsQuestion of_web() {
    AlertsQuestion question;
    question.labels = {{"service", "${app}"}, {"env", "${env}"}};
    return question;
}

AlertsQuestion of_alertmanager() {
    auto question = of_web();
    question.alertmanager = "http://am:9093/";
    return question;
}

const std::string query = R"(ALERTS{alertstate="firing",env="production",service="web"})";

MetricAnswer firing(const std::vector<std::string>& names) {
    MetricAnswer answer;
    answer.kind = MetricAnswer::Kind::series;
    for (const auto& name : names) {
        answer.series.push_back({{{"alertname", name}, {"service", "web"}}, {{WallTime{}, 1}}});
    }
    return answer;
}

/// One of the metrics source, which knows these.
Verdict of_source(const MetricAnswer& answer, const AlertsQuestion& question = of_web()) {
    GateBench bench;
    bench.metrics.answer([&](const std::string& asked) {
        CHECK(asked == query);
        return answer;
    });
    return bench.ask(question);
}

std::string alert(
    const std::string& name,
    const std::string& state = "active",
    const std::string& env = "production"
) {
    return R"({"labels":{"alertname":")" + name + R"(","service":"web","env":")" + env +
           R"("},"startsAt":"2026-11-30T01:02:03.456Z","status":{"state":")" + state + R"("}})";
}

Verdict of_manager(
    int status, const std::string& body, const AlertsQuestion& question = of_alertmanager()
) {
    GateBench bench;
    bench.web.on("GET http://am:9093/api/v2/alerts", status, body);
    return bench.ask(question);
}

}  // namespace

TEST_CASE("it passes while no alert fires, and names those that do", "[gates]") {
    const auto good = of_source(firing({}));
    CHECK(good.answer == Answer::pass);
    CHECK(good.measured == "no alert fires");
    const auto bad = of_source(firing({"Slow", "HighErrors"}));
    CHECK(bad.answer == Answer::fail);
    CHECK(bad.measured == "2 alerts fire: HighErrors, Slow");
    CHECK(bad.limit == "none");
    CHECK(bad.reason == "of " + query);
    CHECK(of_source(firing({"Slow"})).measured == "1 alert fires: Slow");
}

TEST_CASE("of many alerts five are named", "[gates]") {
    const auto bad = of_source(firing({"A", "B", "C", "D", "E", "F", "G", "H", "A"}));
    CHECK(bad.measured == "9 alerts fire: A x2, B, C, D, E and 3 more");
    CHECK(bad.evidence.number("/firing") == 9);
    const auto long_name = of_source(firing({std::string(10'000, 'x') + "\x1b[31m"}));
    CHECK(long_name.measured.size() < 200);
    CHECK_THAT(of_source(firing({"a\x1b[31m\nb"})).measured, Contains("a [31m b"));
}

TEST_CASE("alerts that are to be ignored never count", "[gates]") {
    auto question = of_web();
    question.ignore = {"Watchdog", "Slow"};
    CHECK(of_source(firing({"Watchdog", "Slow"}), question).answer == Answer::pass);
    CHECK(of_source(firing({"Watchdog", "Slower"}), question).measured == "1 alert fires: Slower");
    question = of_alertmanager();
    question.ignore = {"Watchdog"};
    CHECK(of_manager(200, "[" + alert("Watchdog") + "]", question).answer == Answer::pass);
}

TEST_CASE("a metrics source that does not know all proves nothing", "[gates]") {
    MetricAnswer partial = firing({});
    partial.warnings = {"store shop-2 is not there"};
    CHECK(of_source(partial).answer == Answer::error);
    CHECK_THAT(of_source(partial).reason, Contains("store shop-2"));
    partial = firing({"Slow"});
    partial.warnings = {"store shop-2 is not there"};
    CHECK(of_source(partial).answer == Answer::fail);
    MetricAnswer silent;
    silent.kind = MetricAnswer::Kind::failed;
    silent.failure = "connection refused";
    CHECK(of_source(silent).answer == Answer::error);
    MetricAnswer nameless = firing({"A"});
    nameless.series[0].labels.erase("alertname");
    CHECK(of_source(nameless).answer == Answer::error);
}

TEST_CASE("labels are escaped, so that a value cannot end its matcher", "[gates]") {
    AlertsQuestion question;
    question.labels = {{"a", "x\"} or vector(1) #\\\n"}};
    CHECK(
        gates::alerts_query(question, {}) ==
        R"(ALERTS{alertstate="firing",a="x\"} or vector(1) #\\\n"})"
    );
    question.alertmanager = "http://am";
    CHECK(
        gates::alerts_request(question, {}).url ==
        "http://am/api/v2/alerts?active=true&silenced=false&inhibited=false"
        "&filter=a%3D%22x%5C%22%7D%20or%20vector%281%29%20%23%5C%5C%5Cn%22"
    );
}

TEST_CASE("a name that nobody has filled in is an error: it would match nothing", "[gates]") {
    auto question = of_web();
    question.labels["pod"] = "${pods}";
    GateBench bench;
    CHECK(bench.ask(question).answer == Answer::error);
    CHECK_THAT(bench.ask(question).reason, Contains("${pods}"));
    CHECK(bench.metrics.queries().empty());
}

TEST_CASE("an Alertmanager is asked for its labels, and says since when", "[gates]") {
    GateBench bench;
    bench.web.on("GET http://am:9093/api/v2/alerts", 200, "[" + alert("HighErrors") + "]");
    const auto bad = bench.ask(of_alertmanager());
    CHECK(bad.answer == Answer::fail);
    CHECK(bad.measured == "1 alert fires: HighErrors");
    CHECK(
        bad.reason == "HighErrors since 2026-11-30T01:02:03Z; of env=\"production\",service=\"web\""
    );
    REQUIRE(bench.web.requests().size() == 1);
    const auto& request = bench.web.requests().front();
    CHECK(
        request.url ==
        "http://am:9093/api/v2/alerts?active=true&silenced=false&inhibited=false"
        "&filter=env%3D%22production%22&filter=service%3D%22web%22"
    );
    CHECK(request.timeout <= longest_gate_sample);
    CHECK(request.most_bytes <= 4U << 20U);
    CHECK(request.headers == std::vector<std::string>{"Accept: application/json"});
    CHECK(of_manager(200, "[]").answer == Answer::pass);
}

TEST_CASE("silenced alerts count only where it is said so", "[gates]") {
    const auto body = "[" + alert("Slow", "suppressed") + "]";
    CHECK(of_manager(200, body).answer == Answer::pass);
    auto question = of_alertmanager();
    question.silenced = SilencedAlerts::count;
    CHECK(of_manager(200, body, question).answer == Answer::fail);
    CHECK_THAT(gates::alerts_request(question, {}).url, Contains("silenced=true&inhibited=true"));
}

TEST_CASE("an Alertmanager that does not heed its filter fails nobody else", "[gates]") {
    CHECK(of_manager(200, "[" + alert("Slow", "active", "staging") + "]").answer == Answer::pass);
}

TEST_CASE("what nobody can read is an error, never a pass", "[gates]") {
    const auto [status, body] = GENERATE(table<int, std::string>({
        {500, "[]"},
        {301, "[]"},
        {204, ""},
        {200, ""},
        {200, "null"},
        {200, "{}"},
        {200, R"({"status":"success","data":[]})"},
        {200, "[1]"},
        {200, "[null]"},
        {200, "[{}]"},
        {200, R"([{"labels":{"alertname":"A","x":1},"status":{"state":"active"}}])"},
        {200, R"([{"labels":{"alertname":7},"status":{"state":"active"}}])"},
        {200, R"([{"labels":["alertname"],"status":{"state":"active"}}])"},
        {200, R"([{"labels":{"alertname":"A"},"status":"active"}])"},
        {200, R"([{"labels":{"alertname":"A"},"status":{"state":"Suppressed"}}])"},
        {200, R"([{"labels":{"alertname":"A"},"status":{"state":"active"}})"},
        {200, std::string(100'000, '[')},
        {200, "<html>login</html>"},
    }));
    CAPTURE(body.substr(0, 80));
    const auto verdict = of_manager(status, body);
    CHECK(verdict.answer == Answer::error);
    CHECK_FALSE(verdict.reason.empty());
}

TEST_CASE("an answer that did not come whole is an error", "[gates]") {
    GateBench bench;
    CHECK(bench.ask(of_alertmanager()).answer == Answer::error);
    HttpAnswer lost;
    lost.kind = HttpAnswer::Kind::lost;
    lost.status = 200;
    lost.body = "[]";
    lost.failure = "the answer is larger than 4194304 bytes";
    bench.web.on("GET http://am:9093/api/v2/alerts", lost);
    CHECK_THAT(bench.ask(of_alertmanager()).reason, Contains("larger than"));
}
