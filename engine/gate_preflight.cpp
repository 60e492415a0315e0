// SPDX-License-Identifier: Apache-2.0
#include "engine/gate_preflight.hpp"

#include "documents/json.hpp"
#include "engine/gate_subjects.hpp"
#include "engine/objects.hpp"
#include "gates/alerts_gate.hpp"
#include "gates/budget_gate.hpp"
#include "gates/command_gate.hpp"
#include "gates/metric_gate.hpp"
#include "gates/policy.hpp"
#include "gates/scan_gate.hpp"
#include "ports/scripts.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace deployctl::engine {

namespace {

/// Of one gate, as they stand in the plan.
struct Queries {
    std::vector<std::string> operator()(const HttpQuestion&) const { return {}; }

    std::vector<std::string> operator()(const MetricQuestion& question) const {
        return {question.query};
    }

    std::vector<std::string> operator()(const AnalysisQuestion& question) const {
        std::vector<std::string> queries{question.errors, question.total, question.buckets};
        std::erase(queries, "");
        return queries;
    }

    std::vector<std::string> operator()(const CommandQuestion&) const { return {}; }

    std::vector<std::string> operator()(const ScanQuestion&) const { return {}; }

    std::vector<std::string> operator()(const PolicyQuestion&) const { return {}; }

    std::vector<std::string> operator()(const ImageQuestion&) const { return {}; }

    std::vector<std::string> operator()(const AlertsQuestion&) const { return {}; }

    std::vector<std::string> operator()(const TcpQuestion&) const { return {}; }

    std::vector<std::string> operator()(const GrpcQuestion&) const { return {}; }

    std::vector<std::string> operator()(const TrendQuestion& question) const {
        return {question.slope.query};
    }

    std::vector<std::string> operator()(const LeakQuestion& question) const {
        return {question.slope.query};
    }

    std::vector<std::string> operator()(const ExhaustionQuestion& question) const {
        std::vector<std::string> queries{question.query, question.limit_query};
        std::erase(queries, "");
        return queries;
    }

    std::vector<std::string> operator()(const MannWhitneyQuestion& question) const {
        return {question.query};
    }

    std::vector<std::string> operator()(const SloQuestion& question) const {
        return sums(question.errors, question.total);
    }

    std::vector<std::string> operator()(const ErrorBudgetQuestion& question) const {
        return sums(question.errors, question.total);
    }

    std::vector<std::string> operator()(const SoakQuestion&) const { return {}; }

    std::vector<std::string> operator()(const DependencyQuestion&) const { return {}; }

    std::vector<std::string> operator()(const ReadinessQuestion&) const { return {}; }

    std::vector<std::string> operator()(const BackupAgeQuestion&) const { return {}; }

    std::vector<std::string> operator()(const PerformanceQuestion&) const { return {}; }

    std::vector<std::string> operator()(const CapacityQuestion&) const { return {}; }

private:
    /// As they are asked: a whole service has more series than anybody reads.
    static std::vector<std::string> sums(const std::string& errors, const std::string& total) {
        constexpr Duration shortest = minutes(5);
        return {gates::increase_over(errors, shortest), gates::increase_over(total, shortest)};
    }
};

void note(
    PreflightResult& result,
    const std::string& gate,
    const std::string& query,
    const MetricAnswer& answer
) {
    const auto head = "gate `" + gate + "`: ";
    switch (answer.kind) {
        case MetricAnswer::Kind::refused:
            result.refusals.push_back(
                head + "the metrics source refuses its query " + query + ": " + answer.failure +
                "; mend the query, `deployctl gate test " + gate + "` asks it again"
            );
            return;
        case MetricAnswer::Kind::failed:
            result.refusals.push_back(
                head + "the metrics source cannot be asked: " + answer.failure +
                "; without it nothing could be proven"
            );
            return;
        case MetricAnswer::Kind::series:
            if (answer.series.empty()) {
                result.warnings.push_back(head + "nothing is measured yet for " + query);
            }
    }
}

/// Who cannot say now which alerts fire could not say it later.
void note(PreflightResult& result, const std::string& gate, const Verdict& alerts) {
    const auto head = "gate `" + gate + "`: ";
    if (alerts.answer == Answer::error) {
        result.refusals.push_back(
            head + alerts.measured + ", " + alerts.reason + "; `deployctl gate test " + gate +
            "` asks it again"
        );
    } else if (alerts.answer == Answer::fail) {
        result.warnings.push_back(head + alerts.measured + " already, " + alerts.reason);
    }
}

/// Why a file that a gate judges is not there yet; empty where it is.
struct MissingPaper {
    Files& files;
    const Placeholders& names;

    std::string operator()(const auto&) const { return ""; }

    std::string operator()(const ScanQuestion& scan) const { return unread("report", scan.file); }

    std::string operator()(const ReadinessQuestion& readiness) const {
        return readiness.report.empty() ? "" : unread("report", readiness.report);
    }

    std::string operator()(const PerformanceQuestion& performance) const {
        const auto report = unread("report", performance.report);
        return report.empty() && !performance.baseline.empty()
                   ? unread("baseline", performance.baseline)
                   : report;
    }

private:
    std::string unread(const char* what, const std::string& raw) const {
        const auto path = fill_in(raw, names);
        const auto answer = files.read(path, gates::most_report_bytes);
        return answer.kind == FileAnswer::Kind::read ? ""
                                                     : std::string("its ") + what + " " + path +
                                                           " cannot be read yet: " + answer.failure;
    }
};

/// Of backups; empty where it asks for no files.
std::string pattern_of(const GateQuestion& question) {
    const auto* backup = std::get_if<BackupAgeQuestion>(&question);
    return backup == nullptr ? "" : backup->files;
}

std::string why_no_backup(const std::string& pattern, const FoundFile& newest) {
    return newest.kind == FoundFile::Kind::found
               ? ""
               : "no backup is found at " + pattern + " yet: " + newest.failure;
}

}  // namespace

std::vector<std::string> pods_now(const Plan& plan, const World& world) {
    std::vector<std::string> names;
    for (const auto* pod : pods_of_slot(plan, world, Slot::stable)) {
        names.push_back(pod->meta.name);
    }
    return names;
}

Task<PreflightResult> preflight_gates(Outside outside, const World* world, Plan plan) {
    PreflightResult result;
    const auto pods = pods_now(plan, *world);
    const auto names = names_of(plan);
    const auto source = plan.metrics.value_or(MetricsSource{});
    for (const auto& [name, gate] : plan.gates) {
        const auto queries = std::visit(Queries{}, gate.question);
        PreflightResult found;
        const bool can_be_asked = !asks_metrics(gate.question) || plan.metrics;
        if (!can_be_asked) {
            found.refusals.push_back(
                "gate `" + name + "` asks a metrics source, and none is configured; write " +
                "`prometheus: {url: ...}` or `metrics_program: {run: [...]}`"
            );
        }
        for (const auto& raw : plan.metrics ? queries : std::vector<std::string>()) {
            const auto query = gates::query_about(raw, names, pods, gates::Track::canary);
            const auto answer = co_await outside.metrics.instant(source, query);
            note(found, name, query, answer);
        }
        const auto* alerts = std::get_if<AlertsQuestion>(&gate.question);
        if (alerts != nullptr && can_be_asked) {
            const auto verdict = co_await gates::sample(outside, source, *alerts, names);
            note(found, name, verdict);
        }
        auto& hindrances = gates::decides(gate.policy) ? result.refusals : result.warnings;
        std::ranges::move(found.refusals, std::back_inserter(hindrances));
        std::ranges::move(found.warnings, std::back_inserter(result.warnings));
    }
    co_return result;
}

Task<PreflightResult> preflight_reports(Files* files, Plan plan) {
    PreflightResult result;
    const auto names = names_of(plan);
    for (const auto& [name, gate] : plan.gates) {
        auto missing = std::visit(MissingPaper{*files, names}, gate.question);
        const auto pattern = fill_in(pattern_of(gate.question), names);
        if (!pattern.empty()) {
            const auto newest = co_await files->newest(pattern);
            missing = why_no_backup(pattern, newest);
        }
        if (!missing.empty()) {
            result.warnings.push_back(
                "gate `" + name + "`: " + missing +
                "; the rollout will not get past this gate without it"
            );
        }
    }
    co_return result;
}

PreflightResult freeze_scripts(Files& files, GatesByName& gates) {
    PreflightResult result;
    for (auto& [name, gate] : gates) {
        auto* command = std::get_if<CommandQuestion>(&gate.question);
        if (command == nullptr || !is_script(command->run.front())) {
            continue;
        }
        const auto script = read_script(files, command->run.front());
        if (script.kind == FileAnswer::Kind::read) {
            command->script_hash = documents::sha256_hex(script.text);
            continue;
        }
        auto& hindrances = gates::decides(gate.policy) ? result.refusals : result.warnings;
        hindrances.push_back(
            "gate `" + name + "`: " + command->run.front() + " cannot be read: " + script.failure +
            "; its path begins in the working folder"
        );
    }
    return result;
}

}  // namespace deployctl::engine
