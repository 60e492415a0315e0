// SPDX-License-Identifier: Apache-2.0
#include "engine/gates_json.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;

namespace {

/// As a plan keeps it.
GateQuestion kept(const GateQuestion& question) {
    GateSettings gate;
    gate.question = question;
    return engine::read_gates(engine::gates_value({{"gate", gate}})).at("gate").question;
}

}  // namespace

TEST_CASE("what a gate asks is the same after it was frozen", "[engine]") {
    AlertsQuestion alerts;
    alerts.labels = {{"service", "${app}"}, {"odd", "a\"b"}};
    alerts.ignore = {"Watchdog"};
    CHECK(kept(alerts) == GateQuestion(alerts));
    alerts.alertmanager = "http://am:9093";
    alerts.silenced = SilencedAlerts::count;
    CHECK(kept(alerts) == GateQuestion(alerts));
    const TcpQuestion tcp{"queue.${namespace}:5672", milliseconds(1500)};
    CHECK(kept(tcp) == GateQuestion(tcp));
    const GrpcQuestion grpc{"cart:9000", "shop.v1.Cart", true, seconds(2), "ca.pem"};
    CHECK(kept(grpc) == GateQuestion(grpc));
    CHECK(kept(GrpcQuestion{}) == GateQuestion(GrpcQuestion{}));
}

TEST_CASE("a program that measures is frozen, and nothing is said of one that is not", "[engine]") {
    MetricsSource source;
    source.url = "https://prom.example.com";
    CHECK_FALSE(engine::metrics_value(source).has("/run"));
    CHECK(engine::read_metrics(engine::metrics_value(source)) == source);
    source = {};
    source.run = {"./metrics.py", "--db=shop"};
    source.timeout = seconds(2);
    CHECK(engine::read_metrics(engine::metrics_value(source)) == source);
}
