// SPDX-License-Identifier: Apache-2.0
#include "gates/load_report.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace deployctl;
using namespace deployctl::gates;

namespace {

const std::string k6_export =
    R"json({"metrics": {"http_req_duration": {"avg": 20, "med": 12.5, "p(90)": 30, "p(95)": 40.25,
    "p(99)": 95}, "http_reqs": {"count": 5000, "rate": 166.6}, "http_req_failed":
    {"passes": 5, "fails": 4995, "value": 0.001}}})json";

const std::string k6_summary =
    R"json({"metrics": {"http_req_duration": {"type": "trend", "values": {"med": 12.5,
    "p(95)": 40.25}}, "http_reqs": {"values": {"count": 5000}}, "http_req_failed":
    {"values": {"rate": 0.001}}}})json";

const std::string csv_head =
    "response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code,offset\n";

std::string hey_line(double seconds, int status = 200) {
    return std::to_string(seconds) + ",0.0010,0.0001,0.0000,0.0500,0.0001," +
           std::to_string(status) + ",0.1\n";
}

}  // namespace

TEST_CASE("both summaries of k6 are read, and what they lack is not there", "[gates]") {
    const auto exported = read_load_report(k6_export);
    CHECK(exported.trouble.empty());
    CHECK(exported.requests == 5000);
    CHECK(exported.errors == 5);
    CHECK(exported.latency[0]->value == 12.5);
    CHECK(exported.latency[1]->value == 40.25);
    CHECK(exported.latency[2]->value == 95);
    CHECK(exported.latency[2]->low == exported.latency[2]->high);
    const auto summary = read_load_report(k6_summary);
    CHECK(summary.trouble.empty());
    CHECK(summary.latency[1]->value == 40.25);
    CHECK_FALSE(summary.latency[2]);
}

TEST_CASE("the plain form is read, with its own time", "[gates]") {
    const auto plain = read_load_report(
        R"({"p50": 12, "p95": 40, "requests": 2000, "errors": 3,
            "made_at": "2026-11-30T04:00:00Z", "version": "v2"})"
    );
    CHECK(plain.trouble.empty());
    CHECK(plain.error_rate() == 0.0015);
    CHECK(to_rfc3339(*plain.made_at) == "2026-11-30T04:00:00.000000Z");
    CHECK(plain.document.text("/version") == "v2");
}

TEST_CASE("a percentile of a summary is certain with ten requests above it", "[gates]") {
    const auto of = [](int requests) {
        return read_load_report(
            R"({"p50": 1, "p95": 2, "p99": 3, "errors": 0, "requests": )" +
            std::to_string(requests) + "}"
        );
    };
    CHECK(of(1000).latency[2]->is_certain);
    CHECK_FALSE(of(999).latency[2]->is_certain);
    CHECK(of(200).latency[1]->is_certain);
    CHECK_FALSE(of(199).latency[1]->is_certain);
    CHECK(of(20).latency[0]->is_certain);
    CHECK_FALSE(of(19).latency[0]->is_certain);
}

TEST_CASE("every request of hey is read, and an interval is told", "[gates]") {
    std::string text = csv_head;
    for (int i = 1000; i > 0; --i) {
        text += hey_line(i / 1000.0, i <= 7 ? 500 : 200);
    }
    const auto report = read_load_report(text);
    CHECK(report.trouble.empty());
    CHECK(report.requests == 1000);
    CHECK(report.errors == 7);
    CHECK(report.latency[0]->value == Approx(500));
    CHECK(report.latency[0]->low == Approx(469));
    CHECK(report.latency[0]->high == Approx(532));
    CHECK(report.latency[2]->value == Approx(990));
    CHECK(report.latency[2]->is_certain);
    CHECK(report.latency[2]->low < 990);
    CHECK(report.latency[2]->high > 990);
    const auto few = read_load_report(csv_head + hey_line(0.1) + hey_line(0.2));
    CHECK(few.trouble.empty());
    CHECK_FALSE(few.latency[2]->is_certain);
}

TEST_CASE("the interval holds the truth nineteen times in twenty", "[gates]") {
    unsigned seed = 7;
    const auto draw = [&] {
        seed = seed * 1664525U + 1013904223U;
        return (seed >> 8U) / static_cast<double>(1U << 24U);
    };
    int held = 0;
    constexpr int rounds = 400;
    for (int round = 0; round < rounds; ++round) {
        std::vector<double> times;
        for (int i = 0; i < 500; ++i) {
            times.push_back(draw());
        }
        std::sort(times.begin(), times.end());
        const auto latency = latency_of(times, 0.95);
        held += latency.low <= 0.95 && latency.high >= 0.95 ? 1 : 0;
    }
    CHECK(held > rounds * 0.93);
}

TEST_CASE("a report that is no measurement has trouble, and no numbers are made of it", "[gates]") {
    for (const auto& text : std::vector<std::string>{
             "",
             "{}",
             "[]",
             "null",
             "p95 40ms",
             std::string(10'000, '['),
             k6_export.substr(0, 100),
             R"({"requests": 100})",
             R"({"requests": 0, "errors": 0, "p95": 1})",
             R"({"requests": 10, "errors": 11, "p95": 1})",
             R"({"requests": -10, "errors": 0, "p95": 1})",
             R"({"requests": "10", "errors": 0, "p95": 1})",
             R"({"requests": 10, "errors": 0, "p95": "40ms"})",
             R"({"requests": 10, "errors": 0, "p95": -1})",
             R"({"requests": 10, "errors": 0, "p95": 1e300})",
             R"({"requests": 10, "errors": 0, "p95": NaN})",
             R"({"requests": 10, "errors": 0, "p95": 1, "made_at": "now"})",
             R"({"metrics": {"http_req_duration": {"med": 1}}})",
             R"({"metrics": {"http_req_duration": {"med": 1}, "http_reqs": {"count": 5}}})",
             csv_head,
             csv_head + "\n\n",
             csv_head + hey_line(0.1) + "oops\n",
             csv_head + "nan,0,0,0,0,0,200,0\n",
             csv_head + "-1,0,0,0,0,0,200,0\n",
             csv_head + "inf,0,0,0,0,0,200,0\n",
             csv_head + "0.1,0,0,0,0,0,ok,0\n",
             csv_head + "0.1\n",
         }) {
        CAPTURE(text.substr(0, 120));
        const auto report = read_load_report(text);
        CHECK_FALSE(report.trouble.empty());
        CHECK(report.trouble.size() < 300);
    }
}
