// SPDX-License-Identifier: Apache-2.0
#include "plugins/prometheus/answer.hpp"

#include "documents/json.hpp"
#include "plugins/kubectl/printable.hpp"
#include "plugins/prometheus/points.hpp"
#include "plugins/prometheus/question.hpp"

#include <array>
#include <optional>

namespace deployctl::plugins {

namespace {

using kubectl::printable_line;

MetricAnswer failed(std::string why) {
    return {MetricAnswer::Kind::failed, {}, std::move(why), {}};
}

MetricAnswer refused(std::string why) {
    return {MetricAnswer::Kind::refused, {}, std::move(why), {}};
}

/// Prometheus writes numbers as texts.
std::optional<double> read_value(const Value& value) {
    return value.is_string() ? read_number_text(value.view("")) : std::nullopt;
}

enum class ResultType { vector, matrix, scalar, string };

std::optional<ResultType> read_type(std::string_view text) {
    constexpr std::array<std::pair<std::string_view, ResultType>, 4> types{{
        {"vector", ResultType::vector},
        {"matrix", ResultType::matrix},
        {"scalar", ResultType::scalar},
        {"string", ResultType::string},
    }};
    for (const auto& [name, type] : types) {
        if (name == text) {
            return type;
        }
    }
    return std::nullopt;
}

std::optional<MetricSeries> read_series(const Value& item, ResultType type) {
    auto labels = read_label_texts(item.at("/metric"));
    auto points = type == ResultType::matrix
                      ? read_points(item.at("/values"), read_value)
                      : read_points(Value::list({item.at("/value")}), read_value);
    if (!labels || !points) {
        return std::nullopt;
    }
    return MetricSeries{std::move(*labels), std::move(*points)};
}

bool is_histogram(const Value& item) {
    return item.has("/histogram") || item.has("/histograms");
}

MetricAnswer read_list(const Value& result, ResultType type) {
    if (!result.is_array()) {
        return failed("its answer holds no list of series");
    }
    const auto& items = result.items();
    if (items.size() > most_series) {
        return failed(
            "it answers with " + std::to_string(items.size()) + " series, and at most " +
            std::to_string(most_series) + " are read: sum them up in the query"
        );
    }
    MetricAnswer answer{MetricAnswer::Kind::series, {}, {}, {}};
    for (const auto& item : items) {
        if (is_histogram(item)) {
            return refused(
                "the query gives a histogram and no number: ask for its histogram_quantile, "
                "histogram_count or histogram_fraction"
            );
        }
        auto series = read_series(item, type);
        if (!series) {
            return failed(
                "series " + std::to_string(answer.series.size() + 1) +
                " of its answer is none that can be read"
            );
        }
        answer.series.push_back(std::move(*series));
    }
    return answer;
}

MetricAnswer read_scalar(const Value& result) {
    auto points = read_points(Value::list({result}), read_value);
    if (!points) {
        return failed("its answer holds no scalar that can be read");
    }
    MetricAnswer answer{MetricAnswer::Kind::series, {}, {}, {}};
    answer.series.push_back({{}, std::move(*points)});
    return answer;
}

MetricAnswer read_data(const Value& data) {
    const auto name = data.text("/resultType");
    const auto type = read_type(name);
    if (!type) {
        return failed(
            "its answer is of type `" + printable_line(name.substr(0, 40)) +
            "`, and vector, matrix or scalar was to be expected"
        );
    }
    switch (*type) {
        case ResultType::string: return refused("the query gives a text and no number");
        case ResultType::scalar: return read_scalar(data.at("/result"));
        default: return read_list(data.at("/result"), *type);
    }
}

MetricAnswer read_success(const Value& body) {
    if (!body.is_object()) {
        return failed("its answer is no JSON of Prometheus: is `url` right?");
    }
    const bool is_success = body.view("/status").compare("success") == 0;
    auto answer = is_success ? read_data(body.at("/data"))
                             : failed(
                                   "it answers without success: " +
                                   printable_line(body.text("/error", "and does not say why"))
                               );
    answer.warnings = read_warnings(body);
    return answer;
}

std::string how_to_be_known(const MetricsSource& source) {
    if (!source.token_file.empty()) {
        return "it does not take the token: renew what stands in " + source.token_file;
    }
    if (!source.username.empty()) {
        return "it does not take the password of " + source.username + ": look into " +
               (source.password_file.empty() ? "password_file" : source.password_file);
    }
    return "it asks who we are: write token_file, or username and password_file";
}

std::string how_to_go_on(int status, const MetricsSource& source) {
    switch (status) {
        case 400: return "these are no words of Prometheus: is `url` right, http or https?";
        case 401: return how_to_be_known(source);
        case 403: return "it knows us and does not let us ask: give us the right to query";
        case 404:
            return "there is no /api/v1/query at " + shown_place(source.url) +
                   ": is `url` right, also the path in front of /api/v1?";
        case 405: return "it takes no POST: name a url that does";
        default: return "";
    }
}

std::string redirect(const HttpAnswer& answer) {
    const auto found = answer.headers.find("location");
    const auto target = found == answer.headers.end() ? "" : shown_place(found->second);
    return "HTTP " + std::to_string(answer.status) + ": it sends us to " +
           printable_line(target.empty() ? "nowhere" : target) +
           ", where we do not follow: write the url that answers";
}

std::string told(int status, const std::string& said, const std::string& next) {
    const auto head = "HTTP " + std::to_string(status);
    const auto words = said.empty() ? head : head + ": " + said;
    return next.empty() ? words : words + (said.empty() ? ": " : "; ") + next;
}

MetricAnswer read_no_success(const HttpAnswer& answer, const MetricsSource& source) {
    if (answer.status >= 300 && answer.status < 400) {
        return failed(redirect(answer));
    }
    const auto body = documents::try_read_json(answer.body).value_or(Value());
    const auto said = printable_line(body.view("/error"));
    const bool is_refusal = (answer.status == 400 || answer.status == 422) && !said.empty();
    return is_refusal ? refused(said)
                      : failed(told(answer.status, said, how_to_go_on(answer.status, source)));
}

}  // namespace

MetricAnswer read_answer(const HttpAnswer& answer, const MetricsSource& source) {
    if (answer.is_too_large) {
        return failed(answer.failure + ": ask for fewer series or a longer step");
    }
    if (answer.kind != HttpAnswer::Kind::answered) {
        return failed(printable_line(answer.failure));
    }
    if (answer.status / 100 != 2) {
        return read_no_success(answer, source);
    }
    return read_success(documents::try_read_json(answer.body).value_or(Value()));
}

}  // namespace deployctl::plugins
