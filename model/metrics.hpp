// SPDX-License-Identifier: Apache-2.0
// What a metrics source is, and what it answers: series of points, or why not. The API is that of
// Prometheus, which Thanos, Mimir and VictoriaMetrics speak as well, or a program that knows more
// (docs/formats/exec-metrics.md). Values; any thread.
#pragma once

#include "model/time.hpp"

#include <map>
#include <string>
#include <vector>

namespace deployctl {

/// Where metrics are asked for, and as whom. Secrets are named by file and never stand in it. Of a
/// program only `run` and `timeout` say something.
struct MetricsSource {
    std::string url;  ///< "https://prom.example.com", also with a path in front of /api/v1
    std::string token_file;
    std::string username;
    std::string password_file;
    std::string ca_file;    ///< empty: the system's
    std::string cert_file;  ///< of the client
    std::string key_file;
    std::map<std::string, std::string> headers;  ///< such as X-Scope-OrgID
    Duration timeout = seconds(5);  ///< one query, with its retries; `longest_gate_sample` at most
    int retries = 2;                ///< where nobody answered, or with 429 or 5xx
    std::vector<std::string> run;   ///< argv of the program that is asked; empty: the url is

    friend bool operator==(const MetricsSource&, const MetricsSource&) = default;
};

struct MetricPoint {
    WallTime at;
    double value = 0;  ///< NaN and infinities as the source has them
};

struct MetricSeries {
    std::map<std::string, std::string> labels;
    std::vector<MetricPoint> points;  ///< in order; one of an instant query
};

struct MetricAnswer {
    enum class Kind {
        series,   ///< none at all is an answer, too
        refused,  ///< the query itself is wrong: to ask again is in vain
        failed,   ///< nobody answered, or what nobody can read
    } kind{};
    std::vector<MetricSeries> series;
    std::string failure;                ///< in words, with the source's own
    std::vector<std::string> warnings;  ///< the source's own
};

/// What a query says that is to give one number.
struct OneNumber {
    enum class Kind { number, none, many, not_a_number, failed } kind{};
    double value = 0;
    std::string text;  ///< of what is no number: why, and which series there are
};

/// Of an instant query. Infinities are no number either.
OneNumber one_number(const MetricAnswer& answer);

}  // namespace deployctl
