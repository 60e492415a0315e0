// SPDX-License-Identifier: Apache-2.0
#include "readiness/reports/assessment_json.hpp"

#include <array>

namespace deployctl::readiness {

namespace {

constexpr std::array<const char*, 3> recommendation_names = {"ready", "not-ready", "incomplete"};
constexpr std::array<const char*, 3> blocks_names = {"never", "always", "production"};

double as_real(std::int64_t hundredths) {
    return static_cast<double>(hundredths) / 100;
}

/// For people and gates rounded, for sums exact.
Value score_value(const std::optional<Interval>& score) {
    if (!score) {
        return {};
    }
    return Value::map({
        {"low", as_real(score->low.hundredths)},
        {"high", as_real(score->high.hundredths)},
        {"low_exact", score->low.exact},
        {"high_exact", score->high.exact},
    });
}

Value points_value(const std::optional<Interval>& points) {
    return points ? Value::map({{"low", points->low.exact}, {"high", points->high.exact}})
                  : Value();
}

Value waiver_value(const Waiver* waiver) {
    return waiver == nullptr ? Value()
                             : Value::map({
                                   {"reason", waiver->reason},
                                   {"owner", waiver->owner},
                                   {"expires", waiver->expires},
                               });
}

void add_place(Value& value, const Place& place) {
    value.set("/file", std::string(place.file));
    value.set("/line", place.spot.line);
    value.set("/column", place.spot.column);
}

Value subject_value(const RuleResult& result, const Finding& finding) {
    auto value = Value::map({
        {"object", std::string(finding.object())},
        {"kind", finding.subject == nullptr ? "" : finding.subject->kind},
        {"outcome", outcome_names.at(static_cast<std::size_t>(finding.outcome))},
        {"confidence", confidence_names.at(static_cast<std::size_t>(finding.confidence))},
        {"observed", finding.observed},
        {"expected", finding.expected},
        {"count", finding.count},
        {"fingerprint", fingerprint(result.rule->id, finding.object())},
        {"waiver", waiver_value(finding.waiver)},
    });
    add_place(value, finding.place);
    return value;
}

/// How many subjects have each, those included that could not be read.
Value outcomes_value(const RuleResult& result) {
    Value value = Value::Object{};
    for (std::size_t at = 0; at < outcome_names.size(); ++at) {
        const auto findings = findings_with(result, static_cast<Outcome>(at));
        value.set("/" + std::string(outcome_names.at(at)), subjects_of(findings));
    }
    return value;
}

Value rule_value(const RuleResult& result) {
    Value::Array subjects;
    for (const auto& finding : result.findings) {
        subjects.push_back(subject_value(result, finding));
    }
    return Value::map({
        {"id", result.rule->id},
        {"title", result.rule->text.title},
        {"category", result.rule->category},
        {"severity", deployctl::to_text(result.rule->severity)},
        {"blocks", blocks_names.at(static_cast<std::size_t>(result.rule->blocks))},
        {"worth", result.worth ? Value(result.worth->exact) : Value()},
        {"points", points_value(result.points)},
        {"not_applicable", result.not_applicable},
        {"outcomes", outcomes_value(result)},
        {"subjects", std::move(subjects)},
    });
}

Value category_value(const CategoryResult& category) {
    return Value::map({
        {"id", category.id},
        {"title", category.title},
        {"weight", category.weight},
        {"score", score_value(category.score)},
        {"points", points_value(category.points)},
    });
}

/// What has failed, as the gate wants it: waived or not.
Value finding_value(const RuleResult& result, const Finding& finding, const Settings& settings) {
    auto value = Value::map({
        {"rule", result.rule->id},
        {"severity", deployctl::to_text(result.rule->severity)},
        {"text", message_of(*result.rule, finding)},
        {"waived", finding.outcome == Outcome::waived},
        {"blocker", is_blocker(*result.rule, finding, settings)},
        {"object", std::string(finding.object())},
        {"fingerprint", fingerprint(result.rule->id, finding.object())},
    });
    add_place(value, finding.place);
    return value;
}

Value::Array findings_value(const Assessment& assessment) {
    Value::Array findings;
    for (const auto& result : assessment.results) {
        for (const auto& finding : result.findings) {
            if (finding.outcome == Outcome::fail || finding.outcome == Outcome::waived) {
                findings.push_back(finding_value(result, finding, assessment.facts->settings()));
            }
        }
    }
    return findings;
}

Value files_value(const Coverage& coverage) {
    Value::Array unread;
    for (const auto& file : coverage.unread) {
        unread.push_back(Value::map({
            {"path", file.path},
            {"why", file.why},
            {"line", file.spot.line},
            {"column", file.spot.column},
        }));
    }
    Value by_kind = Value::Object{};
    for (const auto& [kind, count] : coverage.by_kind) {
        by_kind.set("/" + escape_pointer(kind), count);
    }
    return Value::map({
        {"seen", coverage.seen},
        {"recognised", coverage.recognised},
        {"read", coverage.read},
        {"rendered", coverage.rendered},
        {"lines", coverage.lines},
        {"by_kind", std::move(by_kind)},
        {"unread", std::move(unread)},
        {"skipped", lines_value(coverage.skipped)},
    });
}

Value checks_value(const CheckCounts& counts) {
    return Value::map({
        {"passed", counts.passed},
        {"failed", counts.failed},
        {"waived", counts.waived},
        {"not_assessed", counts.not_assessed},
        {"not_applicable", counts.not_applicable},
    });
}

/// The points of what has a verdict, of all that could be had.
Value assessed_share(const Assessment& assessment) {
    if (!assessment.score) {
        return 0.0;
    }
    const auto unknown = assessment.score->high.hundredths - assessment.score->low.hundredths;
    return static_cast<double>(10'000 - unknown) / 10'000;
}

template <class Items, class ToValue>
Value::Array list_of(const Items& items, ToValue to_value_of) {
    Value::Array list;
    for (const auto& item : items) {
        list.push_back(to_value_of(item));
    }
    return list;
}

}  // namespace

Value to_value(const Assessment& assessment, const ReportHead& head) {
    const auto low = assessment.score ? assessment.score->low.hundredths : 0;
    auto value = Value::map({
        {"v", 1},
        {"assessed_at", to_rfc3339(head.at)},
        {"program", head.program},
        {"rules_digest", assessment.pack->digest},
        {"weights_digest", weights_digest(assessment)},
        {"score", score_value(assessment.score)},
        {"level", assessment.score ? Value(level(low)) : Value()},
        {"verdict", recommendation_names.at(static_cast<std::size_t>(recommendation(assessment)))},
        {"reasons", lines_value(reasons(assessment))},
        {"minimum", assessment.facts->settings().minimum},
        {"coverage", static_cast<double>(coverage_of(assessment.coverage)) / 10'000},
        {"assessed", assessed_share(assessment)},
        {"files", files_value(assessment.coverage)},
        {"checks", checks_value(count_checks(assessment))},
        {"categories", list_of(assessment.categories, category_value)},
        {"rules", list_of(assessment.results, rule_value)},
        {"findings", findings_value(assessment)},
        {"warnings", lines_value(assessment.warnings)},
    });
    // The gate holds what is said here against what is rolled out: an empty text would be another
    // app.
    if (!head.app.empty()) {
        value.set("/app", head.app);
    }
    if (!head.environment.empty()) {
        value.set("/env", head.environment);
    }
    return value;
}

}  // namespace deployctl::readiness
