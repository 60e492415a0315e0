// SPDX-License-Identifier: Apache-2.0
#include "gates/readiness_report.hpp"

#include "documents/json.hpp"
#include "ports/one_line.hpp"

#include <algorithm>
#include <cmath>

namespace deployctl::gates {

namespace {

constexpr std::int64_t known_format = 1;
constexpr double most_score = 100;

/// The first trouble is the one that is told.
class Reading {
public:
    explicit Reading(const Value& document) { report_.document = document; }

    ReadinessReport take() { return std::move(report_); }

    void read() {
        if (from().at("/v") != Value(known_format)) {
            complain("it is no readiness report of format 1: `v` says so");
            return;
        }
        read_time();
        read_score();
        report_.coverage = share_at("/coverage");
        read_findings();
    }

private:
    const Value& from() const { return report_.document; }

    void complain(const std::string& trouble) {
        if (report_.trouble.empty()) {
            report_.trouble = trouble;
        }
    }

    double number_at(const Pointer& place, const char* name, double most) {
        const auto number = from().at(place).real("", std::nan(""));
        if (number >= 0 && number <= most) {
            return number;
        }
        complain(std::string("`") + name + "` is no number from 0 to " + (most > 1 ? "100" : "1"));
        return 0;
    }

    double share_at(const Pointer& place) { return number_at(place, "coverage", 1); }

    void read_time() {
        const auto time = read_rfc3339(from().view("/assessed_at"));
        if (!time) {
            complain("`assessed_at` is no time such as 2026-11-30T04:00:00Z");
        }
        report_.assessed_at = time.value_or(WallTime());
    }

    /// A number, or the ends of its interval.
    void read_score() {
        const bool is_interval = from().at("/score").is_object();
        report_.low = number_at(is_interval ? "/score/low" : "/score", "score", most_score);
        report_.high = number_at(is_interval ? "/score/high" : "/score", "score", most_score);
        if (report_.low > report_.high) {
            complain("the low end of `score` is above its high end");
        }
    }

    void read_findings() {
        const auto& list = from().at("/findings");
        if (!list.is_array()) {
            complain("it has no list `findings`");
            return;
        }
        for (const auto& item : list.items()) {
            read_finding(item);
        }
        std::ranges::stable_sort(report_.findings, std::greater(), &ReadinessFinding::severity);
    }

    void read_finding(const Value& item) {
        const auto severity = read_finding_severity(item.view("/severity"));
        if (!severity || item.view("/rule").empty()) {
            complain(
                "a finding has no `rule`, or no `severity` of critical, high, medium and low: " +
                one_line(documents::write_json(item), 100)
            );
            return;
        }
        need_flag(item, "waived");
        need_flag(item, "blocker");
        if (!item.flag("/waived")) {
            report_.findings.push_back(
                {item.text("/rule"), *severity, item.text("/text"), item.flag("/blocker")}
            );
        }
    }

    void need_flag(const Value& item, const std::string& name) {
        const auto& flag = item.at("/" + name);
        if (!flag.is_null() && flag != Value(false) && flag != Value(true)) {
            complain(
                "`" + name + "` of " + one_line(item.view("/rule"), 60) +
                " is neither true nor false"
            );
        }
    }

    ReadinessReport report_;
};

}  // namespace

ReadinessReport read_readiness_report(std::string_view text) {
    const auto document = documents::try_read_json(text);
    if (!document || !document->is_object()) {
        ReadinessReport report;
        report.trouble = "it is no whole JSON object, or nested too deeply";
        return report;
    }
    Reading reading(*document);
    reading.read();
    return reading.take();
}

}  // namespace deployctl::gates
