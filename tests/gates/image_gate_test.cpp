// SPDX-License-Identifier: Apache-2.0
#include "gates/image_gate.hpp"

#include "tests/gates/gate_bench.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using Catch::Matchers::Contains;
using tests::GateBench;

namespace {

const std::string digest = "sha256:" + std::string(64, '2');
const std::string other = "sha256:" + std::string(64, '9');
const std::string deployed = "registry/shop/web:v2@" + digest;

ImageQuestion by_key() {
    ImageQuestion question;
    question.cosign_key = "cosign.pub";
    return question;
}

std::string signed_payload(const std::string& of) {
    return R"([{"critical": {"identity": {"docker-reference": "registry/shop/web"},
        "image": {"docker-manifest-digest": ")" +
           of + R"("}, "type": "cosign container image signature"}}])";
}

CommandResult exited(int code, std::string output, std::string error_output = "") {
    return {CommandResult::End::exited, code, std::move(output), std::move(error_output)};
}

Verdict ask(GateBench& bench, const ImageQuestion& question, const std::string& image = deployed) {
    const auto gate = gates::make_gate(question, bench.sources());
    auto subjects = bench.subjects();
    subjects.names["image"] = image;
    return simcluster::run(gate->sample(subjects));
}

Verdict signature(const CommandResult& result) {
    return gates::judge_signature(by_key(), read_image(deployed), result);
}

}  // namespace

TEST_CASE("an image whose tag has the deployed digest passes, another one fails", "[gates]") {
    GateBench bench;
    bench.images.has("registry/shop/web:v2", digest);
    CHECK(ask(bench, {}).answer == Answer::pass);
    bench.images.has("registry/shop/web:v2", other);
    const auto moved = ask(bench, {});
    CHECK(moved.answer == Answer::fail);
    CHECK(moved.measured == other);
    CHECK(moved.limit == digest);
    CHECK_THAT(moved.reason, Contains("registry/shop/web:v2 is another image by now"));
}

TEST_CASE("an image that is gone fails, a registry that does not answer is an error", "[gates]") {
    GateBench bench;
    const auto gone = ask(bench, {});
    CHECK(gone.answer == Answer::fail);
    CHECK_THAT(gone.reason, Contains("new pods could not pull it"));
    bench.images.go_away();
    const auto silent = ask(bench, {});
    CHECK(silent.answer == Answer::error);
    CHECK_THAT(silent.reason, Contains("connection refused"));
    CHECK(ask(bench, {}, "").answer == Answer::error);
    CHECK(bench.programs.commands().empty());
}

TEST_CASE("an image without a digest is there or not, and has no signature to ask for", "[gates]") {
    GateBench bench;
    bench.images.has("registry/shop/web:v2", digest);
    const auto plain = ask(bench, {}, "registry/shop/web:v2");
    CHECK(plain.answer == Answer::pass);
    CHECK_THAT(plain.reason, Contains("may move"));
    const auto unpinned = ask(bench, by_key(), "registry/shop/web:v2");
    CHECK(unpinned.answer == Answer::error);
    CHECK_THAT(unpinned.reason, Contains("digest: require"));
    CHECK(bench.programs.commands().empty());
}

TEST_CASE("cosign is asked about the digest, by key or by identity", "[gates]") {
    GateBench bench;
    bench.images.has("registry/shop/web:v2", digest);
    bench.programs.on({"cosign", "verify"}, signed_payload(digest));
    CHECK(ask(bench, by_key()).answer == Answer::pass);
    ImageQuestion keyless;
    keyless.cosign_identity = "ci@example.com";
    keyless.cosign_issuer = "https://issuer.example.com";
    CHECK(ask(bench, keyless).measured == "signed");
    CHECK(
        bench.programs.commands_text() ==
        "cosign verify --output json --key cosign.pub registry/shop/web@" + digest +
            "\ncosign verify --output json --certificate-identity ci@example.com "
            "--certificate-oidc-issuer https://issuer.example.com registry/shop/web@" +
            digest + "\n"
    );
}

TEST_CASE("an image that the right one has not signed fails", "[gates]") {
    for (const int code : {10, 11, 12, 13}) {
        CHECK(signature(exited(code, "", "Error: no")).answer == Answer::fail);
    }
    const auto bad =
        signature(exited(1, "", "main.go:69: error\nError: no matching signatures: x\n"));
    CHECK(bad.answer == Answer::fail);
    CHECK_THAT(bad.reason, Contains("Error: no matching signatures: x"));
    CHECK(bad.limit == "a signature of the right one");
}

TEST_CASE("a cosign that could not look is an error, never a pass", "[gates]") {
    const auto missing = signature({CommandResult::End::not_started, 0, "", "not found"});
    CHECK(missing.answer == Answer::error);
    CHECK_THAT(missing.reason, Contains("install it"));
    CHECK(signature(exited(1, "", "Error: dial tcp: connection refused")).answer == Answer::error);
    const auto outage =
        "Error: no matching signatures: Get \"https://rekor\": context deadline exceeded";
    CHECK(signature(exited(10, "", outage)).answer == Answer::error);
    CHECK(
        signature({CommandResult::End::timed_out, 0, signed_payload(digest), ""}).answer ==
        Answer::error
    );
    CHECK(signature({CommandResult::End::signalled, 9, "", ""}).answer == Answer::error);
    for (const auto& output :
         {std::string(), std::string("[]"), std::string("ok"), signed_payload(other)}) {
        CAPTURE(output);
        CHECK(signature(exited(0, output)).answer == Answer::error);
    }
}
