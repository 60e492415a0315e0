// SPDX-License-Identifier: Apache-2.0
#include "documents/json.hpp"

#include "model/error.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <ctime>
#include <random>

using namespace deployctl;
using namespace deployctl::documents;

namespace {

Value random_tree(std::mt19937& random, int depth) {
    const auto pick = [&](unsigned below) { return static_cast<int>(random() % below); };
    switch (pick(depth > 0 ? 7 : 5)) {
        case 0: return {};
        case 1: return pick(2) == 0;
        case 2: return pick(2'000'000) - 1'000'000;
        case 3: return static_cast<double>(pick(100'000)) / 1024;
        case 4:
            return std::string("t\"\\\n\t\x01\xc3\xa4")
                .substr(static_cast<std::size_t>(pick(6)), 2);
        case 5:
            return Value::list({random_tree(random, depth - 1), random_tree(random, depth - 1)});
        default:
            return Value::map({{"k", random_tree(random, depth - 1)}, {"", random_tree(random, 0)}}
            );
    }
}

}  // namespace

TEST_CASE("JSON is read into the types it has", "[documents]") {
    const auto value =
        read_json(R"( {"a": [1, -2, 2.5, true, null, "x\u00e4\n"], "b": {}, "c": []} )");
    CHECK(
        value == Value::map({
                     {"a", Value::list({1, -2, 2.5, true, nullptr, "x\xc3\xa4\n"})},
                     {"b", Value::map()},
                     {"c", Value::list()},
                 })
    );
    CHECK(read_json("7") == Value(7));
    CHECK(read_json(R"({"a":1,"a":2})") == Value::map({{"a", 2}}));
}

TEST_CASE("what is written is canonical: sorted, without spaces", "[documents]") {
    const auto value = read_json(R"({ "b" : [ 1 , {} ], "a" : "x" })");
    CHECK(write_json(value) == R"({"a":"x","b":[1,{}]})");
    CHECK(write_json_indented(value) == "{\n  \"a\": \"x\",\n  \"b\": [\n    1,\n    {}\n  ]\n}");
    CHECK(write_json(Value()) == "null");
}

TEST_CASE("what is no JSON is refused with its place", "[documents]") {
    for (const auto* text :
         {"", "{", "[1,]", "{'a':1}", "nul", "1 2", "\"open", "{\"a\" 1}", "[1] x"}) {
        CAPTURE(text);
        CHECK_THROWS_AS(read_json(text), Error);
        CHECK_FALSE(try_read_json(text));
    }
    CHECK_THROWS_WITH(read_json("[1,]"), Catch::Contains("byte 4"));
}

TEST_CASE("a member that is not wanted is left out, whatever it is", "[documents]") {
    const auto without = [](const std::string& text) {
        return write_json(try_read_json_without("/a/b", text).value_or("no JSON"));
    };
    for (const auto* unwanted :
         {"1",
          "-1",
          "2.5",
          "true",
          "null",
          R"("x")",
          "[]",
          "{}",
          R"([{"b":[1]},[]])",
          R"({"b":{"a":{"b":1}},"c":[]})"}) {
        CAPTURE(unwanted);
        const std::string member = R"("b":)" + std::string(unwanted);
        CHECK(without(R"({"a":{)" + member + R"(,"c":1},"d":2})") == R"({"a":{"c":1},"d":2})");
        CHECK(without(R"({"a":{"c":[],)" + member + "}}") == R"({"a":{"c":[]}})");
        CHECK(without(R"({"a":{"b":1,)" + member + R"(},"b":3})") == R"({"a":{},"b":3})");
    }
}

TEST_CASE("what only looks like the member that is not wanted stays", "[documents]") {
    for (const auto* text :
         {R"({"b":1})",
          R"({"a":[{"b":1}]})",
          R"({"a":{"c":{"b":1}}})",
          R"({"a":{"c":{"a":{"b":1}}}})",
          R"({"a":{},"c":{"b":1}})",
          R"([{"a":{"c":1}}])",
          R"("a")"}) {
        CAPTURE(text);
        CHECK(write_json(try_read_json_without("/a/b", text).value()) == text);
    }
    CHECK_FALSE(try_read_json_without("/a/b", R"({"a":{"b":[1,]}})"));
    CHECK_FALSE(try_read_json_without("/a/b", R"({"a":{"b":1)"));
}

TEST_CASE(
    "of a large text only the wanted members are kept, and not too many values", "[documents]"
) {
    const auto kept = [](const std::string& text, std::size_t most = 100) {
        const WantedMembers wanted{{"a", "b"}, most};
        const auto read = try_read_json_only(wanted, text);
        return read ? write_json(*read) : "none";
    };
    for (const auto* unwanted :
         {"1",
          "-1",
          "2.5",
          "true",
          "null",
          R"("x")",
          "[]",
          "{}",
          R"([{"a":[1]},[]])",
          R"({"a":{"b":1},"c":[{}]})"}) {
        CAPTURE(unwanted);
        const std::string member = R"("c":)" + std::string(unwanted);
        CHECK(kept("{" + member + R"(,"a":1})") == R"({"a":1})");
        CHECK(
            kept(R"({"a":[{)" + member + R"(},2],"b":{"b":3,)" + member + "}}") ==
            R"({"a":[{},2],"b":{"b":3}})"
        );
    }
    CHECK(kept("[1,[2]]") == "[1,[2]]");
    CHECK(kept(R"({"c":[1,]})") == "none");
    CHECK(kept(R"({"c":[1)") == "none");
    CHECK(kept("[1,2,3]", 4) == "[1,2,3]");
    CHECK(kept("[1,2,3]", 3) == "none");
    CHECK(kept(R"({"c":[1,2,3,4,5,6,7,8],"a":1})", 2) == R"({"a":1})");
    CHECK(kept(R"({"c":)" + std::string(300, '[') + std::string(300, ']') + "}") == "none");
    CHECK(kept(std::string(300, '[') + std::string(300, ']'), 1000) == "none");
}

TEST_CASE("nesting has a limit, so that no document overflows the stack", "[documents]") {
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    CHECK(try_read_json(nested(200)).has_value());
    CHECK_THROWS_WITH(read_json(nested(201)), Catch::Contains("deeper than 200"));
    CHECK_FALSE(try_read_json(std::string(100'000, '[')));
}

TEST_CASE("whole numbers keep all their digits", "[documents]") {
    CHECK(write_json(read_json("9223372036854775807")) == "9223372036854775807");
    CHECK(write_json(read_json("-9223372036854775808")) == "-9223372036854775808");
    CHECK(write_json(read_json("1.0")) == "1.0");
}

TEST_CASE("a number too large for 64 bits does not turn negative", "[documents]") {
    CHECK(read_json("18446744073709551615").real("") > 1e19);
    CHECK(read_json("9223372036854775808").real("") == 9223372036854775808.0);
    CHECK(read_json("-18446744073709551615").real("") < -1e19);
}

TEST_CASE("bytes that are no UTF-8 do not stop the writing", "[documents]") {
    CHECK(write_json(Value("a\xff")) == "\"a\xef\xbf\xbd\"");
}

TEST_CASE("every tree that is written is read back the same", "[documents]") {
    std::mt19937 random(42);
    for (int round = 0; round < 500; ++round) {
        const auto tree = random_tree(random, 4);
        const auto text = write_json(tree);
        CAPTURE(text);
        const auto back = read_json(text);
        CHECK(write_json(back) == text);
        CHECK(read_json(write_json_indented(back)) == back);
    }
}

TEST_CASE("every tree is written as the library would write it", "[documents]") {
    const Value rare = Value::map({
        {"", "\x7f\xc3\xa4\"\\\b\f\r\n\t\x1f/"},
        {"key with \"quotes\"", Value::list({1e300, -0.0, 0.1, 1e-7, 12345678901234567.0})},
        {"limits", Value::list({INT64_MAX, INT64_MIN, Value::map(), Value::list()})},
    });
    std::mt19937 random(44);
    for (int round = 0; round < 300; ++round) {
        const auto tree = round == 0 ? rare : random_tree(random, 4);
        const auto text = write_json(tree);
        CHECK(text == nlohmann::json::parse(text).dump());
        CHECK(write_json_indented(tree) == nlohmann::json::parse(text).dump(2));
    }
}

TEST_CASE("no garbage makes the reader crash", "[documents]") {
    std::mt19937 random(43);
    const std::string letters = "{}[]\",:0123456789.eE+-truefalsn \\u\n";
    for (int round = 0; round < 3000; ++round) {
        std::string text;
        for (auto count = random() % 24; count > 0; --count) {
            text += letters[random() % letters.size()];
        }
        CHECK_NOTHROW(try_read_json(text));
    }
}

TEST_CASE("SHA-256 is that of the standard", "[documents]") {
    CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("of two members with one name the last counts, in a map of any size", "[documents]") {
    CHECK(
        documents::read_json(R"({"a": 1, "b": [{"x": {}}, []], "a": 2})") ==
        Value::map(
            {{"a", 2}, {"b", Value::list({Value::map({{"x", Value::map()}}), Value::list()})}}
        )
    );
    std::string text = "{";
    for (int number = 100'000; number > 0; --number) {
        text += "\"k" + std::to_string(number) + "\":1,";
    }
    const auto start = std::clock();
    const auto read = documents::read_json(text + "\"k7\":2}");
    CHECK(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC < 5);
    CHECK(read.members().size() == 100'000);
    CHECK(read.number("/k7") == 2);
}
