// SPDX-License-Identifier: Apache-2.0
#include "plugins/exec_metrics/question.hpp"

#include "documents/json.hpp"
#include "plugins/kubectl/printable.hpp"
#include "plugins/prometheus/answer.hpp"
#include "plugins/prometheus/points.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace deployctl::plugins::exec_metrics {

namespace {

using kubectl::printable_line;

constexpr Duration longest_grace = milliseconds(500);
constexpr std::size_t most_output = 16UL << 20U;
constexpr std::size_t most_points = 200'000;

MetricAnswer failed(const MetricsSource& source, const std::string& why) {
    return {MetricAnswer::Kind::failed, {}, source.run.front() + ": " + why, {}};
}

/// The last line with something in it: there the reason stands.
std::string last_words(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n";
    const auto end = text.find_last_not_of(blank);
    if (end == std::string_view::npos) {
        return "";
    }
    text = text.substr(0, end + 1);
    const auto begin = text.rfind('\n');
    return ": " + printable_line(begin == std::string_view::npos ? text : text.substr(begin + 1));
}

std::string how_it_ended(const MetricsSource& source, const CommandResult& result) {
    switch (result.end) {
        case CommandResult::End::exited: return "exit code " + std::to_string(result.exit_code);
        case CommandResult::End::signalled:
            return "ended by signal " + std::to_string(result.exit_code);
        case CommandResult::End::timed_out:
            return "no answer within " + to_text(source.timeout) + ", and ended";
        case CommandResult::End::not_started: return "not started";
    }
    return "";
}

/// A number of JSON, or a text for what JSON has none for.
std::optional<double> read_value(const Value& value) {
    if (value.is_string()) {
        const auto number = read_number_text(value.view(""));
        return number && !std::isfinite(*number) ? number : std::nullopt;
    }
    const double number = value.real("", std::numeric_limits<double>::quiet_NaN());
    return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

std::size_t count_points(const Value::Array& list) {
    std::size_t points = 0;
    for (const auto& item : list) {
        points += item.items("/points").size();
    }
    return points;
}

MetricAnswer read_list(const MetricsSource& source, const Value& list) {
    if (!list.is_array()) {
        return failed(source, "its answer holds no list `series`");
    }
    const auto& items = list.items();
    if (items.size() > most_series || count_points(items) > most_points) {
        return failed(
            source,
            "it answers with more than " + std::to_string(most_series) + " series or " +
                std::to_string(most_points) + " points: sum them up in the query"
        );
    }
    MetricAnswer answer{MetricAnswer::Kind::series, {}, {}, {}};
    for (const auto& item : items) {
        auto labels = read_label_texts(item.at("/labels"));
        auto points = read_points(item.at("/points"), read_value);
        if (!labels || !points) {
            return failed(
                source,
                "series " + std::to_string(answer.series.size() + 1) +
                    " of its answer is none that can be read"
            );
        }
        answer.series.push_back({std::move(*labels), std::move(*points)});
    }
    return answer;
}

MetricAnswer read_body(const MetricsSource& source, const Value& body) {
    constexpr std::string_view success = "success";
    constexpr std::string_view error = "error";
    const auto status = body.view("/status");
    if (status == error) {
        const auto said = printable_line(body.view("/error"));
        return {MetricAnswer::Kind::refused, {}, said.empty() ? "it does not say why" : said, {}};
    }
    if (status != success) {
        return failed(source, "its output is no JSON object with `status` success or error");
    }
    auto answer = read_list(source, body.at("/series"));
    answer.warnings = read_warnings(body);
    return answer;
}

}  // namespace

Command command_of(
    const MetricsSource& source, const std::string& query, const std::optional<MetricRange>& range
) {
    auto question = Value::map({{"query", query}, {"kind", range ? "range" : "instant"}});
    if (range) {
        question.set("/from", to_rfc3339(range->from));
        question.set("/to", to_rfc3339(range->to));
        question.set("/step", in_seconds(range->step));
    }
    Command command;
    command.argv = source.run;
    command.input = documents::write_json(question) + "\n";
    command.grace = std::min<Duration>(longest_grace, source.timeout / 10);
    command.timeout = source.timeout - command.grace;
    return command;
}

MetricAnswer read_answer(const MetricsSource& source, const CommandResult& result) {
    const bool is_done = result.end == CommandResult::End::exited && result.exit_code == 0;
    if (!is_done) {
        return failed(source, how_it_ended(source, result) + last_words(result.error_output));
    }
    if (result.output.size() >= most_output) {
        return failed(source, "it prints more than 16 MiB: sum up in the query");
    }
    const auto body = documents::try_read_json(result.output);
    return read_body(source, body ? *body : Value());
}

MetricAnswer read_range(
    const MetricsSource& source, const CommandResult& result, const MetricRange& range
) {
    auto answer = read_answer(source, result);
    for (const auto& series : answer.series) {
        const auto stray = std::ranges::find_if(series.points, [&](const MetricPoint& point) {
            return point.at < range.from - range.step || point.at > range.to + range.step;
        });
        if (stray != series.points.end()) {
            return failed(
                source,
                "it answers with a point of " + to_rfc3339(stray->at) + ", and was asked about " +
                    to_rfc3339(range.from) + " to " + to_rfc3339(range.to)
            );
        }
    }
    return answer;
}

}  // namespace deployctl::plugins::exec_metrics
