// SPDX-License-Identifier: Apache-2.0
#include "model/value.hpp"

#include "model/object_of.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace deployctl;

namespace {

Value sample() {
    return Value::map({
        {"kind", "Pod"},
        {"spec",
         Value::map({
             {"replicas", 3},
             {"share", 0.25},
             {"paused", true},
             {"nodeName", nullptr},
             {"containers",
              Value::list({Value::map({{"name", "web"}}), Value::map({{"name", "log"}})})},
         })},
        {"labels", Value::map({{"deployctl.dev/track", "canary"}, {"a~b", "tilde"}})},
    });
}

/// Any tree, the same for the same seed; without null members, which count as members not there.
Value random_tree(std::mt19937& random, int depth) {
    const auto pick = [&](unsigned below) { return static_cast<int>(random() % below); };
    switch (pick(depth > 0 ? 7 : 5)) {
        case 0: return {};
        case 1: return pick(2) == 0;
        case 2: return pick(2000) - 1000;
        case 3: return static_cast<double>(pick(1000)) / 8;
        case 4:
            return std::string(static_cast<std::size_t>(pick(4)), static_cast<char>('a' + pick(3)));
        case 5: {
            Value::Array items;
            for (int count = pick(4); count > 0; --count) {
                items.push_back(random_tree(random, depth - 1));
            }
            return items;
        }
        default: {
            Value::Object members;
            for (int count = pick(4); count > 0; --count) {
                const std::string names[] = {"a", "b/c", "~", "", "d~1"};
                auto member = random_tree(random, depth - 1);
                members[names[pick(5)]] = member.is_null() ? Value("x") : member;
            }
            return members;
        }
    }
}

}  // namespace

TEST_CASE("a pointer finds what is there, and null where nothing is", "[model]") {
    const auto value = sample();
    CHECK(value.text("/kind") == "Pod");
    CHECK(value.number("/spec/replicas") == 3);
    CHECK(value.real("/spec/share") == 0.25);
    CHECK(value.flag("/spec/paused"));
    CHECK(value.text("/spec/containers/1/name") == "log");
    CHECK(value.text("/labels/deployctl.dev~1track") == "canary");
    CHECK(value.text("/labels/a~0b") == "tilde");
    CHECK(value.at("") == value);
    CHECK(value.at("/spec/containers/2").is_null());
    CHECK(value.at("/spec/containers/x").is_null());
    CHECK(value.at("/kind/deeper").is_null());
}

TEST_CASE("null that is there is not the same as nothing", "[model]") {
    const auto value = sample();
    CHECK(value.has("/spec/nodeName"));
    CHECK_FALSE(value.has("/spec/hostName"));
    CHECK(value.at("/spec/nodeName") == value.at("/spec/hostName"));
}

TEST_CASE("a look-up of another type gives the fallback", "[model]") {
    const auto value = sample();
    CHECK(value.text("/spec/replicas", "none") == "none");
    CHECK(value.number("/kind", 7) == 7);
    CHECK(value.number("/spec/share") == 0);
    CHECK(value.real("/spec/replicas") == 3.0);
    CHECK_FALSE(value.flag("/kind"));
    CHECK(value.items("/kind").empty());
    CHECK(value.members("/spec/containers").empty());
}

TEST_CASE("numbers and texts become what they are", "[model]") {
    CHECK(std::holds_alternative<bool>(Value(true).data()));
    CHECK(std::holds_alternative<std::int64_t>(Value(3U).data()));
    CHECK(std::holds_alternative<double>(Value(0.5F).data()));
    CHECK(Value("text").is_string());
    CHECK(Value(nullptr).is_null());
    CHECK(Value::list({}).is_array());
    CHECK(Value::map().is_object());
}

TEST_CASE("writing makes the way to the place", "[model]") {
    Value value;
    value.set("/metadata/annotations/deployctl.dev~1fence", "web/1/1.1");
    value.set("/list", Value::list({1}));
    value.set("/list/-", 2);
    value.set("/list/0", 5);
    CHECK(
        value ==
        Value::map({
            {"metadata",
             Value::map({{"annotations", Value::map({{"deployctl.dev/fence", "web/1/1.1"}})}})},
            {"list", Value::list({5, 2})},
        })
    );
    CHECK_THROWS_AS(value.set("/list/7", 1), std::logic_error);
    CHECK_THROWS_AS(value.set("/list/0/x", 1), std::logic_error);
}

TEST_CASE("erasing takes one member or one item, and what is not there is no mistake", "[model]") {
    auto value = sample();
    value.erase("/spec/containers/0");
    CHECK(value.text("/spec/containers/0/name") == "log");
    value.erase("/labels/a~0b");
    CHECK(value.members("/labels").size() == 1);
    const auto before = value;
    value.erase("/spec/none/deeper");
    value.erase("/spec/containers/9");
    CHECK(value == before);
    value.erase("");
    CHECK(value.is_null());
}

TEST_CASE("pointers are split and escaped as RFC 6901 says", "[model]") {
    CHECK(split_pointer("").empty());
    CHECK(split_pointer("/") == std::vector<std::string>{""});
    CHECK(split_pointer("/a~1b/m~0n//x") == std::vector<std::string>{"a/b", "m~n", "", "x"});
    CHECK(escape_pointer("a/b~c") == "a~1b~0c");
    for (const std::string key : {"", "/", "~", "~1", "a/b", "plain", "~01"}) {
        CHECK(split_pointer("/" + escape_pointer(key)) == std::vector<std::string>{key});
    }
}

TEST_CASE("differing paths name each place, in order, and nothing of equal trees", "[model]") {
    const auto before = sample();
    CHECK(differing_paths(before, before).empty());

    auto after = before;
    after.set("/spec/replicas", 4);
    after.set("/spec/containers/1/name", "proxy");
    after.erase("/labels/a~0b");
    CHECK(
        differing_paths(before, after) ==
        std::vector<std::string>{"/labels/a~0b", "/spec/containers/1/name", "/spec/replicas"}
    );
    after.set("/spec/containers", Value::list({}));
    CHECK(differing_paths(before, after)[1] == "/spec/containers");
}

TEST_CASE("a null member and no member are no difference", "[model]") {
    CHECK(differing_paths(Value::map({{"a", nullptr}}), Value::map()).empty());
}

TEST_CASE("of any two trees, those with no differing path are the same", "[model]") {
    std::mt19937 random(20261124);
    for (int round = 0; round < 500; ++round) {
        const auto left = random_tree(random, 3);
        const auto right = round % 2 == 0 ? left : random_tree(random, 3);
        CHECK(differing_paths(left, right).empty() == (left == right));
        auto mended = left;
        for (const auto& path : differing_paths(left, right)) {
            if (right.has(path)) {
                mended.set(path, right.at(path));
            } else {
                mended.erase(path);
            }
        }
        CHECK(mended == right);
    }
}

TEST_CASE(
    "a selector matches labels that have all of it; an empty one matches nothing", "[model]"
) {
    const Labels labels{{"app", "web"}, {"track", "canary"}};
    CHECK(selects({{"app", "web"}}, labels));
    CHECK(selects(labels, labels));
    CHECK_FALSE(selects({{"app", "api"}}, labels));
    CHECK_FALSE(selects({{"app", "web"}, {"tier", "x"}}, labels));
    CHECK_FALSE(selects({}, labels));
    CHECK(read_labels(to_value(labels)) == labels);
}

TEST_CASE("a copy stays as it was, whatever is written to the other, however deep", "[model]") {
    const auto make = [] {
        return Value::map({
            {"spec", Value::map({{"list", Value::list({Value::map({{"a", 1}}), 2})}})},
            {"other", Value::map({{"b", "x"}})},
        });
    };
    const auto first = make();
    auto second = first;
    CHECK(&second.at("/spec") == &first.at("/spec"));
    second.set("/spec/list/0/a", 5);
    second.set("/spec/list/-", 3);
    CHECK(second.number("/spec/list/0/a") == 5);
    CHECK(second.items("/spec/list").size() == 3);
    CHECK(&second.at("/other/b") == &first.at("/other/b"));
    auto third = second;
    third.erase("/spec/list/1");
    third.make_object()["other"].make_object()["b"] = "y";
    CHECK(third.items("/spec/list").size() == 2);
    CHECK(third.text("/other/b") == "y");
    CHECK(second.items("/spec/list").size() == 3);
    CHECK(second.text("/other/b") == "x");
    CHECK(first == make());
}

TEST_CASE("a tree that was moved away from can be read and written", "[model]") {
    auto first = Value::map({{"a", 1}});
    const auto second = std::move(first);
    CHECK(first.members().empty());
    first.set("/b", 2);
    CHECK(first.number("/b") == 2);
    CHECK(second == Value::map({{"a", 1}}));
}

TEST_CASE("a text is seen in its place, and what is no text is empty", "[model]") {
    const auto value = sample();
    CHECK(value.view("/kind") == "Pod");
    CHECK(value.view("/kind").data() == std::get<std::string>(value.at("/kind").data()).data());
    CHECK(value.view("/spec/replicas").empty());
    CHECK(value.view("/nowhere").empty());
}

TEST_CASE("a place is the same whether the compiler or the way takes it apart", "[model]") {
    const auto tree = Value::map({
        {"a", Value::map({{"b/c", Value::list({1, Value::map({{"", "deep"}})})}})},
        {"", Value::map({{"", 4}})},
    });
    const auto number = [&](const Pointer& place) { return tree.number(place, -1); };
    CHECK(number("/a/b~1c/0") == number(std::string("/a/b~1c/0")));
    CHECK(number("/a/b~1c/0") == 1);
    CHECK(tree.text("/a/b~1c/1/") == tree.text(std::string("/a/b~1c/1/")));
    CHECK(tree.text("/a/b~1c/1/") == "deep");
    CHECK(number("//") == number(std::string("//")));
    CHECK(number("//") == 4);
    CHECK(number("/") == -1);
    CHECK(number(std::string("/")) == -1);
    CHECK(tree.at("") == tree.at(std::string()));
    CHECK(tree.at("") == tree);
    CHECK(number("/a/b/c/0") == number(std::string("/a/b/c/0")));
    CHECK(number("/a/b/c/0") == -1);
}

TEST_CASE("a map of members in any order, of two with one key the first counts", "[model]") {
    const Value made = object_of({{"b", 1}, {"a", 2}, {"b", 3}});
    CHECK(made == Value::map({{"a", 2}, {"b", 1}}));
    CHECK(Value(object_of({})) == Value::map());
}
