// SPDX-License-Identifier: Apache-2.0
#include "gates/grpc_gate.hpp"

#include "gates/grpc_health.hpp"
#include "tests/gates/gate_bench.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace deployctl;
using namespace std::string_literals;
using Catch::Matchers::Contains;
using tests::GateBench;

namespace {

std::string frame(const std::string& message) {
    return "\0\0\0\0"s + static_cast<char>(message.size()) + message;
}

HttpAnswer answered(const std::string& body, const std::string& status = "0") {
    HttpAnswer answer;
    answer.kind = HttpAnswer::Kind::answered;
    answer.status = 200;
    answer.body = body;
    answer.headers = {{"content-type", "application/grpc+proto"}, {"grpc-status", status}};
    return answer;
}

GrpcQuestion cart() {
    GrpcQuestion question;
    question.address = "cart.${namespace}:9000";
    question.service = "shop.v1.Cart";
    return question;
}

Verdict judged(const HttpAnswer& answer) {
    return gates::judge(cart(), "cart.shop:9000", answer);
}

}  // namespace

TEST_CASE("a service is asked for by one message in one frame", "[gates]") {
    CHECK(gates::health_request("") == "\0\0\0\0\0"s);
    CHECK(gates::health_request("ab") == "\0\0\0\0\x04\x0a\x02"s + "ab");
    const std::string long_name(300, 'x');
    CHECK(gates::health_request(long_name) == "\0\0\0\x01\x2f\x0a\xac\x02"s + long_name);
}

TEST_CASE("who is trusted is said by a file, where the system does not", "[gates]") {
    auto question = cart();
    question.tls = true;
    CHECK(gates::request_to(question, "cart.shop:9000").tls.ca_file.empty());
    question.ca_file = "/etc/ssl/corp-ca.pem";
    CHECK(gates::request_to(question, "cart.shop:9000").tls.ca_file == "/etc/ssl/corp-ca.pem");
}

TEST_CASE("SERVING passes, NOT_SERVING fails, the rest says nothing", "[gates]") {
    const auto good = judged(answered(frame("\x08\x01")));
    CHECK(good.answer == Answer::pass);
    CHECK(good.measured == "SERVING");
    CHECK(good.reason == "cart.shop:9000, service shop.v1.Cart");
    const auto bad = judged(answered(frame("\x08\x02")));
    CHECK(bad.answer == Answer::fail);
    CHECK(bad.measured == "NOT_SERVING");
    CHECK(bad.limit == "SERVING");
    CHECK(judged(answered(frame(""))).answer == Answer::error);
    CHECK(judged(answered(frame(""))).measured == "UNKNOWN");
    CHECK(judged(answered(frame("\x08\x03"))).measured == "SERVICE_UNKNOWN");
    CHECK(judged(answered(frame("\x08\x03"))).answer == Answer::error);
    CHECK(judged(answered(frame("\x08\x07"))).answer == Answer::error);
}

TEST_CASE("a status of gRPC that is not OK is an error, in words", "[gates]") {
    auto answer = answered("", "12");
    answer.headers["grpc-message"] = "Method%20not%20found%1b[31m%";
    const auto verdict = judged(answer);
    CHECK(verdict.answer == Answer::error);
    CHECK_THAT(verdict.reason, Contains("UNIMPLEMENTED (12): Method not found [31m%"));
    CHECK_THAT(judged(answered("", "5")).reason, Contains("NOT_FOUND (5)"));
    // A body that says SERVING does not help it.
    CHECK(judged(answered(frame("\x08\x01"), "14")).answer == Answer::error);
    CHECK(judged(answered(frame("\x08\x01"), "99")).answer == Answer::error);
}

TEST_CASE("what is no gRPC is an error", "[gates]") {
    for (const auto* status : {"", "x", "-1", "0x0", "00000000000000000000001"}) {
        CAPTURE(status);
        CHECK(judged(answered(frame("\x08\x01"), status)).answer == Answer::error);
    }
    auto answer = answered(frame("\x08\x01"));
    answer.headers["content-type"] = "text/html";
    CHECK(judged(answer).answer == Answer::error);
    answer = answered(frame("\x08\x01"));
    answer.headers.erase("grpc-status");
    CHECK(judged(answer).answer == Answer::error);
    answer = answered(frame("\x08\x01"));
    answer.status = 503;
    CHECK_THAT(judged(answer).reason, Contains("HTTP 503"));
    answer.kind = HttpAnswer::Kind::lost;
    answer.failure = "Operation timed out";
    CHECK_THAT(judged(answer).reason, Contains("timed out"));
}

TEST_CASE("a body that is no frame with one message is an error, never a pass", "[gates]") {
    const std::string body = GENERATE(
        ""s,
        "\0\0\0\0"s,
        "\x01\0\0\0\x02\x08\x01"s,
        "\0\0\0\0\x01\x08\x01"s,
        "\0\0\0\0\x03\x08\x01"s,
        "\0\xff\xff\xff\xff\x08\x01"s,
        "\0\0\0\0\x02\x08\x01\0\0\0\0\x02\x08\x01"s,
        "\0\0\0\0\x01\x08"s,
        "\0\0\0\0\x02\x08\x81"s,
        "\0\0\0\0\x02\x0f\x01"s,
        "\0\0\0\0\x03\x12\x05\x61"s,
        "\0\0\0\0\x03\x09\x01\x01"s,
        "\0\0\0\0\x0c\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s,
        "\0\0\0\0\x06\x08\x81\x80\x80\x80\x10"s
    );
    CHECK_FALSE(gates::read_health(body).has_value());
    CHECK(judged(answered(body)).answer == Answer::error);
}

TEST_CASE("fields that a newer server sends are passed over", "[gates]") {
    CHECK(gates::read_health(frame("\x12\x02hi\x08\x01\x18\x05")) == 1);
    CHECK(gates::read_health(frame("\x21"s + "12345678" + "\x2d" + "1234" + "\x08\x02")) == 2);
}

TEST_CASE("no bytes at all bring it down", "[gates]") {
    std::mt19937 random(7);
    int read = 0;
    for (int i = 0; i < 20'000; ++i) {
        std::string message(random() % 12, '\0');
        for (auto& c : message) {
            c = static_cast<char>(random() % 4 == 0 ? random() : random() % 16);
        }
        read += gates::read_health(frame(message)).has_value() ? 1 : 0;
    }
    CHECK(read > 0);
    CHECK(read < 20'000);
}

TEST_CASE("it is asked over HTTP/2, in the clear only where it is said so", "[gates]") {
    GateBench bench;
    const std::string url = "http://cart.shop:9000/grpc.health.v1.Health/Check";
    bench.web.on("POST " + url, answered(frame("\x08\x01")));
    CHECK(bench.ask(cart()).answer == Answer::pass);
    REQUIRE(bench.web.requests().size() == 1);
    const auto& request = bench.web.requests().front();
    CHECK(request.url == url);
    CHECK(request.version == HttpRequest::Version::two);
    CHECK(
        request.headers ==
        std::vector<std::string>{"Content-Type: application/grpc", "TE: trailers"}
    );
    CHECK(request.body == gates::health_request("shop.v1.Cart"));
    CHECK(request.most_bytes <= 64U << 10U);
    CHECK(request.timeout == seconds(3));
    auto question = cart();
    question.tls = true;
    CHECK_THAT(gates::request_to(question, "a:1").url, Contains("https://a:1/"));
    question.address = "${pods}:80";
    CHECK(bench.ask(question).answer == Answer::error);
    CHECK(bench.web.requests().size() == 1);
}
