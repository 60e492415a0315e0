// SPDX-License-Identifier: Apache-2.0
// What gates are, as `deploy.yaml` says it: a question, and the policy that turns its answers into
// a decision, which is the same for all of them. A plan freezes both. Values; any thread.
#pragma once

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
    bool dry_run = false;  ///< asked and told, and decides nothing

    friend bool operator==(const GatePolicy&, const GatePolicy&) = default;
};

/// While a gate is asked, nothing else is watched and no signal is heard; what takes longer is
/// asked beside the watching.
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
/// analysis/rate_test.hpp. Both are selectors of counters, with `${pods}`.
struct AnalysisQuestion {
    std::string errors;
    std::string total;
    double alpha = 0.01;     ///< of sending a good version back; split over the rollout's tests
    double max_ratio = 1.5;  ///< as many times stable's rate as passes
    double max = 0.02;       ///< or this rate by itself; 0: not by itself
    int min_samples = 50;    ///< canary requests without which it never passes
    Duration warm_up = seconds(30);

    friend bool operator==(const AnalysisQuestion&, const AnalysisQuestion&) = default;
};

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

/// A report of vulnerabilities that another program has written, against the most that may be in it
/// (gates/scan_gate.hpp).
struct ScanQuestion {
    std::string file;  ///< its path, with `${...}`
    int max_critical = 0;
    int max_high = 0;
    std::optional<int> max_medium;
    std::optional<int> max_low;
    Duration max_age = std::chrono::hours(24);
    std::string vex;          ///< of those that do not count, with `${...}`; empty: all count
    bool any_digest = false;  ///< whichever image it is about

    friend bool operator==(const ScanQuestion&, const ScanQuestion&) = default;
};

enum class PolicyTool { conftest, opa };

const char* to_text(PolicyTool tool);
std::optional<PolicyTool> read_policy_tool(std::string_view text);

/// Policy as code about the workload as it will be (gates/policy_gate.hpp).
struct PolicyQuestion {
    PolicyTool tool = PolicyTool::conftest;
    std::string policy;                 ///< a folder or a file, with `${...}`
    std::string rego_package = "main";  ///< whose denials count
    Duration timeout = minutes(1);

    friend bool operator==(const PolicyQuestion&, const PolicyQuestion&) = default;
};

/// Whether the registry still has the image that is deployed, and whether the right one has signed
/// it (gates/image_gate.hpp): by a key, or by an identity and who vouches for it.
struct ImageQuestion {
    std::string cosign_key;       ///< a path, or what else cosign takes; empty: no signature by key
    std::string cosign_identity;  ///< empty: no signature by identity
    std::string cosign_issuer;
    Duration timeout = minutes(1);  ///< of cosign

    friend bool operator==(const ImageQuestion&, const ImageQuestion&) = default;
};

using GateQuestion = std::variant<
    HttpQuestion,
    MetricQuestion,
    AnalysisQuestion,
    CommandQuestion,
    ScanQuestion,
    PolicyQuestion,
    ImageQuestion>;

struct GateSettings {
    GatePolicy policy;
    GateQuestion question;

    friend bool operator==(const GateSettings&, const GateSettings&) = default;
};

using GatesByName = std::map<std::string, GateSettings>;

/// All that there are: "http", "metric".
std::span<const char* const> gate_types();
const char* type_of(const GateQuestion& question);
/// A gate of this type with its defaults; nothing where there is no such type.
std::optional<GateSettings> gate_of_type(std::string_view type);
bool asks_metrics(const GateQuestion& question);
/// It is about pods of the new version: without any it cannot be asked.
bool asks_about_pods(const GateQuestion& question);
/// Asks somebody beyond the cluster, whom no simulation has.
bool asks_outside(const GateQuestion& question);
/// It is about the traffic that people send: a version that gets none cannot answer it.
bool needs_traffic(const GateQuestion& question);
/// How long one sample may take; above `longest_gate_sample` it is asked beside the watching.
Duration longest_sample(const GateQuestion& question);

}  // namespace deployctl
