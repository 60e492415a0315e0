// SPDX-License-Identifier: Apache-2.0
// Gates that judge what is deployed, as the file says them: what is written is read, and mistakes
// have a place.
#include "config/configuration.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace deployctl;
using namespace deployctl::config;

namespace {

Loaded load(const std::string& gate) {
    return read_configuration(
        "apiVersion: deployctl/v1\napp: {name: web, image: example.com/web}\ngates: {g: {" + gate +
            "}}\nenvironments: {dev: {namespace: shop}}\n",
        "deploy.yaml"
    );
}

/// "19 C1070 ${x} stands for nothing", of the first one.
std::string mistake_in(const std::string& gate) {
    const auto loaded = load(gate);
    if (loaded.diagnostics.empty()) {
        return "none";
    }
    const auto& first = loaded.diagnostics.front();
    CHECK_FALSE(first.help.empty());
    CHECK_FALSE(first.docs.empty());
    return std::to_string(first.place.column) + " " + first.code + " " + first.message;
}

template <class Question>
Question question_of(const std::string& gate) {
    const auto loaded = load(gate);
    REQUIRE(loaded.diagnostics.empty());
    return std::get<Question>(loaded.configuration.gates.at("g").question);
}

}  // namespace

TEST_CASE("a scan gate takes no critical and no high ones, unless it is told", "[config]") {
    const auto plain = question_of<ScanQuestion>("type: scan, file: r.json");
    CHECK(plain.max_critical == 0);
    CHECK(plain.max_high == 0);
    CHECK_FALSE(plain.max_medium.has_value());
    CHECK_FALSE(plain.max_low.has_value());
    CHECK(plain.max_age == std::chrono::hours(24));
    CHECK_FALSE(plain.any_digest);
    const auto full = question_of<ScanQuestion>(
        "type: scan, file: 'r/${version}.json', max_critical: 1, max_high: 2, max_medium: 3, "
        "max_low: 0, max_age: 2h, vex: 'v/${app}.json', any_digest: true"
    );
    CHECK(
        full ==
        ScanQuestion{
            "r/${version}.json",
            1,
            2,
            3,
            0,
            std::chrono::hours(2),
            "v/${app}.json",
            true,
        }
    );
}

TEST_CASE("a scan gate without a report, or with a misspelt path, is a mistake", "[config][bad]") {
    CHECK(mistake_in("type: scan") == "9 C1009 gate `g` has no `file`");
    CHECK(
        mistake_in("type: scan, file: 'r/${verison}.json'") ==
        "31 C1070 ${verison} stands for nothing"
    );
    CHECK(
        mistake_in("type: scan, file: r, vex: '${pods}'") == "39 C1070 ${pods} stands for nothing"
    );
    CHECK(
        mistake_in("type: scan, file: r, max_high: -1") ==
        "44 C1012 `max_high` takes a whole number from 0 to 1000000, not `-1`"
    );
    CHECK(mistake_in("type: scan, file: r, path: /") == "34 C1060 `path` is no key of gate `g`");
}

TEST_CASE("a policy gate asks conftest about the package main, unless it is told", "[config]") {
    const auto plain = question_of<PolicyQuestion>("type: policy, policy: rules");
    CHECK(plain == PolicyQuestion{PolicyTool::conftest, "rules", "main", minutes(1)});
    const auto full = question_of<PolicyQuestion>(
        "type: policy, tool: opa, policy: 'p/${env}', namespace: kube.rules_1, timeout: 3m"
    );
    CHECK(full == PolicyQuestion{PolicyTool::opa, "p/${env}", "kube.rules_1", minutes(3)});
    CHECK(mistake_in("type: policy") == "9 C1009 gate `g` has no `policy`");
    CHECK(mistake_in("type: policy, policy: 'p/${pods}'") == "35 C1070 ${pods} stands for nothing");
    CHECK(
        mistake_in("type: policy, policy: p, namespace: 'main[x]'") ==
        "49 C1071 `main[x]` is no name of a package"
    );
    CHECK(
        mistake_in("type: policy, policy: p, tool: rego") ==
        "44 C1013 `tool` takes `conftest` or `opa`, not `rego`"
    );
}

TEST_CASE("an image is signed by a key, or by an identity that somebody vouches for", "[config]") {
    CHECK(question_of<ImageQuestion>("type: image") == ImageQuestion{});
    const auto full = question_of<ImageQuestion>(
        "type: image, cosign_identity: ci, cosign_issuer: 'https://i', timeout: 3m"
    );
    CHECK(full == ImageQuestion{"", "ci", "https://i", minutes(3)});
    CHECK(
        mistake_in("type: image, cosign_key: k, cosign_issuer: i") ==
        "41 C1072 a key and an identity both say who has signed the image"
    );
    CHECK(
        mistake_in("type: image, cosign_identity: ci") ==
        "26 C1073 `cosign_identity` needs `cosign_issuer`"
    );
    CHECK(
        mistake_in("type: image, cosign_issuer: i") ==
        "26 C1073 `cosign_issuer` needs `cosign_identity`"
    );
}

TEST_CASE("gates that judge what is deployed are written as they are read", "[config]") {
    for (const auto* gate :
         {"type: image",
          "type: image, cosign_key: k",
          "type: image, cosign_identity: ci, cosign_issuer: i, timeout: 3m",
          "type: policy, policy: p",
          "type: policy, tool: opa, policy: p, namespace: a.b, timeout: 3m",
          "type: scan, file: r.json",
          "type: scan, file: r, max_critical: 1, max_high: 2, max_medium: 3, max_low: 4, max_age: "
          "2h, vex: v, any_digest: true"}) {
        CAPTURE(gate);
        const auto first = load(gate).configuration;
        const auto again = read_configuration(to_short_yaml(first), "deploy.yaml");
        CHECK(again.diagnostics.empty());
        CHECK(again.configuration.gates == first.gates);
    }
}
