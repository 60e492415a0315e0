// SPDX-License-Identifier: Apache-2.0
#include "engine/release.hpp"

#include "documents/json.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::engine;

namespace {

Value a_template() {
    return documents::read_json(R"({"metadata":{"labels":{"app":"web"}},"spec":{"containers":[
        {"name":"sidecar","image":"proxy:1"},
        {"name":"app","image":"shop/web:v1","env":[{"name":"POOL","value":"20"},{"name":"DB_PASSWORD","value":"a"}]}
    ]}})");
}

}  // namespace

TEST_CASE("a release sets the image of its own container alone", "[engine]") {
    const auto next = with_image(a_template(), "app", {"shop/web", "v2", "sha256:ab"});
    CHECK(next.text("/spec/containers/1/image") == "shop/web:v2@sha256:ab");
    CHECK(next.text("/spec/containers/0/image") == "proxy:1");
    CHECK(
        describe_changes(a_template(), next) ==
        std::vector<std::string>{"image shop/web:v1 -> shop/web:v2@sha256:ab"}
    );
}

TEST_CASE("changes name the variable with both values, and hide what may be secret", "[engine]") {
    auto next = a_template();
    next.set("/spec/containers/1/env/0/value", "60");
    next.set("/spec/containers/1/env/1/value", "hunter2");
    const auto changes = describe_changes(a_template(), next);
    CHECK(
        changes ==
        std::vector<std::string>{
            "env DB_PASSWORD (hidden) -> (hidden)",
            "env POOL \"20\" -> \"60\"",
        }
    );
}

TEST_CASE("the order of variables is no change", "[engine]") {
    auto next = a_template();
    const auto first = next.at("/spec/containers/1/env/0");
    next.set("/spec/containers/1/env/0", next.at("/spec/containers/1/env/1"));
    next.set("/spec/containers/1/env/1", first);
    CHECK(describe_changes(a_template(), next).empty());
}
