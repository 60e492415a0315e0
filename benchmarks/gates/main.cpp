// SPDX-License-Identifier: Apache-2.0
// deployctl-gates-bench URL: a look at fifty gates against the Prometheus there, as the engine asks
// them; a thousand sequential tests of one look; and the bytes that a gate keeps after ten
// thousand. Prints figures as benchmarks/README.md says.
#include "engine/errand.hpp"
#include "gates/analysis_tests.hpp"
#include "gates/comparison.hpp"
#include "gates/metric_gate.hpp"
#include "plugins/http/curl_http.hpp"
#include "plugins/prometheus/prometheus_metrics.hpp"
#include "plugins/system/system_clock.hpp"
#include "simcluster/run.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <limits>
#include <malloc.h>
#include <string>
#include <vector>

namespace deployctl::bench {

namespace {

constexpr int gates_of_a_look = 50;
constexpr int looks = 21;
constexpr int tests = 1000;
constexpr int gates_kept = 20;
constexpr int looks_remembered = 10'000;

using Stopwatch = std::chrono::steady_clock;

double milliseconds_since(Stopwatch::time_point begin) {
    return std::chrono::duration<double, std::milli>(Stopwatch::now() - begin).count();
}

void figure(const char* name, double value, const char* unit, double at_most) {
    const char* const verdict = value <= at_most ? "ok" : "short";
    std::printf("%s\t%.3g\t%s\t<= %g\t%s\n", name, value, unit, at_most, verdict);
}

struct Look {
    int answered = 0;
    double milliseconds = 0;
};

Task<Verdict> ask_one(Metrics* metrics, MetricsSource source, std::string query) {
    const auto answer = co_await metrics->instant(source, query);
    MetricQuestion question;
    question.query = query;
    question.max = gates_of_a_look;
    co_return gates::judge(question, {query, answer, std::nullopt});
}

/// All at once, as GateWatch does.
Task<Look> look_at(Metrics* metrics, Clock* clock, std::string url) {
    MetricsSource source;
    source.url = std::move(url);
    const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
    const auto begin = Stopwatch::now();
    std::vector<engine::Errand> errands;
    for (int gate = 0; gate < gates_of_a_look; ++gate) {
        const auto query = "vector(" + std::to_string(gate) + ")";
        auto task = ask_one(metrics, source, query);
        errands.emplace_back(executor, std::move(task));
    }
    Look look;
    for (auto& errand : errands) {
        bool has_ended = co_await errand.has_ended();
        while (!has_ended) {
            co_await clock->sleep(std::chrono::microseconds(200));
            has_ended = co_await errand.has_ended();
        }
        look.answered += errand.result().answer == Answer::pass ? 1 : 0;
    }
    look.milliseconds = milliseconds_since(begin);
    co_return look;
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

bool measure_looks(const std::string& url) {
    plugins::CurlHttp http;
    plugins::SystemClock clock;
    plugins::PrometheusMetrics metrics(http, clock);
    std::vector<double> times;
    for (int i = 0; i < looks; ++i) {
        const auto look = simcluster::run(look_at(&metrics, &clock, url));
        if (look.answered != gates_of_a_look) {
            std::fprintf(
                stderr,
                "only %d of %d answered at %s\n",
                look.answered,
                gates_of_a_look,
                url.c_str()
            );
            return false;
        }
        times.push_back(look.milliseconds);
    }
    figure("gates/look-at-50", median(times), "ms", 100);
    return true;
}

gates::Subjects five_pods() {
    gates::Subjects subjects;
    subjects.candidate = {"canary-1"};
    subjects.stable = {"stable-1", "stable-2", "stable-3", "stable-4"};
    return subjects;
}

gates::Gains gains_of_five() {
    return {
        {"canary-1", {100, 1}},
        {"stable-1", {100, 0}},
        {"stable-2", {100, 1}},
        {"stable-3", {100, 0}},
        {"stable-4", {100, 1}},
    };
}

void measure_tests() {
    std::vector<gates::Comparison> all(tests, gates::Comparison(analysis::RateSettings()));
    const auto subjects = five_pods();
    const auto gains = gains_of_five();
    std::vector<double> times;
    for (int i = 0; i < looks; ++i) {
        const auto begin = Stopwatch::now();
        for (auto& one : all) {
            one.take(subjects, gains);
        }
        times.push_back(milliseconds_since(begin));
    }
    figure("gates/1000-sequential-tests", median(times), "ms", 10);
}

std::size_t bytes_in_use() {
    return mallinfo2().uordblks;
}

/// On errors and on an edge of a histogram.
void measure_memory() {
    AnalysisQuestion question;
    question.errors = "errors";
    question.buckets = "buckets";
    question.edges = {0.5};
    const auto before = bytes_in_use();
    std::vector<gates::AnalysisTests> kept(gates_kept, gates::AnalysisTests(question));
    auto subjects = five_pods();
    gates::PodHistograms buckets;
    for (const auto& [pod, gain] : gains_of_five()) {
        buckets[pod] = {
            {0.5, gain.requests * 0.9}, {std::numeric_limits<double>::infinity(), gain.requests}
        };
    }
    for (auto& one : kept) {
        one.keep_edges({0.5});
    }
    for (int look = 0; look < looks_remembered; ++look) {
        subjects.at = subjects.at + seconds(10);
        for (auto& one : kept) {
            one.take(subjects, gains_of_five(), buckets);
        }
    }
    const double each = static_cast<double>(bytes_in_use() - before) / gates_kept / 1000;
    figure("gates/kept-after-10000-looks", each, "kB", 10);
}

}  // namespace

bool measure_all(const std::string& url) {
    if (!measure_looks(url)) {
        return false;
    }
    measure_tests();
    measure_memory();
    return true;
}

}  // namespace deployctl::bench

int main(int count, char** words) {
    if (count != 2) {
        std::fprintf(stderr, "usage: deployctl-gates-bench URL\n");
        return 2;
    }
    return deployctl::bench::measure_all(words[1]) ? 0 : 1;
}
