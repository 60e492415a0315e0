// SPDX-License-Identifier: Apache-2.0
#include "model/json_patch.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;

namespace {

Value object() {
    return Value::map({
        {"metadata", Value::map({{"uid", "u1"}})},
        {"spec", Value::map({{"replicas", 3}, {"args", Value::list({"a", "b"})}})},
    });
}

bool lands(const JsonPatch& patch) {
    return std::holds_alternative<Value>(apply(patch, object()));
}

Value after(const JsonPatch& patch) {
    const auto applied = apply(patch, object());
    REQUIRE(std::holds_alternative<Value>(applied));
    return std::get<Value>(applied);
}

}  // namespace

TEST_CASE("a test lands only on the very value", "[model]") {
    CHECK(lands({{PatchVerb::test, "/spec/replicas", 3}}));
    CHECK_FALSE(lands({{PatchVerb::test, "/spec/replicas", 4}}));
    CHECK_FALSE(lands({{PatchVerb::test, "/spec/replicas", "3"}}));
    CHECK_FALSE(lands({{PatchVerb::test, "/spec/replicas", nullptr}}));
}

TEST_CASE(
    "a test of a key that is not there passes against null, if its parent is there", "[model]"
) {
    CHECK(lands({{PatchVerb::test, "/metadata/annotations", nullptr}}));
    CHECK_FALSE(lands({{PatchVerb::test, "/metadata/annotations", "x"}}));
    CHECK_FALSE(lands({{PatchVerb::test, "/metadata/annotations/deployctl.dev~1fence", nullptr}}));
}

TEST_CASE("the first fence brings the map with it, and lands once", "[model]") {
    const JsonPatch adopt{
        {PatchVerb::test, "/metadata/annotations", nullptr},
        {PatchVerb::add, "/metadata/annotations", Value::map({{"deployctl.dev/fence", "web/1/1.1"}})
        },
    };
    const auto adopted = after(adopt);
    CHECK(adopted.text("/metadata/annotations/deployctl.dev~1fence") == "web/1/1.1");
    CHECK(std::holds_alternative<PatchRefused>(apply(adopt, adopted)));
}

TEST_CASE("replace and remove need something there, add does not", "[model]") {
    CHECK(after({{PatchVerb::replace, "/spec/replicas", 5}}).number("/spec/replicas") == 5);
    CHECK_FALSE(lands({{PatchVerb::replace, "/spec/paused", true}}));
    CHECK(after({{PatchVerb::add, "/spec/paused", true}}).flag("/spec/paused"));
    CHECK(after({{PatchVerb::add, "/spec/replicas", 1}}).number("/spec/replicas") == 1);
    CHECK_FALSE(after({{PatchVerb::remove, "/spec/replicas", {}}}).has("/spec/replicas"));
    CHECK_FALSE(lands({{PatchVerb::remove, "/spec/paused", {}}}));
    CHECK_FALSE(lands({{PatchVerb::add, "/status/ready", 1}}));
}

TEST_CASE("operations see what those before them did, and one refused refuses all", "[model]") {
    const JsonPatch chain{
        {PatchVerb::add, "/status", Value::map()},
        {PatchVerb::add, "/status/ready", 1},
        {PatchVerb::test, "/status/ready", 1},
    };
    CHECK(after(chain).number("/status/ready") == 1);

    const auto refused = apply(
        {{PatchVerb::replace, "/spec/replicas", 9}, {PatchVerb::test, "/metadata/uid", "u2"}},
        object()
    );
    REQUIRE(std::holds_alternative<PatchRefused>(refused));
    CHECK(std::get<PatchRefused>(refused).reason == "testing path /metadata/uid value failed");
}

TEST_CASE("items of a list are added at the end, replaced and removed", "[model]") {
    CHECK(after({{PatchVerb::add, "/spec/args/-", "c"}}).items("/spec/args").size() == 3);
    CHECK(after({{PatchVerb::replace, "/spec/args/1", "z"}}).text("/spec/args/1") == "z");
    CHECK(after({{PatchVerb::remove, "/spec/args/0", {}}}).text("/spec/args/0") == "b");
}

TEST_CASE("an item added in the middle of a list moves the rest on", "[model]") {
    const auto args = after({{PatchVerb::add, "/spec/args/0", "first"}}).items("/spec/args");
    CHECK(args == Value::Array{"first", "a", "b"});
    const auto last = after({{PatchVerb::add, "/spec/args/2", "last"}}).items("/spec/args");
    CHECK(last == Value::Array{"a", "b", "last"});
    CHECK_FALSE(lands({{PatchVerb::add, "/spec/args/3", "too far"}}));
    CHECK_FALSE(lands({{PatchVerb::add, "/spec/args/x", "no number"}}));
}

TEST_CASE("a place inside a text is refused like any other", "[model]") {
    for (const auto verb : {PatchVerb::test, PatchVerb::add, PatchVerb::replace}) {
        CHECK_FALSE(lands({{verb, "/metadata/uid/x", 1}}));
        CHECK_FALSE(lands({{verb, "metadata", 1}}));
    }
}

TEST_CASE("a patch is sent as RFC 6902 writes it", "[model]") {
    const JsonPatch patch{
        {PatchVerb::test, "/a", nullptr},
        {PatchVerb::add, "/b", 1},
        {PatchVerb::replace, "/c", "x"},
        {PatchVerb::remove, "/d"},
    };
    CHECK(
        to_value(patch) == Value::list({
                               Value::map({{"op", "test"}, {"path", "/a"}, {"value", nullptr}}),
                               Value::map({{"op", "add"}, {"path", "/b"}, {"value", 1}}),
                               Value::map({{"op", "replace"}, {"path", "/c"}, {"value", "x"}}),
                               Value::map({{"op", "remove"}, {"path", "/d"}}),
                           })
    );
}
