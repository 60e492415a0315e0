// SPDX-License-Identifier: Apache-2.0
#include "tests/plugins/metrics_suite.hpp"

#include "simcluster/run.hpp"

#include <catch2/catch.hpp>

namespace deployctl::tests {

namespace {

using simcluster::run;

const std::string one = R"(sum(demo_requests_total{code="500"}))";
const std::string two = "demo_requests_total";
const std::string none = "demo_nothing";
const std::string not_a_number = "demo_zero / demo_zero";
const std::string infinite = "1 / demo_zero";
const std::string broken = "sum(";
const std::string text = R"("hello")";
const std::string scalar = "1 + 1";
const std::string ambiguous = "demo_requests_total * on () demo_zero";
const std::string in_time = "sum(demo_requests_total)";
const std::string too_fine = "sum(demo_requests_total) + 0";

RecordedAnswer result(const std::string& type, const std::string& values) {
    return {
        200,
        R"({"status":"success","data":{"resultType":")" + type + R"(","result":)" + values + "}}"
    };
}

RecordedAnswer refusal(int status, const std::string& type, const std::string& error) {
    return {
        status, R"({"status":"error","errorType":")" + type + R"(","error":")" + error + R"("})"
    };
}

std::string requests(const std::string& code, const std::string& count) {
    return R"({"metric":{"__name__":"demo_requests_total","code":")" + code +
           R"(","instance":"127.0.0.1:33143","job":"demo","pod":"web-1"},"value":[1795989423.748,")" +
           count + R"("]})";
}

class Suite {
public:
    Suite(Metrics& metrics, const MetricsSource& source) : metrics_(metrics), source_(source) {}

    void check_numbers() {
        const auto number = one_number(ask(one));
        INFO(number.text);
        CHECK(number.kind == OneNumber::Kind::number);
        CHECK(number.value == 7);
        CHECK(one_number(ask(scalar)).value == 2);
        CHECK(one_number(ask(none)).kind == OneNumber::Kind::none);
        CHECK(one_number(ask(not_a_number)).text == "NaN");
        CHECK(one_number(ask(infinite)).text == "an infinite number");
    }

    void check_many() {
        const auto answer = ask(two);
        REQUIRE(answer.series.size() == 2);
        CHECK(answer.series[0].labels.at("code") == "200");
        CHECK(answer.series[0].labels.at("pod") == "web-1");
        CHECK(answer.series[0].points.at(0).value == 93);
        CHECK(answer.series[1].labels.at("code") == "500");
        CHECK(one_number(answer).kind == OneNumber::Kind::many);
    }

    void check_refusals() {
        CHECK(refused(ask(broken)).find("parse error") != std::string::npos);
        CHECK(refused(ask(ambiguous)).find("many-to-one") != std::string::npos);
        CHECK(refused(ask(text)).find("a text and no number") != std::string::npos);
    }

    void check_ranges(WallTime now) {
        const auto answer =
            run(metrics_.range(source_, in_time, {now - seconds(10), now, seconds(1)}));
        INFO(answer.failure);
        REQUIRE(answer.series.size() == 1);
        const auto& points = answer.series[0].points;
        REQUIRE(points.size() >= 2);
        CHECK(points[1].at - points[0].at == seconds(1));
        CHECK(points[0].value == 100);
        CHECK(points.back().value == 100);
        const MetricRange fine{now - seconds(86400), now, milliseconds(1)};
        CHECK(
            refused(run(metrics_.range(source_, too_fine, fine))).find("resolution") !=
            std::string::npos
        );
    }

private:
    MetricAnswer ask(const std::string& query) { return run(metrics_.instant(source_, query)); }

    static std::string refused(const MetricAnswer& answer) {
        CHECK(answer.kind == MetricAnswer::Kind::refused);
        CHECK(answer.series.empty());
        return answer.failure;
    }

    Metrics& metrics_;
    const MetricsSource& source_;
};

}  // namespace

const std::map<std::string, RecordedAnswer>& recorded_answers() {
    static const std::map<std::string, RecordedAnswer> answers{
        {one, result("vector", R"([{"metric":{},"value":[1795989423.718,"7"]}])")},
        {two, result("vector", "[" + requests("200", "93") + "," + requests("500", "7") + "]")},
        {none, result("vector", "[]")},
        {not_a_number,
         result("vector", R"([{"metric":{"job":"demo"},"value":[1795989423.826,"NaN"]}])")},
        {infinite,
         result("vector", R"([{"metric":{"job":"demo"},"value":[1795989423.972,"+Inf"]}])")},
        {broken,
         refusal(
             400,
             "bad_data",
             R"(invalid parameter \"query\": 1:5: parse error: unclosed left parenthesis)"
         )},
        {text, result("string", R"([1795989424.268,"hello"])")},
        {scalar, result("scalar", R"([1795989424.346,"2"])")},
        {ambiguous,
         refusal(
             422,
             "execution",
             "multiple matches for labels: many-to-one matching must be explicit "
             "(group_left/group_right)"
         )},
        {in_time,
         result("matrix", R"([{"metric":{},"values":[[1795989423,"100"],[1795989424,"100"]]}])")},
        {too_fine,
         refusal(
             400,
             "bad_data",
             "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the "
             "query resolution (?step=XX)"
         )},
    };
    return answers;
}

void check_metrics_source(Metrics& metrics, const MetricsSource& source, WallTime now) {
    Suite suite(metrics, source);
    suite.check_numbers();
    suite.check_many();
    suite.check_refusals();
    suite.check_ranges(now);
}

}  // namespace deployctl::tests
