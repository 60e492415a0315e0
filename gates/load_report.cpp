// SPDX-License-Identifier: Apache-2.0
#include "gates/load_report.hpp"

#include "documents/json.hpp"
#include "ports/one_line.hpp"
#include "ports/printed.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace deployctl::gates {

namespace {

constexpr double most = 1e12;  // of anything that one test has counted, or waited for
/// Fewer requests above a percentile than these, and another run finds another one.
constexpr double least_above = 10;

void complain(LoadReport& report, const std::string& trouble) {
    if (report.trouble.empty()) {
        report.trouble = trouble;
    }
}

/// Reads numbers of one JSON report; the first that is none is its trouble.
class Numbers {
public:
    explicit Numbers(LoadReport& report) : report_(report) {}

    /// At the first of these places where there is anything.
    std::optional<double> maybe(const std::vector<std::string>& places) {
        for (const auto& place : places) {
            const auto& found = report_.document.at(place);
            if (found.is_null()) {
                continue;
            }
            const auto number = found.real("", std::nan(""));
            if (number >= 0 && number <= most) {
                return number;
            }
            complain(report_, place.substr(1) + " is no number that was measured");
        }
        return std::nullopt;
    }

    double need(const std::vector<std::string>& places) {
        const auto number = maybe(places);
        if (!number) {
            complain(report_, "it has no " + places.front().substr(1));
        }
        return number.value_or(0);
    }

    void latency(std::size_t which, const std::vector<std::string>& places) {
        if (const auto number = maybe(places)) {
            const auto above = report_.requests * (1 - percentiles.at(which).share);
            // A product of doubles: 1000 x (1 - 0.99) is a little less than 10.
            const bool is_certain = above > least_above - 1e-6;
            report_.latency.at(which) = Latency{*number, *number, *number, is_certain};
        }
    }

private:
    LoadReport& report_;
};

/// k6 writes a metric's numbers beside it, or below `values`.
std::vector<std::string> places_in_summary(
    const std::string& metric, const std::vector<std::string>& names
) {
    std::vector<std::string> places;
    for (const auto& name : names) {
        places.push_back("/metrics/" + metric + "/" + name);
        places.push_back("/metrics/" + metric + "/values/" + name);
    }
    return places;
}

void read_summary(LoadReport& report) {
    report.advice = "k6 writes it with `--summary-trend-stats \"med,p(95),p(99)\"`";
    Numbers numbers(report);
    report.requests = numbers.need(places_in_summary("http_reqs", {"count"}));
    const auto failed = numbers.need(places_in_summary("http_req_failed", {"value", "rate"}));
    report.errors = failed * report.requests;
    numbers.latency(0, places_in_summary("http_req_duration", {"p(50)", "med"}));
    numbers.latency(1, places_in_summary("http_req_duration", {"p(95)"}));
    numbers.latency(2, places_in_summary("http_req_duration", {"p(99)"}));
}

void read_plain(LoadReport& report) {
    report.advice = "write it beside `requests`, in milliseconds";
    Numbers numbers(report);
    report.requests = numbers.need({"/requests"});
    report.errors = numbers.need({"/errors"});
    for (std::size_t which = 0; which < percentiles.size(); ++which) {
        numbers.latency(which, {std::string("/") + percentiles.at(which).name});
    }
}

void read_made_at(LoadReport& report) {
    const auto& time = report.document.at("/made_at");
    report.made_at = read_rfc3339(time.view(""));
    if (!time.is_null() && !report.made_at) {
        complain(report, "`made_at` is no time such as 2026-11-30T04:00:00Z");
    }
}

void read_document(LoadReport& report) {
    if (report.document.has("/metrics/http_req_duration")) {
        read_summary(report);
    } else if (report.document.has("/requests")) {
        read_plain(report);
    } else {
        complain(
            report,
            "it is neither a summary of k6, nor CSV of hey, nor {\"p95\": ..., \"requests\": ...}"
        );
    }
    read_made_at(report);
}

constexpr std::string_view csv_head = "response-time,";
constexpr int status_column = 6;

std::string_view column_of(std::string_view line, int column) {
    for (; column > 0; --column) {
        const auto comma = line.find(',');
        line = comma == line.npos ? std::string_view() : line.substr(comma + 1);
    }
    return line.substr(0, line.find(','));
}

std::optional<double> number_in(std::string_view text) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_whole = error == std::errc{} && end == text.data() + text.size();
    return is_whole && number >= 0 && number <= most ? std::optional(number) : std::nullopt;
}

void judge_times(std::vector<double> times, LoadReport& report) {
    std::ranges::sort(times);
    for (std::size_t which = 0; which < percentiles.size() && !times.empty(); ++which) {
        report.latency.at(which) = latency_of(times, percentiles.at(which).share);
    }
}

/// A request a line: its time in seconds first, its HTTP status among the others.
void read_hey(std::string_view text, LoadReport& report) {
    constexpr double first_bad_status = 400;
    constexpr double milliseconds_in_second = 1000;
    std::vector<double> times;
    text.remove_prefix(std::min(text.find('\n'), text.size()));
    while (!text.empty()) {
        text.remove_prefix(1);
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = trimmed(text.substr(0, end));
        text.remove_prefix(end);
        if (line.empty()) {
            continue;
        }
        const auto took = number_in(column_of(line, 0));
        const auto status = number_in(column_of(line, status_column));
        if (!took || !status) {
            complain(report, "a line of it is no request of hey: " + one_line(line, 100));
            return;
        }
        times.push_back(*took * milliseconds_in_second);
        report.errors += *status >= first_bad_status ? 1 : 0;
    }
    report.requests = static_cast<double>(times.size());
    judge_times(std::move(times), report);
}

}  // namespace

/// Which of the times it is in truth is binomial: so many ranks on either side. No matter how the
/// times are distributed.
Latency latency_of(const std::vector<double>& times, double share) {
    constexpr double z = 1.96;  // of a normal distribution, 95% within
    const auto count = static_cast<double>(times.size());
    const auto spread = z * std::sqrt(count * share * (1 - share));
    const auto rank = std::ceil(count * share);
    const auto low = std::floor(count * share - spread);
    const auto high = std::ceil(count * share + spread) + 1;
    const auto at = [&](double place) {
        return times[static_cast<std::size_t>(std::clamp(place, 1.0, count)) - 1];
    };
    return {at(rank), at(low), at(high), low >= 1 && high <= count};
}

LoadReport read_load_report(std::string_view text) {
    LoadReport report;
    if (text.starts_with(csv_head)) {
        read_hey(text, report);
    } else if (auto document = documents::try_read_json(text)) {
        report.document = std::move(*document);
        read_document(report);
    } else {
        complain(report, "it is no whole JSON, or nested too deeply, and no CSV of hey");
    }
    if (report.requests < 1 || report.errors > report.requests) {
        complain(report, "it counts no requests, or more errors than requests");
    }
    return report;
}

}  // namespace deployctl::gates
