// SPDX-License-Identifier: Apache-2.0
#include "documents/json.hpp"
#include "readiness/recorded.hpp"
#include "readiness/reports/summary.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace deployctl::readiness {

namespace {

constexpr std::size_t most_bytes = 64U << 20U;
constexpr std::int64_t most_subjects = 1'000'000;  // that one finding stands for
constexpr std::int64_t greatest_weight = 1'000;

template <std::size_t count>
std::optional<std::size_t> place_in(
    const std::array<std::string_view, count>& names, std::string_view name
) {
    const auto found = std::ranges::find(names, name);
    return found == names.end() ? std::nullopt
                                : std::optional(static_cast<std::size_t>(found - names.begin()));
}

std::string where_of(const Value& subject) {
    const auto line = subject.number("/line");
    const auto column = subject.number("/column");
    auto text = subject.text("/file");
    if (!text.empty() && line > 0) {
        text += ":" + std::to_string(line);
        text += column > 0 ? ":" + std::to_string(column) : "";
    }
    return text;
}

class RecordReader {
public:
    explicit RecordReader(const Value& document) : document_(document) {}

    Recorded read() {
        if (document_.at("/v") != Value(1) || !document_.at("/rules").is_array() ||
            !document_.at("/categories").is_array()) {
            complain("it is no assessment of format 1, as `assess -o json` writes it");
        }
        record_.rules_digest = document_.text("/rules_digest");
        record_.weights_digest = document_.text("/weights_digest");
        read_score();
        for (const auto& category : document_.items("/categories")) {
            const auto weight = category.number("/weight", -1);
            if (weight < 0 || weight > greatest_weight || category.view("/id").empty()) {
                complain("a category has no `id`, or no `weight` from 0 to 1000");
            }
            record_.weights[category.text("/id")] = static_cast<int>(weight);
        }
        for (const auto& rule : document_.items("/rules")) {
            read_rule(rule);
        }
        for (const auto& finding : document_.items("/findings")) {
            if (finding.flag("/blocker")) {
                record_.blockers.emplace(finding.text("/rule"), finding.text("/object"));
            }
        }
        return take();
    }

private:
    Recorded take() {
        if (trouble_.empty()) {
            return std::move(record_);
        }
        Recorded nothing;
        nothing.trouble = trouble_;
        return nothing;
    }

    void complain(const std::string& trouble) { trouble_ = trouble_.empty() ? trouble : trouble_; }

    std::int64_t hundredths_at(const Pointer& place) {
        const auto number = document_.at(place).real("", std::nan(""));
        if (!(number >= 0 && number <= 100)) {
            complain("`score` is neither null nor has ends from 0 to 100");
            return 0;
        }
        return std::llround(number * 100);
    }

    void read_score() {
        if (document_.has("/score/low") || document_.has("/score/high")) {
            record_.score = {hundredths_at("/score/low"), hundredths_at("/score/high")};
        } else if (!document_.at("/score").is_null() || !document_.has("/score")) {
            complain("it has no `score`");
        }
    }

    void read_rule(const Value& value) {
        RecordedRule rule;
        rule.id = value.text("/id");
        rule.title = value.text("/title");
        rule.category = value.text("/category");
        const auto severity = read_finding_severity(value.view("/severity"));
        if (rule.id.empty() || !severity || !value.at("/subjects").is_array()) {
            complain("a rule has no `id`, no `severity` or no `subjects`");
        }
        rule.severity = severity.value_or(rule.severity);
        for (const auto& subject : value.items("/subjects")) {
            read_finding(subject, rule);
        }
        record_.rules.push_back(std::move(rule));
    }

    void read_finding(const Value& value, RecordedRule& rule) {
        const auto outcome = place_in(outcome_names, value.view("/outcome"));
        const auto confidence = place_in(confidence_names, value.view("/confidence"));
        const auto count = value.number("/count", 1);
        if (!outcome || !confidence || count < 1 || count > most_subjects) {
            complain("a subject of " + rule.id + " has no `outcome`, `confidence` or `count`");
            return;
        }
        auto& finding = rule.findings.emplace_back();
        finding.object = value.text("/object");
        finding.observed = value.text("/observed");
        finding.where = where_of(value);
        finding.outcome = static_cast<Outcome>(*outcome);
        finding.confidence = static_cast<Confidence>(*confidence);
        finding.count = static_cast<int>(count);
        finding.is_subject = !value.view("/kind").empty();
        if (finding.is_subject) {
            record_.objects.insert(finding.object);
        }
    }

    const Value& document_;
    Recorded record_;
    std::string trouble_;
};

RecordedFinding recorded(const Finding& finding) {
    return {
        std::string(finding.object()),
        finding.observed,
        place_text(finding.place),
        finding.outcome,
        finding.confidence,
        finding.count,
        finding.subject != nullptr,
    };
}

}  // namespace

Recorded recorded_of(const Assessment& assessment) {
    Recorded record;
    record.rules_digest = assessment.pack->digest;
    record.weights_digest = weights_digest(assessment);
    for (const auto& category : assessment.categories) {
        record.weights[std::string(category.id)] = category.weight;
    }
    if (assessment.score) {
        record.score = {assessment.score->low.hundredths, assessment.score->high.hundredths};
    }
    for (const auto& result : assessment.results) {
        const auto& rule = *result.rule;
        auto& kept = record.rules.emplace_back(
            RecordedRule{rule.id, rule.text.title, rule.category, rule.severity, {}}
        );
        for (const auto& finding : result.findings) {
            kept.findings.push_back(recorded(finding));
        }
    }
    for (const auto& subject : assessment.facts->subjects()) {
        record.objects.insert(subject.path);
    }
    for (const auto& file : assessment.facts->files()) {
        record.objects.insert(file.path);
    }
    for (const auto& [result, finding] : blockers(assessment)) {
        record.blockers.emplace(result->rule->id, finding->object());
    }
    return record;
}

Recorded read_recorded(std::string_view json) {
    const auto document = json.size() > most_bytes ? std::nullopt : documents::try_read_json(json);
    if (!document || !document->is_object()) {
        Recorded nothing;
        nothing.trouble = "it is no JSON object, or larger than 64 MiB";
        return nothing;
    }
    return RecordReader(*document).read();
}

std::map<FindingKey, const RecordedFinding*> by_key(const Recorded& recorded) {
    std::map<FindingKey, const RecordedFinding*> found;
    for (const auto& rule : recorded.rules) {
        std::map<std::string, int> numbers;
        for (const auto& finding : rule.findings) {
            found.emplace(FindingKey{rule.id, finding.object, numbers[finding.object]++}, &finding);
        }
    }
    return found;
}

}  // namespace deployctl::readiness
