// SPDX-License-Identifier: Apache-2.0
// Alerts of a real Prometheus, and of a real Alertmanager: run by prometheus_test.py, which starts
// them.
#include "gates/alerts_gate.hpp"

#include "plugins/http/curl_http.hpp"
#include "plugins/prometheus/prometheus_metrics.hpp"
#include "plugins/system/system_clock.hpp"
#include "simcluster/run.hpp"
#include "simcluster/silent_outside.hpp"
#include "tests/plugins/a_source.hpp"
#include "tests/plugins/given.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using Catch::Matchers::Contains;
using tests::given;

namespace {

MetricsSource prometheus() {
    const auto folder = given("DEPLOYCTL_TEST_PROMETHEUS_FILES");
    return tests::a_source()
        .url(given("DEPLOYCTL_TEST_PROMETHEUS"))
        .username("tester")
        .password_file(folder + "/password")
        .ca_file(folder + "/server.pem")
        .cert_file(folder + "/client.pem")
        .key_file(folder + "/client.key");
}

Verdict ask(const AlertsQuestion& question, const MetricsSource& source) {
    plugins::CurlHttp http;
    plugins::SystemClock clock;
    plugins::PrometheusMetrics metrics(http, clock);
    simcluster::SilentOutside silent;
    const Outside outside{
        metrics,
        http,
        silent.process,
        silent.files,
        silent.registry,
        silent.assessor,
        silent.tasks,
    };
    const Placeholders names{{"app", "web"}};
    return simcluster::run(gates::sample(outside, source, question, names));
}

AlertsQuestion with(const std::string& label, const std::string& value) {
    AlertsQuestion question;
    question.labels = {{label, value}};
    return question;
}

/// Of the Alertmanager.
Verdict ask(AlertsQuestion question) {
    question.alertmanager = given("DEPLOYCTL_TEST_ALERTMANAGER");
    return ask(question, {});
}

}  // namespace

TEST_CASE("an alert that Prometheus fires fails the gate", "[prometheus]") {
    const auto bad = ask(with("service", "${app}"), prometheus());
    INFO(bad.reason);
    CHECK(bad.answer == Answer::fail);
    CHECK(bad.measured == "1 alert fires: DemoErrors");
    CHECK(ask(with("odd", "a\"b\\c"), prometheus()).measured == "1 alert fires: DemoErrors");
    CHECK(ask(with("service", "nobody"), prometheus()).answer == Answer::pass);
    CHECK(ask(with("service", "quiet"), prometheus()).answer == Answer::fail);
    auto question = with("service", "web");
    question.ignore = {"DemoErrors"};
    CHECK(ask(question, prometheus()).answer == Answer::pass);
}

TEST_CASE("an Alertmanager says since when, and knows what is silenced", "[alertmanager]") {
    const auto bad = ask(with("service", "${app}"));
    INFO(bad.reason);
    CHECK(bad.answer == Answer::fail);
    CHECK(bad.measured == "1 alert fires: DemoErrors");
    CHECK_THAT(bad.reason, Contains("DemoErrors since 2"));
    CHECK(ask(with("odd", "a\"b\\c")).measured == "1 alert fires: DemoErrors");
    CHECK(ask(with("service", "nobody")).answer == Answer::pass);
    auto quiet = with("service", "quiet");
    CHECK(ask(quiet).answer == Answer::pass);
    quiet.silenced = SilencedAlerts::count;
    CHECK(ask(quiet).measured == "1 alert fires: DemoQuiet");
}
