// SPDX-License-Identifier: Apache-2.0
#include "engine/record_question_json.hpp"

#include "engine/spans.hpp"

namespace deployctl::engine {

namespace {

Value span_or_null(const std::optional<Duration>& span) {
    return span ? Value(span->count()) : Value();
}

std::optional<double> maybe_number(const Value& value, const Pointer& place) {
    return value.has(place) && !value.at(place).is_null() ? std::optional(value.real(place))
                                                          : std::nullopt;
}

std::optional<Duration> maybe_span(const Value& value, const Pointer& place) {
    return value.at(place).is_null() ? std::nullopt : std::optional(read_span(value, place, {}));
}

Value severities_value(const std::vector<FindingSeverity>& severities) {
    Value::Array list;
    for (const auto severity : severities) {
        list.emplace_back(to_text(severity));
    }
    return list;
}

std::vector<FindingSeverity> read_severities(const Value& list) {
    std::vector<FindingSeverity> severities;
    for (const auto& item : list.items()) {
        if (const auto severity = read_finding_severity(item.view(""))) {
            severities.push_back(*severity);
        }
    }
    return severities;
}

}  // namespace

void write_record_question(const SoakQuestion& question, Value& into) {
    into.set("/env", question.environment);
    into.set("/for_microseconds", question.length.count());
}

void write_record_question(const DependencyQuestion& question, Value& into) {
    into.set("/app", question.app);
    into.set("/env", question.environment);
    into.set("/min_version", question.min_version);
    into.set("/version", question.version);
    into.set("/digest", question.digest);
}

void write_record_question(const ReadinessQuestion& question, Value& into) {
    into.set("/report", question.report);
    into.set("/assess", question.assess);
    into.set("/min_score", question.min_score);
    into.set("/max_drop", number_or_null(question.max_drop));
    into.set("/fail_on", severities_value(question.fail_on));
    into.set("/max_age_microseconds", question.max_age.count());
}

void write_record_question(const BackupAgeQuestion& question, Value& into) {
    into.set("/files", question.files);
    into.set("/cron_job", question.cron_job);
    into.set("/max_age_microseconds", question.max_age.count());
}

void write_record_question(const PerformanceQuestion& question, Value& into) {
    into.set("/report", question.report);
    into.set("/max_p50_microseconds", span_or_null(question.max_p50));
    into.set("/max_p95_microseconds", span_or_null(question.max_p95));
    into.set("/max_p99_microseconds", span_or_null(question.max_p99));
    into.set("/max_errors", question.max_errors);
    into.set("/baseline", question.baseline);
    into.set("/tolerance", question.tolerance);
    into.set("/max_age_microseconds", question.max_age.count());
}

void read_record_question(const Value& from, SoakQuestion& question) {
    question.environment = from.text("/env");
    question.length = read_span(from, "/for_microseconds", question.length);
}

void read_record_question(const Value& from, DependencyQuestion& question) {
    question.app = from.text("/app");
    question.environment = from.text("/env");
    question.min_version = from.text("/min_version");
    question.version = from.text("/version");
    question.digest = from.text("/digest");
}

void read_record_question(const Value& from, ReadinessQuestion& question) {
    question.report = from.text("/report");
    question.assess = from.text("/assess");
    question.min_score = from.real("/min_score", question.min_score);
    question.max_drop = maybe_number(from, "/max_drop");
    question.fail_on = read_severities(from.at("/fail_on"));
    question.max_age = read_span(from, "/max_age_microseconds", question.max_age);
}

void read_record_question(const Value& from, BackupAgeQuestion& question) {
    question.files = from.text("/files");
    question.cron_job = from.text("/cron_job");
    question.max_age = read_span(from, "/max_age_microseconds", question.max_age);
}

void read_record_question(const Value& from, PerformanceQuestion& question) {
    question.report = from.text("/report");
    question.max_p50 = maybe_span(from, "/max_p50_microseconds");
    question.max_p95 = maybe_span(from, "/max_p95_microseconds");
    question.max_p99 = maybe_span(from, "/max_p99_microseconds");
    question.max_errors = from.real("/max_errors", question.max_errors);
    question.baseline = from.text("/baseline");
    question.tolerance = from.real("/tolerance", question.tolerance);
    question.max_age = read_span(from, "/max_age_microseconds", question.max_age);
}

}  // namespace deployctl::engine
