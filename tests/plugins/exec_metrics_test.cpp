// SPDX-License-Identifier: Apache-2.0
#include "plugins/exec_metrics/exec_metrics.hpp"

#include "documents/json.hpp"
#include "plugins/exec_metrics/question.hpp"
#include "plugins/process/boost_process.hpp"
#include "plugins/prometheus/answer.hpp"
#include "plugins/system/system_clock.hpp"
#include "simcluster/run.hpp"
#include "tests/fakes/fake_metrics.hpp"
#include "tests/plugins/a_source.hpp"
#include "tests/plugins/metrics_suite.hpp"
#include "tests/support/source_dir.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <fstream>
#include <iterator>
#include <tuple>

using namespace deployctl;
using namespace deployctl::plugins;
using Catch::Matchers::Contains;
using Kind = MetricAnswer::Kind;
using simcluster::run;
using tests::a_source;

namespace {

MetricsSource program() {
    MetricsSource source;
    source.run = {"./metrics.py", "--db=shop"};
    return source;
}

MetricAnswer printed(const std::string& output) {
    return exec_metrics::read_answer(program(), {CommandResult::End::exited, 0, output, ""});
}

MetricAnswer one_series(const std::string& series) {
    return printed(R"({"status":"success","series":[)" + series + "]}");
}

MetricAnswer points(const std::string& list) {
    return one_series(R"({"labels":{},"points":)" + list + "}");
}

Value value_of(double number) {
    return std::isnan(number)   ? Value("NaN")
           : std::isinf(number) ? Value(number > 0 ? "+Inf" : "-Inf")
                                : Value(number);
}

Value series_value(const MetricSeries& series, Duration later) {
    auto value = Value::map({{"labels", Value::map()}, {"points", Value::list()}});
    for (const auto& [name, text] : series.labels) {
        value.set("/labels/" + name, text);
    }
    for (const auto& point : series.points) {
        const double at =
            std::chrono::duration<double>((point.at + later).time_since_epoch()).count();
        value.set("/points/-", Value::list({at, value_of(point.value)}));
    }
    return value;
}

/// The program of the contract that knows what Prometheus has answered to the queries of the suite.
class SuiteProgram final : public Process {
public:
    Task<CommandResult> run(Command command) override {
        const auto question = documents::read_json(command.input);
        HttpAnswer recorded;
        recorded.kind = HttpAnswer::Kind::answered;
        const auto& answer = tests::recorded_answers().at(question.text("/query"));
        recorded.status = answer.status;
        recorded.body = answer.body;
        CommandResult result;
        const auto told = plugins::read_answer(recorded, {});
        const auto later = from_then_to(question, told);
        result.output = documents::write_json(body_of(told, later));
        co_return result;
    }

private:
    /// What was recorded once is told of the range that is asked about.
    static Duration from_then_to(const Value& question, const MetricAnswer& told) {
        const bool is_range = question.view("/kind") == "range" && !told.series.empty();
        return is_range ? *read_rfc3339(question.view("/to")) - told.series[0].points.back().at
                        : Duration{};
    }

    static Value body_of(const MetricAnswer& answer, Duration later) {
        if (answer.kind != Kind::series) {
            return Value::map({{"status", "error"}, {"error", answer.failure}});
        }
        auto body = Value::map({{"status", "success"}, {"series", Value::list()}});
        for (const auto& series : answer.series) {
            body.set("/series/-", series_value(series, later));
        }
        return body;
    }
};

/// The blocks of JSON in the page of the contract.
std::vector<std::string> examples_of_contract() {
    std::ifstream file(tests::source_dir() / "docs/formats/exec-metrics.md");
    const std::string page{std::istreambuf_iterator<char>(file), {}};
    constexpr std::string_view opening = "```json\n";
    std::vector<std::string> blocks;
    for (auto at = page.find(opening); at != page.npos; at = page.find(opening, at)) {
        at += opening.size();
        blocks.push_back(page.substr(at, page.find("```", at) - at));
    }
    return blocks;
}

}  // namespace

TEST_CASE("a program answers as a source of metrics does", "[plugins][exec_metrics]") {
    SuiteProgram process;
    ExecMetrics metrics(process);
    tests::check_metrics_source(metrics, program(), WallTime{});
    const std::string one = R"(sum(demo_requests_total{code="500"}))";
    CHECK(one_number(run(metrics.instant(program(), one))).value == 7);
}

TEST_CASE(
    "points of another time than was asked about are not believed", "[plugins][exec_metrics]"
) {
    const MetricRange range{WallTime(seconds(1000)), WallTime(seconds(1060)), seconds(10)};
    const auto told = [&](const std::string& points) {
        const auto output =
            R"({"status":"success","series":[{"labels":{},"points":)" + points + "}]}";
        return exec_metrics::read_range(
            program(), {CommandResult::End::exited, 0, output, ""}, range
        );
    };
    const auto good = told("[[993.5, 1], [1003.5, 2], [1063.5, 3]]");  // a grid of its own
    REQUIRE(good.kind == Kind::series);
    CHECK(good.series[0].points.size() == 3);
    for (const auto* stray : {"[[400, 1], [1003.5, 2]]", "[[1003.5, 2], [1080, 3]]"}) {
        const auto answer = told(stray);
        CHECK(answer.kind == Kind::failed);
        CHECK(answer.series.empty());
        CHECK_THAT(answer.failure, Contains("it answers with a point of 1970-01-01T00:"));
        CHECK_THAT(answer.failure, Contains("was asked about 1970-01-01T00:16:40"));
    }
    CHECK(told("[]").kind == Kind::failed);
}

TEST_CASE("the query stands in the input, and nowhere else", "[plugins][exec_metrics]") {
    const auto now = exec_metrics::command_of(program(), "SELECT \"a\"", std::nullopt);
    CHECK(now.argv == std::vector<std::string>{"./metrics.py", "--db=shop"});
    CHECK(now.environment.empty());
    CHECK(
        now.input == R"({"kind":"instant","query":"SELECT \"a\""})"
                     "\n"
    );
    const MetricRange range{WallTime{}, WallTime{} + seconds(60), milliseconds(1500)};
    CHECK(
        exec_metrics::command_of(program(), "q", range).input ==
        R"({"from":"1970-01-01T00:00:00.000000Z","kind":"range","query":"q","step":1.5,)"
        R"("to":"1970-01-01T00:01:00.000000Z"})"
        "\n"
    );
}

TEST_CASE("it has ended when the time of the source is over", "[plugins][exec_metrics]") {
    for (const Duration timeout : {Duration(seconds(5)), Duration(milliseconds(20))}) {
        MetricsSource source = program();
        source.timeout = timeout;
        const auto command = exec_metrics::command_of(source, "q", std::nullopt);
        CHECK(command.timeout + command.grace <= timeout);
        CHECK(command.timeout > command.grace);
    }
}

TEST_CASE("the contract's own examples are what is sent and read", "[plugins][exec_metrics]") {
    const auto examples = examples_of_contract();
    REQUIRE(examples.size() == 2);
    const auto question = documents::read_json(examples[0]);
    const MetricRange range{
        read_rfc3339(question.text("/from")).value(),
        read_rfc3339(question.text("/to")).value(),
        seconds(10),
    };
    const auto sent = exec_metrics::command_of(program(), question.text("/query"), range);
    CHECK(documents::read_json(sent.input) == question);
    const auto answer = printed(examples[1]);
    REQUIRE(answer.series.size() == 1);
    CHECK(answer.series[0].labels.at("version") == "v2");
    CHECK(answer.series[0].points.at(0).value == 0.002);
    CHECK(std::isnan(answer.series[0].points.at(1).value));
}

TEST_CASE("an error of the program says that the query is wrong", "[plugins][exec_metrics]") {
    const auto answer = printed(R"({"status":"error","error":"no such\u001b[31m table"})");
    CHECK(answer.kind == Kind::refused);
    CHECK_THAT(answer.failure, Contains("no such"));
    CHECK(answer.failure.find('\x1b') == std::string::npos);
    CHECK_FALSE(printed(R"({"status":"error"})").failure.empty());
    const auto partial =
        printed(R"({"status":"success","series":[],"warnings":["one shard is away",7]})");
    CHECK(partial.kind == Kind::series);
    CHECK(partial.warnings == std::vector<std::string>{"one shard is away"});
}

TEST_CASE("what did not end well is a failure with its last words", "[plugins][exec_metrics]") {
    const auto ended = [](CommandResult::End end, int code, const std::string& words) {
        const std::string good = R"({"status":"success","series":[]})";
        return exec_metrics::read_answer(program(), {end, code, good, words});
    };
    const auto bad = ended(CommandResult::End::exited, 1, "Traceback\nKeyError: 'INFLUX_URL'\n\n");
    CHECK(bad.kind == Kind::failed);
    CHECK(bad.failure == "./metrics.py: exit code 1: KeyError: 'INFLUX_URL'");
    CHECK(ended(CommandResult::End::signalled, 9, "").failure == "./metrics.py: ended by signal 9");
    CHECK_THAT(ended(CommandResult::End::timed_out, 15, "").failure, Contains("within 5s"));
    CHECK_THAT(
        ended(CommandResult::End::not_started, 0, "no such file").failure, Contains("no such file")
    );
}

TEST_CASE("what nobody can read is a failure, never a number", "[plugins][exec_metrics]") {
    const std::string body = GENERATE(
        as<std::string>{},
        "",
        "null",
        "[]",
        "0.5",
        "{}",
        R"({"status":"ok","series":[]})",
        R"({"status":true,"series":[]})",
        R"({"status":"success"})",
        R"({"status":"success","series":{}})",
        R"({"status":"success","series":[1]})",
        R"({"status":"success","series":[]} trailing)",
        R"({"status":"success","series":[)",
        std::string(100'000, '[')
    );
    CAPTURE(body.substr(0, 60));
    CHECK(printed(body).kind == Kind::failed);
    CHECK_FALSE(printed(body).failure.empty());
}

TEST_CASE("points that are none fail the whole answer", "[plugins][exec_metrics]") {
    const std::string list = GENERATE(
        as<std::string>{},
        "[]",
        "{}",
        "null",
        "[1]",
        "[[1]]",
        "[[1,2,3]]",
        "[[\"1\",2]]",
        "[[1,\"2\"]]",
        "[[1,\"nan\"]]",
        "[[1,null]]",
        "[[1,true]]",
        "[[1,1e999]]",
        "[[1e300,1]]",
        "[[2,1],[1,1]]",
        "[[1,1],[1,1]]"
    );
    CAPTURE(list);
    CHECK(points(list).kind == Kind::failed);
}

TEST_CASE("numbers, and what JSON has no number for, are read", "[plugins][exec_metrics]") {
    const auto answer = points(R"([[1,2],[2,-0.5],[3,"NaN"],[4,"+Inf"],[5.25,"-Inf"]])");
    REQUIRE(answer.series.size() == 1);
    const auto& read = answer.series[0].points;
    CHECK(read.at(0).value == 2);
    CHECK(read.at(1).value == -0.5);
    CHECK(std::isnan(read.at(2).value));
    CHECK(read.at(3).value == INFINITY);
    CHECK(read.at(4).value == -INFINITY);
    CHECK(read.at(4).at == WallTime{} + milliseconds(5250));
    CHECK(one_series(R"({"points":[[1,2]]})").kind == Kind::failed);
    CHECK(one_series(R"({"labels":{"a":1},"points":[[1,2]]})").kind == Kind::failed);
}

TEST_CASE("a flood of series or points is not read", "[plugins][exec_metrics]") {
    std::string series;
    for (int i = 0; i <= 10'000; ++i) {
        series += (i == 0 ? "" : ",") + std::string(R"({"labels":{},"points":[[1,2]]})");
    }
    CHECK_THAT(one_series(series).failure, Contains("more than"));
    std::string list;
    for (int i = 0; i <= 200'000; ++i) {
        list += (i == 0 ? "[" : ",[") + std::to_string(i) + ",1]";
    }
    CHECK_THAT(points("[" + list + "]").failure, Contains("more than"));
    CHECK_THAT(printed(std::string(16U << 20U, ' ')).failure, Contains("16 MiB"));
}

TEST_CASE("each source is asked in its own way", "[plugins][exec_metrics]") {
    tests::FakeMetrics over_http;
    tests::FakeMetrics by_program;
    MetricsOfEitherKind metrics(over_http, by_program);
    over_http.on("q", 1);
    by_program.on("q", 2);
    const std::string query = "q";
    const MetricsSource http = a_source().url("http://prom");
    CHECK(one_number(run(metrics.instant(http, query))).value == 1);
    CHECK(one_number(run(metrics.instant(program(), query))).value == 2);
    const MetricRange range{{}, {}, seconds(1)};
    CHECK(one_number(run(metrics.range(http, query, range))).value == 1);
    CHECK(one_number(run(metrics.range(program(), query, range))).value == 2);
}

TEST_CASE("the example's program speaks the contract", "[plugins][exec_metrics][process]") {
    const auto folder = (tests::source_dir() / "examples/06-metrics-program/").string();
    BoostProcess process;
    ExecMetrics metrics(process);
    MetricsSource source;
    source.run = {"env", "INFLUX_FILE=" + folder + "kept.json", folder + "metrics.py"};
    const std::string query = "SELECT mean(error_rate) FROM web";
    const auto now = run(metrics.instant(source, query));
    INFO(now.failure);
    CHECK(one_number(now).value == 0.002);
    const MetricRange kept{
        WallTime(seconds(1795989360)), WallTime(seconds(1795989420)), seconds(60)
    };
    const auto range = run(metrics.range(source, query, kept));
    REQUIRE(range.series.size() == 1);
    CHECK(range.series[0].points.size() == 2);
    source.run = {"env", "-u", "INFLUX_FILE", folder + "metrics.py"};
    CHECK_THAT(run(metrics.instant(source, query)).failure, Contains("INFLUX_DB"));
}

TEST_CASE("a program that hangs is ended in time", "[plugins][exec_metrics][process]") {
    BoostProcess process;
    ExecMetrics metrics(process);
    MetricsSource source;
    source.run = {"sleep", "60"};
    source.timeout = milliseconds(300);
    const SystemClock clock;
    const auto begun = clock.boot_time();
    const std::string query = "q";
    CHECK_THAT(run(metrics.instant(source, query)).failure, Contains("no answer within 300ms"));
    CHECK(clock.boot_time() - begun < seconds(5));
}
