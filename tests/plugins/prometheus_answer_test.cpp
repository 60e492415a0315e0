// SPDX-License-Identifier: Apache-2.0
#include "plugins/prometheus/answer.hpp"
#include "tests/plugins/a_source.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace deployctl;
using namespace deployctl::plugins;
using tests::a_source;
using Kind = MetricAnswer::Kind;

namespace {

MetricAnswer read(int status, const std::string& body) {
    HttpAnswer answer;
    answer.kind = HttpAnswer::Kind::answered;
    answer.status = status;
    answer.body = body;
    return read_answer(answer, a_source().url("https://prom.example.com/tenant"));
}

MetricAnswer read_result(const std::string& type, const std::string& result) {
    return read(
        200,
        R"({"status":"success","data":{"resultType":")" + type + R"(","result":)" + result + "}}"
    );
}

/// One series of a vector with this value.
MetricAnswer read_value(const std::string& value) {
    return read_result("vector", R"([{"metric":{},"value":)" + value + "}]");
}

std::string many_series(std::size_t count) {
    std::string list;
    for (std::size_t number = 0; number < count; ++number) {
        list += (number == 0 ? "" : ",") + std::string(R"({"metric":{"n":")") +
                std::to_string(number) + R"("},"value":[1,"2"]})";
    }
    return "[" + list + "]";
}

}  // namespace

TEST_CASE("a vector has one point a series, with its labels", "[plugins][prometheus]") {
    const auto answer = read_result(
        "vector",
        R"([{"metric":{"pod":"web-1","code":"500"},"value":[1700000000.25,"0.5"]},
            {"metric":{},"value":[1700000001,"-1e-3"]}])"
    );
    REQUIRE(answer.kind == Kind::series);
    REQUIRE(answer.series.size() == 2);
    CHECK(
        answer.series[0].labels ==
        std::map<std::string, std::string>{{"code", "500"}, {"pod", "web-1"}}
    );
    REQUIRE(answer.series[0].points.size() == 1);
    CHECK(to_rfc3339(answer.series[0].points[0].at) == "2023-11-14T22:13:20.250000Z");
    CHECK(answer.series[0].points[0].value == 0.5);
    CHECK(answer.series[1].points[0].value == -0.001);
    CHECK(answer.failure.empty());
}

TEST_CASE(
    "a matrix has its points in order, a scalar one without labels", "[plugins][prometheus]"
) {
    const auto matrix =
        read_result("matrix", R"([{"metric":{"pod":"a"},"values":[[1,"2"],[2.5,"NaN"],[4,"8"]]}])");
    REQUIRE(matrix.kind == Kind::series);
    REQUIRE(matrix.series.at(0).points.size() == 3);
    CHECK(matrix.series[0].points[1].at.time_since_epoch() == milliseconds(2500));
    CHECK(std::isnan(matrix.series[0].points[1].value));
    CHECK(matrix.series[0].points[2].value == 8);
    const auto scalar = read_result("scalar", R"([1700000000,"42"])");
    REQUIRE(scalar.kind == Kind::series);
    CHECK(scalar.series.at(0).labels.empty());
    CHECK(scalar.series[0].points.at(0).value == 42);
}

TEST_CASE("no series is an answer, too", "[plugins][prometheus]") {
    const auto answer = read_result("vector", "[]");
    CHECK(answer.kind == Kind::series);
    CHECK(answer.series.empty());
}

TEST_CASE("NaN and infinities are kept as the source has them", "[plugins][prometheus]") {
    CHECK(std::isnan(read_value(R"([1,"NaN"])").series.at(0).points.at(0).value));
    CHECK(read_value(R"([1,"+Inf"])").series.at(0).points.at(0).value == INFINITY);
    CHECK(read_value(R"([1,"-Inf"])").series.at(0).points.at(0).value == -INFINITY);
}

TEST_CASE(
    "what is no sample fails the answer, and never reads as a number", "[plugins][prometheus]"
) {
    const auto* const value = GENERATE(
        R"([1,2])",
        R"([1,""])",
        R"([1,"nan"])",
        R"([1,"infinity"])",
        R"([1,"1 "])",
        R"([1,"1x"])",
        R"([1,"0x10"])",
        R"([1,"1e999"])",
        R"([1,null])",
        R"([1])",
        R"([])",
        R"([1,"2",3])",
        R"(["1","2"])",
        R"([1e300,"2"])",
        R"([null,"2"])",
        R"("2")",
        R"({"0":1,"1":"2"})",
        "null"
    );
    INFO(value);
    const auto answer = read_value(value);
    CHECK(answer.kind == Kind::failed);
    CHECK(answer.failure == "series 1 of its answer is none that can be read");
    CHECK(answer.series.empty());
}

TEST_CASE("what is no series fails the answer", "[plugins][prometheus]") {
    const auto* const item = GENERATE(
        R"({"value":[1,"2"]})",
        R"({"metric":null,"value":[1,"2"]})",
        R"({"metric":{"a":1},"value":[1,"2"]})",
        R"({"metric":["a"],"value":[1,"2"]})",
        R"({"metric":{}})",
        "[]",
        "3"
    );
    INFO(item);
    CHECK(read_result("vector", "[" + std::string(item) + "]").kind == Kind::failed);
}

TEST_CASE("a matrix out of order, or without points, fails", "[plugins][prometheus]") {
    const auto* const values =
        GENERATE(R"([[2,"1"],[1,"1"]])", R"([[1,"1"],[1,"1"]])", "[]", R"({"a":[1,"1"]})", "null");
    INFO(values);
    const auto answer =
        read_result("matrix", R"([{"metric":{},"values":)" + std::string(values) + "}]");
    CHECK(answer.kind == Kind::failed);
}

TEST_CASE("a body that is no answer of Prometheus says so", "[plugins][prometheus]") {
    const std::string deep = std::string(100'000, '[');
    const auto body = GENERATE_COPY(
        std::string(),
        std::string("<html>Sign in</html>"),
        std::string("[]"),
        std::string("null"),
        std::string(R"({"status":"success","data":{"resultType":"vec)"),
        std::string(R"({"a":1e999})"),
        deep,
        std::string(R"({"data":)") + deep
    );
    INFO(body.substr(0, 40));
    const auto answer = read(200, body);
    CHECK(answer.kind == Kind::failed);
    CHECK(answer.failure == "its answer is no JSON of Prometheus: is `url` right?");
}

TEST_CASE("missing and mistaken parts of an answer fail it", "[plugins][prometheus]") {
    const auto [body, failure] = GENERATE(table<std::string, std::string>({
        {R"({})", "it answers without success: and does not say why"},
        {R"({"status":"error","error":"overloaded"})", "it answers without success: overloaded"},
        {R"({"status":true,"data":{"resultType":"vector","result":[]}})",
         "it answers without success: and does not say why"},
        {R"({"status":"success"})",
         "its answer is of type ``, and vector, matrix or scalar was to be expected"},
        {R"({"status":"success","data":{"resultType":"streams\u001b[1m","result":[]}})",
         "its answer is of type `streams`, and vector, matrix or scalar was to be expected"},
        {R"({"status":"success","data":{"resultType":"vector"}})",
         "its answer holds no list of series"},
        {R"({"status":"success","data":{"resultType":"vector","result":{}}})",
         "its answer holds no list of series"},
        {R"({"status":"success","data":{"resultType":"scalar","result":[1,2]}})",
         "its answer holds no scalar that can be read"},
    }));
    INFO(body);
    const auto answer = read(200, body);
    CHECK(answer.kind == Kind::failed);
    CHECK(answer.failure == failure);
}

TEST_CASE(
    "a query that gives no numbers is refused: to ask again is in vain", "[plugins][prometheus]"
) {
    const auto text = read_result("string", R"([1,"hello"])");
    CHECK(text.kind == Kind::refused);
    CHECK(text.failure == "the query gives a text and no number");
    const auto histogram =
        read_result("vector", R"([{"metric":{},"histogram":[1,{"count":"3"}]}])");
    CHECK(histogram.kind == Kind::refused);
    CHECK(histogram.failure.starts_with("the query gives a histogram and no number"));
}

TEST_CASE("so many series are read and no more", "[plugins][prometheus]") {
    CHECK(read_result("vector", many_series(most_series)).series.size() == most_series);
    const auto answer = read_result("vector", many_series(most_series + 1));
    CHECK(answer.kind == Kind::failed);
    CHECK(answer.series.empty());
    CHECK(
        answer.failure ==
        "it answers with 10001 series, and at most 10000 are read: sum them up in the query"
    );
}

TEST_CASE("warnings are kept, so many of them, in print", "[plugins][prometheus]") {
    std::string warnings = R"("partial response\u001b[31m",7)";
    for (int number = 0; number < 20; ++number) {
        warnings += R"(,"more")";
    }
    const auto answer = read(
        200,
        R"({"status":"success","data":{"resultType":"vector","result":[]},"warnings":[)" +
            warnings + "]}"
    );
    CHECK(answer.kind == Kind::series);
    REQUIRE(answer.warnings.size() == 10);
    CHECK(answer.warnings[0] == "partial response");
    CHECK(answer.warnings[1] == "more");
}

TEST_CASE("400 and 422 refuse the query in Prometheus' own words", "[plugins][prometheus]") {
    const auto status = GENERATE(400, 422);
    const auto answer = read(
        status,
        R"({"status":"error","errorType":"bad_data","error":"1:5: parse error: unexpected \")\""})"
    );
    CHECK(answer.kind == Kind::refused);
    CHECK(answer.failure == "1:5: parse error: unexpected \")\"");
}

TEST_CASE(
    "a 400 that is none of Prometheus' words says nothing of the query", "[plugins][prometheus]"
) {
    const auto answer = read(400, "The plain HTTP request was sent to HTTPS port");
    CHECK(answer.kind == Kind::failed);
    CHECK(
        answer.failure ==
        "HTTP 400: these are no words of Prometheus: is `url` right, http or https?"
    );
}

TEST_CASE("who may not ask is told what to do", "[plugins][prometheus]") {
    const auto told = [](int status, const MetricsSource& source) {
        HttpAnswer answer;
        answer.status = status;
        answer.kind = HttpAnswer::Kind::answered;
        const auto read = read_answer(answer, source);
        CHECK(read.kind == Kind::failed);
        return read.failure;
    };
    CHECK(
        told(401, {}) ==
        "HTTP 401: it asks who we are: write token_file, or username and password_file"
    );
    CHECK(
        told(401, a_source().token_file("/etc/token")) ==
        "HTTP 401: it does not take the token: renew what stands in /etc/token"
    );
    CHECK(
        told(401, a_source().username("ci").password_file("/etc/word")) ==
        "HTTP 401: it does not take the password of ci: look into /etc/word"
    );
    CHECK(
        told(403, {}) == "HTTP 403: it knows us and does not let us ask: give us the right to query"
    );
    CHECK(
        told(404, a_source().url("https://me:secret@prom.example.com/tenant/?x=secret")) ==
        "HTTP 404: there is no /api/v1/query at prom.example.com/tenant: is `url` right, also the "
        "path in front of /api/v1?"
    );
    CHECK(told(405, {}) == "HTTP 405: it takes no POST: name a url that does");
    CHECK(told(418, {}) == "HTTP 418");
}
