// SPDX-License-Identifier: Apache-2.0
#include "gates/hidden_texts.hpp"

#include "documents/json.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;

namespace {

const gates::HiddenTexts hidden(documents::read_json(R"({
  "metadata": {"annotations": {"vault/seed": "annotated-seed"}},
  "spec": {"template": {
    "metadata": {"annotations": {"shop/pin": "pin-4711"}},
    "spec": {
      "initContainers": [{"name": "init", "env": [{"name": "A", "value": "begin-word"}]}],
      "containers": [{
        "name": "app", "image": "registry/shop/web:v2",
        "env": [
          {"name": "QUOTED", "value": "say \"<hi>\" & go"},
          {"name": "TOKEN", "value": "q7Zr2Lx9Wm4Tn8Vb6Kc1"},
          {"name": "DSN", "value": "postgres://shop:s3cr3t!@db/shop"},
          {"name": "N", "value": "8080"}],
        "args": ["--password=hunter22"],
        "livenessProbe": {"httpGet": {"httpHeaders": [{"name": "X", "value": "Bearer abc.def"}]}},
        "readinessProbe": {"exec": {"command": ["check", "--key=opensesame"]}},
        "lifecycle": {"preStop": {"httpGet": {"httpHeaders": [{"name": "X", "value": "stop-word"}]}}}
      }]}}}})"));

}  // namespace

TEST_CASE("texts of a manifest that may be secret are told nowhere", "[gates]") {
    for (const auto* secret :
         {"annotated-seed",
          "pin-4711",
          "begin-word",
          "--password=hunter22",
          "hunter22",
          "s3cr3t!",
          "Bearer abc.def",
          "opensesame",
          "stop-word"}) {
        CAPTURE(secret);
        CHECK(hidden.without(secret) == "***");
        CHECK(hidden.without("is " + std::string(secret) + ", not good") == "is ***, not good");
    }
}

TEST_CASE("a secret that is escaped, or told in part, is hidden as well", "[gates]") {
    CHECK(hidden.without(R"({"value": "say \"<hi>\" & go"})") == R"({"value": "***"})");
    CHECK(
        hidden.without(R"({"value": "say \"\u003chi\u003e\" \u0026 go"})") == R"({"value": "***"})"
    );
    CHECK(hidden.without("begins with q7Zr2Lx9Wm4T...") == "begins with ***...");
    CHECK(hidden.without("ends with 4Tn8Vb6Kc1") == "ends with ***");
    CHECK(hidden.without("q7Zr2Lx9Wm4Tn8Vb6Kc1q7Zr2Lx9Wm4Tn8Vb6Kc1") == "***");
}

TEST_CASE("what is no secret stays readable", "[gates]") {
    for (const auto* text :
         {"container app: image registry/shop/web:v2 has no digest",
          "port 8080 is not allowed",
          "",
          "check"}) {
        CHECK(hidden.without(text) == text);
    }
    CHECK(gates::HiddenTexts(Value()).without("anything at all") == "anything at all");
}
