// SPDX-License-Identifier: Apache-2.0
#include "config/keys.hpp"

namespace deployctl::config {

namespace {

using enum KeyType;
using enum Presence;

constexpr std::string_view any_number = "-1e300..1e300";

constexpr Key keys[] = {
    {"gates",
     named,
     "Questions whose answers decide whether a rollout goes on",
     "{health: {type: http, path: /healthz}}"},
    {"gates.type",
     choice,
     "What is asked: http the pods of the new version, metric one number of a metrics source, "
     "analysis live traffic of new pods against the old ones beside them, command a program of "
     "your own, error-budget what is left of an objective's",
     "http",
     required,
     "http|metric|analysis|command|error-budget",
     "assess|soak|job|manual"},
    {"gates.port",
     integer,
     "The port of the container; 0 is its first",
     "8080",
     optional,
     "0..65535",
     {},
     "http"},
    {"gates.path", http_path, "The path to get", "/healthz", optional, {}, {}, "http"},
    {"gates.expect", map, "What a good answer is", "{status: 200}", optional, {}, {}, "http"},
    {"gates.expect.status", integer, "Its HTTP status", "200", optional, "100..599"},
    {"gates.requests",
     integer,
     "Requests in one sample, spread over the pods, eight at a time; fewer where 5s are not enough",
     "20",
     optional,
     "1..1000",
     {},
     "http"},
    {"gates.max_errors",
     real,
     "The share of bad answers that a good sample may have",
     "0.05",
     optional,
     "0..1",
     {},
     "http"},
    {"gates.timeout",
     positive_duration,
     "For one request, at most 5s; of a command for one run, 1m where nothing is said",
     "3s",
     optional,
     {},
     {},
     "http|command"},
    {"gates.run",
     texts,
     "The program and its arguments, no shell: exit code 0 passes, 75 has proven nothing yet, any "
     "other fails; or it prints a JSON object with `verdict`, `measured`, `limit`, `reason`",
     "[./ci/smoke.sh, \"${version}\"]",
     required,
     {},
     {},
     "command"},
    {"gates.query",
     text,
     "A name in `queries`, or PromQL, that gives one number, of trend and the like one for each "
     "pod; `${pods}` is a regular expression of the new pods' names",
     "error_rate",
     required,
     {},
     {},
     "metric|trend|leak|exhaustion|mann-whitney"},
    {"gates.min", real, "The least that passes", "20", optional, any_number, {}, "metric"},
    {"gates.max_increase",
     real,
     "The most above the same number of the old pods beside them",
     "0.005",
     optional,
     any_number,
     {},
     "metric"},
    {"gates.max",
     real,
     "The most that passes; of an analysis, the error rate that passes whatever the old one's is, "
     "0 for none; with nothing to compare with it fails above it",
     "0.02",
     optional,
     any_number,
     {},
     "metric|sequential"},
    {"gates.every", positive_duration, "Time between samples", "10s"},
    {"gates.initial_delay", duration, "Of a step, before it is asked first", "30s"},
    {"gates.pass_after", integer, "Good samples in a row to pass", "1", optional, "1..100"},
    {"gates.fail_after", integer, "Bad samples in a row to fail", "3", optional, "1..100"},
    {"gates.on_fail",
     choice,
     "What a failing gate does; notify only tells",
     "rollback",
     optional,
     "rollback|hold|notify"},
    {"gates.on_no_data",
     choice,
     "What it means when nobody answers, errors_in_a_row times",
     "hold",
     optional,
     "hold|fail"},
    {"gates.errors_in_a_row",
     integer,
     "Questions without an answer; then on_no_data",
     "10",
     optional,
     "1..1000"},
    {"gates.hold_at_most",
     duration,
     "How long the end of a step waits for a proof; then on_inconclusive",
     "5m"},
    {"gates.on_inconclusive",
     choice,
     "What it means when nothing is proven by then; extend is pause",
     "pause",
     optional,
     "pause|pass|rollback|extend"},
    {"gates.dry_run", flag, "Asked and told, and decides nothing", "true"},
};

}  // namespace

std::span<const Key> gate_keys() {
    return keys;
}

}  // namespace deployctl::config
