// SPDX-License-Identifier: Apache-2.0
// What gates are, as `deploy.yaml` says it: a question, and the policy that turns its answers into
// a decision, which is the same for all of them. A plan freezes both. Values; any thread.
#pragma once

#include "model/artifact_questions.hpp"
#include "model/record_questions.hpp"
#include "model/series_questions.hpp"
#include "model/time.hpp"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace deployctl {

/// What a failed gate does: back, or stand still, or nothing but tell.
enum class OnGateFail { rollback, hold, notify };
/// What it means when nobody can answer for too long.
enum class OnNoData { hold, fail };
/// What it means when the answer has proven nothing either way by the end of a hold and its
/// extension.
enum class OnInconclusive { pause, pass, rollback };

const char* to_text(OnGateFail policy);
const char* to_text(OnNoData policy);
const char* to_text(OnInconclusive policy);
std::optional<OnGateFail> read_on_gate_fail(std::string_view text);
std::optional<OnNoData> read_on_no_data(std::string_view text);
/// "extend" is what `hold_at_most` does before a pause.
std::optional<OnInconclusive> read_on_inconclusive(std::string_view text);

struct GatePolicy {
    Duration every = seconds(10);
    Duration initial_delay{};  ///< of a step: what is asked earlier says nothing yet
    int pass_after = 1;        ///< good samples in a row
    int fail_after = 3;        ///< bad samples in a row
    OnGateFail on_fail = OnGateFail::rollback;
    OnNoData on_no_data = OnNoData::hold;
    int errors_in_a_row = 10;            ///< questions without an answer; then `on_no_data`
    Duration hold_at_most = minutes(5);  ///< that the end of a hold waits for a proof
    OnInconclusive on_inconclusive = OnInconclusive::pause;
    bool dry_run = false;  ///< asked and told, and decides nothing; waited for once a step

    friend bool operator==(const GatePolicy&, const GatePolicy&) = default;
};

/// While pods are asked, nothing else is watched and no signal is heard; whoever else is asked is
/// asked beside the watching, and a single question waits no longer.
inline constexpr Duration longest_gate_sample = seconds(5);

/// Asks pods of the candidate over HTTP, through the API server. One sample is `requests` requests
/// spread over them; it fails when more than `max_errors` of them (0..1) are not answered as
/// expected.
struct HttpQuestion {
    int port = 0;  ///< 0: the first container port of the workload
    std::string path = "/healthz";
    int expect_status = 200;
    int requests = 1;
    double max_errors = 0;
    Duration timeout = seconds(3);  ///< at most `longest_gate_sample`

    friend bool operator==(const HttpQuestion&, const HttpQuestion&) = default;
};

/// A query that gives one number, against limits; PromQL with `${...}` (gates/names.hpp).
struct MetricQuestion {
    std::string query;
    std::optional<double> max;
    std::optional<double> min;
    std::optional<double> max_increase;  ///< above the same query about stable's pods

    friend bool operator==(const MetricQuestion&, const MetricQuestion&) = default;
};

/// Counters of the canary's pods against those of stable's beside them, by the sequential test of
/// analysis/rate_test.hpp: failed requests, and requests slower than some edges of a histogram.
/// All are selectors of counters, with `${pods}`.
struct AnalysisQuestion {
    std::string errors;      ///< empty: only latency
    std::string total;       ///< of `errors`
    double alpha = 0.01;     ///< of sending a good version back, of each test once a plan is made
    double max_ratio = 1.5;  ///< as many times stable's rate as passes
    double max = 0.02;       ///< or this rate of errors by itself; 0: not by itself
    int min_samples = 50;    ///< canary requests without which it never passes
    Duration warm_up = seconds(30);
    std::string buckets = {};            ///< of a histogram; empty: only errors
    std::vector<double> quantiles = {};  ///< of stable's requests, each with the edge nearest to it
    std::vector<double> edges = {};      ///< seconds, each with the bucket nearest to it
    double max_slow = 0.01;  ///< the share of slow requests that passes; 0: none by itself

    friend bool operator==(const AnalysisQuestion&, const AnalysisQuestion&) = default;
};

/// What is told apart by `quantiles`: p90 and p99 where neither they nor edges are given.
std::vector<double> quantiles_of(const AnalysisQuestion& question);

/// A program of the user's own: by its exit code 0 passes, 75 (EX_TEMPFAIL) has proven nothing, any
/// other fails; or by a JSON object that it prints, `{"verdict": "pass", ...}`
/// (gates/command_gate.hpp).
struct CommandQuestion {
    std::vector<std::string> run;  ///< argv, with `${...}`
    Duration timeout = minutes(1);
    std::string script_hash;  ///< SHA-256 of the script that the plan means; empty: a program of
                              ///< $PATH

    friend bool operator==(const CommandQuestion&, const CommandQuestion&) = default;
};

/// Whether an alert counts that somebody has silenced, or that another one inhibits.
enum class SilencedAlerts { ignore, count };

const char* to_text(SilencedAlerts silenced);
std::optional<SilencedAlerts> read_silenced_alerts(std::string_view text);

/// Passes while no alert fires that has all of these labels.
struct AlertsQuestion {
    std::map<std::string, std::string> labels;  ///< values with `${...}`, not of pods
    std::string alertmanager;                   ///< its URL; empty: the metrics source is asked
    SilencedAlerts silenced = SilencedAlerts::ignore;
    std::vector<std::string> ignore;  ///< names of alerts that never count

    friend bool operator==(const AlertsQuestion&, const AlertsQuestion&) = default;
};

/// Whether somebody accepts a connection.
struct TcpQuestion {
    std::string address;            ///< "host:port", with `${...}`
    Duration timeout = seconds(3);  ///< at most `longest_gate_sample`

    friend bool operator==(const TcpQuestion&, const TcpQuestion&) = default;
};

/// What a server says of itself by the standard health protocol of gRPC.
struct GrpcQuestion {
    std::string address;  ///< "host:port", with `${...}`
    std::string service;  ///< empty: the server as a whole
    bool tls = false;
    Duration timeout = seconds(3);  ///< at most `longest_gate_sample`
    std::string ca_file = {};  ///< in PEM, who is trusted with `tls`; empty: as the system says

    friend bool operator==(const GrpcQuestion&, const GrpcQuestion&) = default;
};

/// Whether what a rollout adds at its peak fits (gates/capacity_gate.hpp).
struct CapacityQuestion {
    int headroom = 0;   ///< percent of what there is that has to stay free
    int max_nodes = 0;  ///< as many of those that suit may there be; 0: as many as there are

    friend bool operator==(const CapacityQuestion&, const CapacityQuestion&) = default;
};

using GateQuestion = std::variant<
    HttpQuestion,
    MetricQuestion,
    AnalysisQuestion,
    CommandQuestion,
    AlertsQuestion,
    TcpQuestion,
    GrpcQuestion,
    TrendQuestion,
    LeakQuestion,
    ExhaustionQuestion,
    MannWhitneyQuestion,
    SloQuestion,
    ErrorBudgetQuestion,
    ScanQuestion,
    PolicyQuestion,
    ImageQuestion,
    SoakQuestion,
    DependencyQuestion,
    ReadinessQuestion,
    BackupAgeQuestion,
    PerformanceQuestion,
    CapacityQuestion>;

struct GateSettings {
    GatePolicy policy;
    GateQuestion question;

    friend bool operator==(const GateSettings&, const GateSettings&) = default;
};

using GatesByName = std::map<std::string, GateSettings>;

/// What stands in deploy.yaml for one of GateQuestion's alternatives.
struct GateKind {
    const char* type;    ///< "metric"
    const char* method;  ///< of an analysis: "sequential"; empty: this type has no methods
};

/// All that there are, in the order of the alternatives.
std::span<const GateKind> gate_kinds();
const char* type_of(const GateQuestion& question);
/// Empty where its type has none.
const char* method_of(const GateQuestion& question);
/// A gate with its defaults, by the first method of its type where none is named; nothing where
/// there is no such type, or method.
std::optional<GateSettings> gate_of(std::string_view type, std::string_view method = {});
bool asks_metrics(const GateQuestion& question);
/// The chance that its tests send a good version back; null where it has no tests.
double* alpha_of(GateQuestion& question);
/// In how many tests of its own a good version can be sent back: alpha is split over those of the
/// whole rollout.
int tests_in(const GateQuestion& question);
/// It is about pods of the new version: without any it cannot be asked.
bool asks_about_pods(const GateQuestion& question);
/// Asks somebody beyond the namespace, whom no simulation has.
bool asks_outside(const GateQuestion& question);
/// It is about the traffic that people send: a version that gets none cannot answer it.
bool needs_traffic(const GateQuestion& question);
/// It compares with pods of the version before while these serve, and by nothing else.
bool compares_only_beside(const GateQuestion& question);
/// How long one sample may take.
Duration longest_sample(const GateQuestion& question);

}  // namespace deployctl
