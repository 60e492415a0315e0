// SPDX-License-Identifier: Apache-2.0
#include "gates/rego_word.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using Catch::Matchers::Contains;

namespace {

CommandResult exited(int code, std::string output, std::string error_output = "") {
    return {CommandResult::End::exited, code, std::move(output), std::move(error_output)};
}

gates::RegoWord conftest(int code, const std::string& output, const std::string& error = "") {
    return gates::read_conftest(exited(code, output, error));
}

gates::RegoWord opa(int code, const std::string& output, const std::string& error = "") {
    return gates::read_opa(exited(code, output, error));
}

std::string of_value(const std::string& value) {
    return R"({"result": [{"expressions": [{"value": )" + value +
           R"(, "text": "data.main.deny", "location": {"row": 1, "col": 1}}]}]})";
}

}  // namespace

TEST_CASE("conftest's denials, warnings and exceptions are told apart", "[gates]") {
    const auto word = conftest(1, R"([{"filename": "-", "namespace": "main", "successes": 3,
        "warnings": [{"msg": "w"}], "failures": [{"msg": "a"}, {"msg": "b"}, {}], "exceptions": [{"msg": "e"}]},
        {"filename": "-", "namespace": "main", "successes": 0, "failures": [{"msg": "c"}]}])");
    CHECK(word.trouble.empty());
    CHECK(word.denials == std::vector<std::string>{"a", "b", "a denial without a message", "c"});
    CHECK(word.warnings == std::vector<std::string>{"w"});
    CHECK(word.exceptions == 1);
    const auto good = conftest(0, R"([{"filename": "-", "namespace": "main", "successes": 1}])");
    CHECK(good.trouble.empty());
    CHECK(good.denials.empty());
}

TEST_CASE("conftest that has looked at nothing is trouble", "[gates]") {
    CHECK_THAT(
        conftest(0, R"([{"filename": "-", "namespace": "main", "successes": 0}])").trouble,
        Contains("no rule")
    );
    CHECK_THAT(conftest(0, "[]").trouble, Contains("no rule"));
    const auto none = conftest(1, "", "Error: running test: load: no policies found in [policy]\n");
    CHECK_THAT(none.trouble, Contains("no policies found"));
    for (const auto* output :
         {"", "{}", "null", "[", "[1]", R"([{"failures": 3, "successes": 1}])"}) {
        CAPTURE(output);
        CHECK_FALSE(conftest(0, output).trouble.empty());
        CHECK(conftest(0, output).denials.empty());
    }
    CHECK_FALSE(conftest(0, std::string(100'000, '[')).trouble.empty());
}

TEST_CASE("conftest that ends badly without a denial is trouble", "[gates]") {
    const std::string good = R"([{"successes": 2}])";
    CHECK_THAT(conftest(1, good, "Error: later").trouble, Contains("later"));
    CHECK_FALSE(conftest(2, good).trouble.empty());
    CHECK_FALSE(conftest(137, good).trouble.empty());
}

TEST_CASE("opa's set of denials may be texts or maps", "[gates]") {
    const auto word = opa(0, of_value(R"(["a", {"msg": "b", "code": 7}, {"code": 8}, 9])"));
    CHECK(word.trouble.empty());
    CHECK(word.denials == std::vector<std::string>{"a", "b", "{\"code\":8}", "9"});
    CHECK(opa(0, of_value("[]")).trouble.empty());
    CHECK(opa(0, of_value("[]")).denials.empty());
}

TEST_CASE("a rule of opa that is not there, or is no set, is trouble", "[gates]") {
    CHECK_THAT(opa(0, "{}").trouble, Contains("not there"));
    CHECK_THAT(opa(0, R"({"result": []})").trouble, Contains("not there"));
    for (const auto* value : {"true", "false", "{}", "null", "\"no\"", "0"}) {
        CAPTURE(value);
        CHECK_THAT(opa(0, of_value(value)).trouble, Contains("no set of denials"));
    }
    const auto broken =
        R"({"errors": [{"message": "unexpected eof token", "code": "rego_parse_error"}]})";
    CHECK_THAT(opa(2, broken).trouble, Contains("unexpected eof token"));
    const auto placed = R"({"errors": [{"message": "bad", "location": {"row": 4, "col": 1}}]})";
    CHECK(opa(2, placed).trouble == "line 4: bad");
    CHECK_THAT(opa(0, broken).trouble, Contains("unexpected eof token"));
    CHECK_FALSE(opa(2, of_value("[]"), "killed").trouble.empty());
    CHECK_FALSE(opa(1, of_value("[]")).trouble.empty());
    for (const auto* output : {"", "[]", "{", "null"}) {
        CHECK_FALSE(opa(0, output).trouble.empty());
    }
}
