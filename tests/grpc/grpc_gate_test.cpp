// SPDX-License-Identifier: Apache-2.0
// Against real servers of gRPC: run by grpc_test.py, which starts them.
#include "gates/grpc_gate.hpp"

#include "plugins/http/curl_http.hpp"
#include "simcluster/run.hpp"
#include "tests/plugins/given.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using Catch::Matchers::Contains;
using tests::given;

namespace {

Verdict ask(const GrpcQuestion& question) {
    plugins::CurlHttp http;
    const auto request = gates::request_to(question, question.address);
    return gates::judge(question, question.address, simcluster::run(http.send(request)));
}

Verdict ask(const char* server, const std::string& service) {
    GrpcQuestion question;
    question.address = given(server);
    question.service = service;
    return ask(question);
}

}  // namespace

TEST_CASE("a real server says how it is", "[grpc]") {
    const auto whole = ask("DEPLOYCTL_TEST_GRPC", "");
    INFO(whole.reason);
    CHECK(whole.answer == Answer::pass);
    CHECK(ask("DEPLOYCTL_TEST_GRPC", "shop.v1.Web").measured == "SERVING");
    const auto bad = ask("DEPLOYCTL_TEST_GRPC", "shop.v1.Cart");
    CHECK(bad.answer == Answer::fail);
    CHECK(bad.measured == "NOT_SERVING");
    CHECK(ask("DEPLOYCTL_TEST_GRPC", "shop.v1.New").answer == Answer::error);
}

TEST_CASE("what a real server does not know is an error in its words", "[grpc]") {
    const auto stranger = ask("DEPLOYCTL_TEST_GRPC", "shop.v1.Nobody");
    CHECK(stranger.answer == Answer::error);
    CHECK_THAT(stranger.reason, Contains("NOT_FOUND (5)"));
    const auto bare = ask("DEPLOYCTL_TEST_GRPC_BARE", "");
    CHECK(bare.answer == Answer::error);
    CHECK_THAT(bare.reason, Contains("UNIMPLEMENTED (12): Method not found!"));
}

TEST_CASE("a certificate that nobody trusts is an error", "[grpc]") {
    GrpcQuestion question;
    question.address = given("DEPLOYCTL_TEST_GRPC_TLS");
    question.tls = true;
    const auto verdict = ask(question);
    CHECK(verdict.answer == Answer::error);
    CHECK_THAT(verdict.reason, Contains("certificate"));
    question.tls = false;
    CHECK(ask(question).answer == Answer::error);
}

TEST_CASE("a certificate is trusted by the file that says so", "[grpc]") {
    GrpcQuestion question;
    question.address = given("DEPLOYCTL_TEST_GRPC_TLS");
    question.tls = true;
    question.ca_file = given("DEPLOYCTL_TEST_GRPC_CA");
    const auto verdict = ask(question);
    INFO(verdict.reason);
    CHECK(verdict.answer != Answer::pass);  // it has no health service
    CHECK_THAT(verdict.reason, Contains("UNIMPLEMENTED"));
    question.ca_file = "/no/such/file.pem";
    CHECK_THAT(ask(question).reason, Contains("certificate"));
}
