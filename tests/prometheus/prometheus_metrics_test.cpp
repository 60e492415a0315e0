// SPDX-License-Identifier: Apache-2.0
// Against a real Prometheus: run by prometheus_test.py, which starts one.
#include "plugins/prometheus/prometheus_metrics.hpp"

#include "plugins/http/curl_http.hpp"
#include "plugins/system/system_clock.hpp"
#include "simcluster/run.hpp"
#include "tests/plugins/a_source.hpp"
#include "tests/plugins/given.hpp"
#include "tests/plugins/metrics_suite.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using tests::given;
using namespace deployctl::plugins;
using simcluster::run;
using tests::a_source;
using Kind = MetricAnswer::Kind;

namespace {

std::string file(const std::string& name) {
    return given("DEPLOYCTL_TEST_PROMETHEUS_FILES") + "/" + name;
}

MetricsSource known() {
    return a_source()
        .url(given("DEPLOYCTL_TEST_PROMETHEUS"))
        .username("tester")
        .password_file(file("password"))
        .ca_file(file("server.pem"))
        .cert_file(file("client.pem"))
        .key_file(file("client.key"))
        .timeout(seconds(30));
}

struct Asker {
    MetricAnswer ask(const MetricsSource& source, const std::string& query = "demo_zero") {
        return run(metrics.instant(source, query));
    }

    CurlHttp http;
    SystemClock clock;
    PrometheusMetrics metrics{http, clock};
};

}  // namespace

TEST_CASE("Prometheus answers as the suite of its port says", "[prometheus]") {
    Asker asker;
    tests::check_metrics_source(asker.metrics, known(), asker.clock.now());
    CHECK(one_number(asker.ask(known())).kind == OneNumber::Kind::number);
}

TEST_CASE("a query longer than a URL may be is answered", "[prometheus]") {
    Asker asker;
    const auto answer = asker.ask(known(), "1" + std::string(100'000, ' ') + "+ 1");
    CHECK(one_number(answer).value == 2);
}

TEST_CASE("a path in front of the API that is not there is told", "[prometheus]") {
    Asker asker;
    auto source = known();
    source.url += "/tenant";
    const auto answer = asker.ask(source);
    CHECK(answer.kind == Kind::failed);
    CHECK(answer.failure.find("HTTP 404: there is no /api/v1/query at") != std::string::npos);
}

TEST_CASE("who is not known is told so, and no secret", "[prometheus]") {
    Asker asker;
    auto source = known();
    source.password_file = file("server.pem");
    const auto answer = asker.ask(source);
    CHECK(answer.kind == Kind::failed);
    CHECK(
        answer.failure.find("HTTP 401: it does not take the password of tester") !=
        std::string::npos
    );
    source = known();
    source.username.clear();
    CHECK(asker.ask(source).failure.find("HTTP 401: it asks who we are") != std::string::npos);
}

TEST_CASE("certificates are wanted from both sides", "[prometheus]") {
    Asker asker;
    auto source = known();
    source.retries = 0;
    source.cert_file.clear();
    source.key_file.clear();
    CHECK(asker.ask(source).kind == Kind::failed);
    source = known();
    source.retries = 0;
    source.ca_file.clear();
    const auto stranger = asker.ask(source);
    CHECK(stranger.kind == Kind::failed);
    CHECK(stranger.failure.find("certificate") != std::string::npos);
}
