// SPDX-License-Identifier: Apache-2.0
#include "tests/plugins/metrics_suite.hpp"

#include "model/url.hpp"
#include "plugins/http/curl_http.hpp"
#include "plugins/prometheus/answer.hpp"
#include "plugins/prometheus/prometheus_metrics.hpp"
#include "simcluster/run.hpp"
#include "simcluster/virtual_clock.hpp"
#include "tests/fakes/fake_metrics.hpp"
#include "tests/plugins/a_source.hpp"
#include "tests/plugins/scripted_server.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using simcluster::run;
using tests::a_source;
using tests::FakeMetrics;

TEST_CASE("the fake answers as a source of metrics does", "[plugins][prometheus]") {
    FakeMetrics fake;
    for (const auto& [query, recorded] : tests::recorded_answers()) {
        HttpAnswer answer;
        answer.kind = HttpAnswer::Kind::answered;
        answer.status = recorded.status;
        answer.body = recorded.body;
        fake.on(query, plugins::read_answer(answer, {}));
    }
    tests::check_metrics_source(fake, {}, WallTime{});
    CHECK(fake.questions() == static_cast<int>(tests::recorded_answers().size()));
}

TEST_CASE("recorded answers of Prometheus are read", "[plugins][prometheus]") {
    tests::ScriptedServer server([](tests::Exchange& exchange) {
        for (const auto& [query, recorded] : tests::recorded_answers()) {
            const auto form = "query=" + url_encode(query);
            if (exchange.body() == form || exchange.body().starts_with(form + "&")) {
                exchange.answer(recorded.status, recorded.body);
            }
        }
    });
    plugins::CurlHttp http;
    simcluster::VirtualClock clock;
    plugins::PrometheusMetrics metrics(http, clock);
    tests::check_metrics_source(metrics, a_source().url(server.url("")), WallTime{});
    CHECK(server.requests().size() == tests::recorded_answers().size());
}

TEST_CASE("the fake follows its script, and counts what it is asked", "[plugins][prometheus]") {
    FakeMetrics fake;
    fake.on("errors", 0.5).on("errors", tests::metric_refusal("no")).on("other", 1);
    const MetricsSource source = a_source().url("http://prom");
    const std::string errors = "errors";
    const std::string unknown = "unknown";
    CHECK(one_number(run(fake.instant(source, errors))).value == 0.5);
    CHECK(run(fake.instant(source, errors)).failure == "no");
    CHECK(run(fake.instant(source, errors)).failure == "no");
    CHECK(one_number(run(fake.instant(source, unknown))).kind == OneNumber::Kind::none);
    fake.go_away("nobody there");
    CHECK(run(fake.instant(source, errors)).kind == MetricAnswer::Kind::failed);
    fake.come_back();
    CHECK(run(fake.range(source, errors, {{}, {}, seconds(7)})).failure == "no");
    CHECK(fake.last_range().step == seconds(7));
    CHECK(fake.last_source() == source);
    CHECK(fake.questions() == 6);
    CHECK(fake.questions("errors") == 5);
    CHECK(fake.asked().at(3) == "unknown");
}
