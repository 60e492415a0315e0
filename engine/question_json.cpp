// SPDX-License-Identifier: Apache-2.0
#include "engine/question_json.hpp"

#include "engine/record_question_json.hpp"
#include "engine/spans.hpp"

namespace deployctl::engine {

namespace {

std::optional<double> maybe_number(const Value& value, const Pointer& place) {
    const auto& found = value.at(place);
    return found.is_null() ? std::nullopt : std::optional(found.real(""));
}

std::optional<int> maybe_count(const Value& value, const Pointer& place) {
    return value.at(place).is_null() ? std::nullopt : std::optional(read_int(value, place));
}

Value numbers_value(const std::vector<double>& numbers) {
    return Value::Array(numbers.begin(), numbers.end());
}

std::vector<double> read_numbers(const Value& list) {
    std::vector<double> numbers;
    for (const auto& item : list.items()) {
        numbers.push_back(item.real(""));
    }
    return numbers;
}

/// One question's own members.
struct Writer {
    Value& into;

    void operator()(const HttpQuestion& question) const {
        into.set("/port", question.port);
        into.set("/path", question.path);
        into.set("/expect_status", question.expect_status);
        into.set("/requests", question.requests);
        into.set("/max_errors", question.max_errors);
        into.set("/timeout_microseconds", question.timeout.count());
    }

    void operator()(const MetricQuestion& question) const {
        into.set("/query", question.query);
        into.set("/max", number_or_null(question.max));
        into.set("/min", number_or_null(question.min));
        into.set("/max_increase", number_or_null(question.max_increase));
    }

    void operator()(const AnalysisQuestion& question) const {
        into.set("/errors", question.errors);
        into.set("/total", question.total);
        into.set("/alpha", question.alpha);
        into.set("/max_ratio", question.max_ratio);
        into.set("/max", question.max);
        into.set("/min_samples", question.min_samples);
        into.set("/warm_up_microseconds", question.warm_up.count());
        if (!question.buckets.empty()) {
            into.set("/buckets", question.buckets);
            into.set("/quantiles", numbers_value(question.quantiles));
            into.set("/edges", numbers_value(question.edges));
            into.set("/max_slow", question.max_slow);
        }
    }

    void operator()(const CommandQuestion& question) const {
        into.set("/run", lines_value(question.run));
        into.set("/timeout_microseconds", question.timeout.count());
        into.set("/script_hash", question.script_hash);
    }

    void operator()(const ScanQuestion& question) const {
        into.set("/file", question.file);
        into.set("/max_critical", question.max_critical);
        into.set("/max_high", question.max_high);
        into.set("/max_medium", count_or_null(question.max_medium));
        into.set("/max_low", count_or_null(question.max_low));
        into.set("/max_age_microseconds", question.max_age.count());
        into.set("/vex", question.vex);
        into.set("/any_digest", question.any_digest);
    }

    void operator()(const PolicyQuestion& question) const {
        into.set("/tool", to_text(question.tool));
        into.set("/policy", question.policy);
        into.set("/namespace", question.rego_package);
        into.set("/timeout_microseconds", question.timeout.count());
    }

    void operator()(const ImageQuestion& question) const {
        into.set("/cosign_key", question.cosign_key);
        into.set("/cosign_identity", question.cosign_identity);
        into.set("/cosign_issuer", question.cosign_issuer);
        into.set("/timeout_microseconds", question.timeout.count());
    }

    void operator()(const AlertsQuestion& question) const {
        into.set("/labels", texts_value(question.labels));
        into.set("/alertmanager", question.alertmanager);
        into.set("/silenced", to_text(question.silenced));
        into.set("/ignore", lines_value(question.ignore));
    }

    void operator()(const TcpQuestion& question) const {
        into.set("/address", question.address);
        into.set("/timeout_microseconds", question.timeout.count());
    }

    void operator()(const GrpcQuestion& question) const {
        into.set("/address", question.address);
        into.set("/service", question.service);
        into.set("/tls", question.tls);
        into.set("/ca_file", question.ca_file);
        into.set("/timeout_microseconds", question.timeout.count());
    }

    void operator()(const TrendQuestion& question) const { write(question.slope); }

    void operator()(const LeakQuestion& question) const { write(question.slope); }

    void operator()(const ExhaustionQuestion& question) const {
        into.set("/query", question.query);
        into.set("/limit", number_or_null(question.limit));
        into.set("/limit_query", question.limit_query);
        into.set("/within_microseconds", question.within.count());
        write(question.window, question.resolution, question.warm_up);
    }

    void operator()(const MannWhitneyQuestion& question) const {
        into.set("/query", question.query);
        into.set("/direction", to_text(question.direction));
        into.set("/tolerance", question.tolerance);
        into.set("/pass_score", question.pass_score);
        into.set("/marginal_score", question.marginal_score);
        write(question.window, question.resolution, question.warm_up);
    }

    void operator()(const SloQuestion& question) const {
        into.set("/errors", question.errors);
        into.set("/total", question.total);
        into.set("/objective", question.objective);
    }

    void operator()(const ErrorBudgetQuestion& question) const {
        into.set("/errors", question.errors);
        into.set("/total", question.total);
        into.set("/objective", question.objective);
        into.set("/window_microseconds", question.window.count());
        into.set("/min_left", question.min_left);
    }

    void operator()(const CapacityQuestion& question) const {
        into.set("/headroom", question.headroom);
        if (question.max_nodes > 0) {  // plans of before keep their hash
            into.set("/max_nodes", question.max_nodes);
        }
    }

    /// Those of record_questions.hpp.
    void operator()(const auto& question) const { write_record_question(question, into); }

private:
    void write(const SlopeSettings& slope) const {
        into.set("/query", slope.query);
        into.set("/max_rise", slope.max_rise);
        into.set("/alpha", slope.alpha);
        write(std::nullopt, slope.resolution, slope.warm_up);
    }

    void write(std::optional<Duration> window, Duration resolution, Duration warm_up) const {
        if (window) {
            into.set("/window_microseconds", window->count());
        }
        into.set("/resolution_microseconds", resolution.count());
        into.set("/warm_up_microseconds", warm_up.count());
    }
};

struct Reader {
    const Value& from;

    void operator()(HttpQuestion& question) const {
        question.port = read_int(from, "/port");
        question.path = from.text("/path");
        question.expect_status = read_int(from, "/expect_status");
        question.requests = read_int(from, "/requests");
        question.max_errors = from.real("/max_errors");
        question.timeout = read_span(from, "/timeout_microseconds", question.timeout);
    }

    void operator()(MetricQuestion& question) const {
        question.query = from.text("/query");
        question.max = maybe_number(from, "/max");
        question.min = maybe_number(from, "/min");
        question.max_increase = maybe_number(from, "/max_increase");
    }

    void operator()(AnalysisQuestion& question) const {
        question.errors = from.text("/errors");
        question.total = from.text("/total");
        question.alpha = from.real("/alpha", question.alpha);
        question.max_ratio = from.real("/max_ratio", question.max_ratio);
        question.max = from.real("/max", question.max);
        question.min_samples = read_int(from, "/min_samples", question.min_samples);
        question.warm_up = read_span(from, "/warm_up_microseconds", question.warm_up);
        question.buckets = from.text("/buckets");
        question.quantiles = read_numbers(from.at("/quantiles"));
        question.edges = read_numbers(from.at("/edges"));
        question.max_slow = from.real("/max_slow", question.max_slow);
    }

    void operator()(CommandQuestion& question) const {
        question.run = read_lines(from.at("/run"));
        question.timeout = read_span(from, "/timeout_microseconds", question.timeout);
        question.script_hash = from.text("/script_hash");
    }

    void operator()(ScanQuestion& question) const {
        question.file = from.text("/file");
        question.max_critical = read_int(from, "/max_critical");
        question.max_high = read_int(from, "/max_high");
        question.max_medium = maybe_count(from, "/max_medium");
        question.max_low = maybe_count(from, "/max_low");
        question.max_age = read_span(from, "/max_age_microseconds", question.max_age);
        question.vex = from.text("/vex");
        question.any_digest = from.flag("/any_digest");
    }

    void operator()(PolicyQuestion& question) const {
        question.tool = read_policy_tool(from.text("/tool")).value_or(question.tool);
        question.policy = from.text("/policy");
        question.rego_package = from.text("/namespace", question.rego_package);
        question.timeout = read_span(from, "/timeout_microseconds", question.timeout);
    }

    void operator()(ImageQuestion& question) const {
        question.cosign_key = from.text("/cosign_key");
        question.cosign_identity = from.text("/cosign_identity");
        question.cosign_issuer = from.text("/cosign_issuer");
        question.timeout = read_span(from, "/timeout_microseconds", question.timeout);
    }

    void operator()(AlertsQuestion& question) const {
        question.labels = read_texts(from.at("/labels"));
        question.alertmanager = from.text("/alertmanager");
        question.silenced =
            read_silenced_alerts(from.text("/silenced")).value_or(question.silenced);
        question.ignore = read_lines(from.at("/ignore"));
    }

    void operator()(TcpQuestion& question) const {
        question.address = from.text("/address");
        question.timeout = read_span(from, "/timeout_microseconds", question.timeout);
    }

    void operator()(GrpcQuestion& question) const {
        question.address = from.text("/address");
        question.service = from.text("/service");
        question.tls = from.flag("/tls");
        question.ca_file = from.text("/ca_file");
        question.timeout = read_span(from, "/timeout_microseconds", question.timeout);
    }

    void operator()(TrendQuestion& question) const { read(question.slope); }

    void operator()(LeakQuestion& question) const { read(question.slope); }

    void operator()(ExhaustionQuestion& question) const {
        question.query = from.text("/query");
        question.limit = maybe_number(from, "/limit");
        question.limit_query = from.text("/limit_query");
        question.within = read_span(from, "/within_microseconds", question.within);
        read_window(question);
    }

    void operator()(MannWhitneyQuestion& question) const {
        question.query = from.text("/query");
        question.direction =
            read_series_direction(from.text("/direction")).value_or(question.direction);
        question.tolerance = from.real("/tolerance", question.tolerance);
        question.pass_score = read_int(from, "/pass_score", question.pass_score);
        question.marginal_score = read_int(from, "/marginal_score", question.marginal_score);
        read_window(question);
    }

    void operator()(SloQuestion& question) const {
        question.errors = from.text("/errors");
        question.total = from.text("/total");
        question.objective = from.real("/objective", question.objective);
    }

    void operator()(ErrorBudgetQuestion& question) const {
        question.errors = from.text("/errors");
        question.total = from.text("/total");
        question.objective = from.real("/objective", question.objective);
        question.window = read_span(from, "/window_microseconds", question.window);
        question.min_left = from.real("/min_left", question.min_left);
    }

    void operator()(CapacityQuestion& question) const {
        question.headroom = read_int(from, "/headroom");
        question.max_nodes = read_int(from, "/max_nodes");
    }

    void operator()(auto& question) const { read_record_question(from, question); }

private:
    void read(SlopeSettings& slope) const {
        slope.query = from.text("/query");
        slope.max_rise = from.real("/max_rise", slope.max_rise);
        slope.alpha = from.real("/alpha", slope.alpha);
        slope.resolution = read_span(from, "/resolution_microseconds", slope.resolution);
        slope.warm_up = read_span(from, "/warm_up_microseconds", slope.warm_up);
    }

    void read_window(auto& question) const {
        if (from.has("/window_microseconds")) {
            question.window = read_span(from, "/window_microseconds", {});
        }
        question.resolution = read_span(from, "/resolution_microseconds", question.resolution);
        question.warm_up = read_span(from, "/warm_up_microseconds", question.warm_up);
    }
};

}  // namespace

void write_question(const GateQuestion& question, Value& into) {
    std::visit(Writer{into}, question);
}

void read_question(const Value& from, GateQuestion& question) {
    std::visit(Reader{from}, question);
}

}  // namespace deployctl::engine
