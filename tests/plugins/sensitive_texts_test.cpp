// SPDX-License-Identifier: Apache-2.0
#include "plugins/terraform/sensitive_texts.hpp"

#include "documents/json.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace deployctl;
using plugins::terraform::sensitive_texts;

namespace {

std::vector<std::string> found_in(const char* plan) {
    auto texts = sensitive_texts(documents::read_json(plan));
    std::ranges::sort(texts);
    return texts;
}

}  // namespace

TEST_CASE("what a plan marks as sensitive is found wherever it stands", "[terraform]") {
    const auto texts = found_in(R"({
        "resource_changes": [{"change": {
            "before": {"open": "a", "password": "old one"},
            "before_sensitive": {"password": true},
            "after": {"open": "b", "users": [{"name": "ada", "pin": 4711}, {"name": "bob", "pin": 12}]},
            "after_sensitive": {"users": [{"pin": true}, {}]}}}],
        "resource_drift": [{"change": {"before": null, "after": {"key": "drifted"}, "after_sensitive": {"key": true}}}],
        "output_changes": {"url": {"after": "plain", "after_sensitive": false},
                           "token": {"after": {"a": "one", "b": ["two"]}, "after_sensitive": true}},
        "variables": {"db": {"value": "from a variable"}, "size": {"value": "large"}},
        "configuration": {"root_module": {"variables": {"db": {"sensitive": true}, "size": {}}}}})"
    );
    CHECK(
        texts ==
        std::vector<std::string>{"4711", "drifted", "from a variable", "old one", "one", "two"}
    );
}

TEST_CASE("marks of another shape than the value hide nothing and break nothing", "[terraform]") {
    CHECK(
        found_in(
            R"({"resource_changes": [{"change": {"after": "text", "after_sensitive": {"a": true}}},
        {"change": {"after": [1], "after_sensitive": [false, true]}}, {"change": 7}, "x"]})"
        )
            .empty()
    );
    CHECK(found_in("[]").empty());
}
