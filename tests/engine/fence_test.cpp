// SPDX-License-Identifier: Apache-2.0
#include "engine/fence.hpp"

#include "model/kubernetes/object.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::engine;

namespace {

Signature a_signature() {
    return {{"web", "c6e2bbc2", 3, 7}, "rollout-1", 4, Direction::forward};
}

JsonPatch a_change() {
    return {{PatchVerb::test, "/spec/replicas", 4}, {PatchVerb::replace, "/spec/replicas", 2}};
}

Value an_object() {
    auto object = Value::map();
    object.set("/metadata/uid", "u1");
    object.set("/spec/replicas", 4);
    return object;
}

}  // namespace

TEST_CASE("a fence reads what it writes, and nothing else", "[engine]") {
    const Fence fence{"web", "c6e2bbc2", 3, 7};
    CHECK(to_text(fence) == "web/c6e2bbc2/3.7");
    CHECK(read_fence(to_text(fence)) == fence);
    for (const auto* text :
         {"", "web", "web/x", "web/x/3", "web/x/3.", "web/x/.7", "web/x/a.b", "web/x/3.7z"}) {
        CAPTURE(text);
        CHECK_FALSE(read_fence(text));
    }
}

TEST_CASE("a fenced patch lands once: a second copy fails at the fence", "[engine]") {
    for (const bool has_annotations : {false, true}) {
        auto object = an_object();
        if (has_annotations) {
            object.set("/metadata/annotations/other", "x");
        }
        const auto patch = fenced(object, a_signature(), a_change());
        const auto once = apply(patch, object);
        REQUIRE(std::holds_alternative<Value>(once));
        const auto& written = std::get<Value>(once);
        CHECK(fence_text_of(written) == "web/c6e2bbc2/3.7");
        CHECK(written.number("/spec/replicas") == 2);
        CHECK(written.text(annotation_pointer(mark::rollout)) == "rollout-1");
        CHECK(std::holds_alternative<PatchRefused>(apply(patch, written)));
    }
}

TEST_CASE(
    "a fenced patch refuses another object, another fence and another pre-image", "[engine]"
) {
    auto object = an_object();
    object.set("/metadata/annotations/other", "x");
    const auto patch = fenced(object, a_signature(), a_change());
    auto reborn = object;
    reborn.set("/metadata/uid", "u2");
    auto claimed = object;
    claimed.set(annotation_pointer(mark::fence), "web/c6e2bbc2/4.0");
    auto scaled = object;
    scaled.set("/spec/replicas", 5);
    for (const auto& changed : {reborn, claimed, scaled}) {
        CHECK(std::holds_alternative<PatchRefused>(apply(patch, changed)));
    }
}
