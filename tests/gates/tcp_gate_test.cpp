// SPDX-License-Identifier: Apache-2.0
#include "gates/tcp_gate.hpp"

#include "tests/gates/gate_bench.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using tests::GateBench;

namespace {

TcpQuestion queue() {
    return {"queue.${namespace}:5672", seconds(2)};
}

HttpAnswer accepted() {
    HttpAnswer answer;
    answer.kind = HttpAnswer::Kind::answered;
    answer.took = milliseconds(12);
    return answer;
}

}  // namespace

TEST_CASE("a connection that is accepted passes, one that is refused fails", "[gates]") {
    GateBench bench;
    const auto bad = bench.ask(queue());
    CHECK(bad.answer == Answer::fail);
    CHECK(bad.measured == "not accepted");
    CHECK(bad.limit == "a connection within 2s");
    CHECK(bad.reason == "queue.shop:5672: connection refused");
    bench.web.on("GET http://queue.shop:5672/", accepted());
    const auto good = bench.ask(queue());
    CHECK(good.answer == Answer::pass);
    CHECK(good.reason == "queue.shop:5672");
    CHECK(good.measured == "accepted after 12ms");
}

TEST_CASE("nothing is sent over the connection, and it does not hold up the watch", "[gates]") {
    auto question = queue();
    question.timeout = minutes(1);
    const auto request = gates::request_to(question, "queue:1");
    CHECK(request.reach == HttpRequest::Reach::connection);
    CHECK(request.timeout == longest_gate_sample);
    CHECK(request.connect_timeout == longest_gate_sample);
    CHECK(request.body.empty());
}

TEST_CASE("a host that nobody knows, and no address at all, say nothing", "[gates]") {
    GateBench bench;
    HttpAnswer unknown;
    unknown.kind = HttpAnswer::Kind::not_sent;
    unknown.is_unresolved = true;
    unknown.failure = "Could not resolve host: queue.shop";
    bench.web.on("GET http://queue.shop:5672/", unknown);
    CHECK(bench.ask(queue()).answer == Answer::error);
    CHECK(bench.ask(queue()).measured == "host not known");
    for (const auto* address : {"${pods}:80", "user@web:80", "web:80/x", "web", ""}) {
        CAPTURE(address);
        CHECK(bench.ask(TcpQuestion{address, seconds(1)}).answer == Answer::error);
    }
    CHECK(bench.web.requests().size() == 2);
}
