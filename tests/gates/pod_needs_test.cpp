// SPDX-License-Identifier: Apache-2.0
#include "gates/pod_needs.hpp"

#include "documents/json.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using documents::read_json;
using gates::needs_of;

TEST_CASE(
    "a pod needs what its containers need together, a request is its limit otherwise", "[gates]"
) {
    const auto needs = needs_of(read_json(R"({"containers": [
        {"resources": {"requests": {"cpu": "1"}}},
        {"resources": {"requests": {"cpu": 2}}},
        {"resources": {"limits": {"cpu": "500m", "memory": "128Mi"}}}]})"));
    CHECK(needs.requests.at("cpu") == Approx(3.5));
    CHECK(needs.limits.at("cpu") == Approx(0.5));
    CHECK(needs.requests.at("memory") == Approx(128.0 * 1024 * 1024));
    CHECK(needs.trouble.empty());
}

TEST_CASE("init containers run beside those that stay, where these come first", "[gates]") {
    const auto needs = needs_of(read_json(R"({
        "containers": [{"resources": {"requests": {"cpu": "1"}}}],
        "initContainers": [
            {"resources": {"requests": {"cpu": "4"}}},
            {"resources": {"requests": {"cpu": "3"}}},
            {"restartPolicy": "Always", "resources": {"requests": {"cpu": "100m"}}}],
        "overhead": {"cpu": "10m"}})"));
    CHECK(needs.requests.at("cpu") == Approx(4.01));
    const auto beside = needs_of(read_json(R"({
        "containers": [{"resources": {"requests": {"cpu": "1"}}}],
        "initContainers": [
            {"restartPolicy": "Always", "resources": {"requests": {"cpu": "100m"}}},
            {"resources": {"requests": {"cpu": "4"}}},
            {"restartPolicy": "Always", "resources": {"requests": {"cpu": "5"}}}]})"));
    CHECK(beside.requests.at("cpu") == Approx(6.1));
}

TEST_CASE("what a pod says of itself as a whole comes first", "[gates]") {
    const auto needs = needs_of(read_json(R"({
        "containers": [{"resources": {"requests": {"cpu": "1", "memory": "1Mi"}}}],
        "resources": {"requests": {"cpu": "3"}}})"));
    CHECK(needs.requests.at("cpu") == Approx(3));
    CHECK(needs.requests.at("memory") == Approx(1024.0 * 1024));
}

TEST_CASE("an amount that nobody can read is trouble", "[gates]") {
    for (const auto* amount : {"\"lots\"", "\"-1\"", "[]", "\"1e999\"", "null"}) {
        CAPTURE(amount);
        const auto needs = needs_of(read_json(
            std::string(R"({"containers": [{"resources": {"requests": {"cpu": )") + amount + "}}}]}"
        ));
        CHECK(needs.trouble == "the pods say no amount of cpu");
    }
    CHECK(needs_of(Value()).requests.empty());
}

TEST_CASE("bytes are told in mebibytes", "[gates]") {
    CHECK(gates::amount_text("requests.memory", 512.0 * 1024 * 1024) == "512Mi");
    CHECK(gates::amount_text("cpu", 0.25) == "0.25");
}
