// SPDX-License-Identifier: Apache-2.0
#include "readiness/reports/summary.hpp"

#include "documents/json.hpp"
#include "model/text.hpp"
#include "readiness/redaction.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <tuple>
#include <utility>

namespace deployctl::readiness {

namespace {

bool has(const RuleResult& result, Outcome outcome) {
    return std::ranges::find(result.findings, outcome, &Finding::outcome) != result.findings.end();
}

int& counter_of(CheckCounts& counts, const RuleResult& result) {
    if (result.findings.empty()) {
        return counts.not_applicable;
    }
    if (has(result, Outcome::fail)) {
        return counts.failed;
    }
    if (has(result, Outcome::not_assessed)) {
        return counts.not_assessed;
    }
    return has(result, Outcome::waived) ? counts.waived : counts.passed;
}

/// Its part of the rule's points, rounded half up.
std::int64_t gain_of(const RuleResult& result, const std::vector<const Finding*>& failed) {
    const auto all = std::accumulate(
        result.findings.begin(),
        result.findings.end(),
        std::int64_t{0},
        [](auto sum, const auto& one) { return sum + one.count; }
    );
    const auto worth = result.worth ? result.worth->hundredths : 0;
    return all == 0 ? 0 : (worth * subjects_of(failed) * 2 + all) / (all * 2);
}

/// What is in place of `${name}` and its like; nothing where it is no name of ours.
const std::string* find_value(
    const std::array<std::pair<std::string_view, std::string>, 4>& values, std::string_view name
) {
    for (const auto& [known, value] : values) {
        if (known == name) {
            return &value;
        }
    }
    return nullptr;
}

std::string filled_in(
    std::string_view text, const std::array<std::pair<std::string_view, std::string>, 4>& values
) {
    std::string filled;
    for (std::size_t at = 0; at < text.size();) {
        const auto begin = text.find("${", at);
        const auto end = begin == std::string_view::npos ? begin : text.find('}', begin);
        if (end == std::string_view::npos) {
            return filled += text.substr(at);
        }
        const auto* value = find_value(values, text.substr(begin + 2, end - begin - 2));
        filled += text.substr(at, begin - at);
        filled += value == nullptr ? std::string(text.substr(begin, end + 1 - begin)) : *value;
        at = end + 1;
    }
    return filled;
}

}  // namespace

CheckCounts count_checks(const Assessment& assessment) {
    CheckCounts counts;
    for (const auto& result : assessment.results) {
        ++counter_of(counts, result);
    }
    return counts;
}

std::vector<OpenCheck> open_checks(const Assessment& assessment) {
    std::vector<OpenCheck> open;
    const auto& settings = assessment.facts->settings();
    for (const auto& result : assessment.results) {
        auto failed = findings_with(result, Outcome::fail);
        if (failed.empty()) {
            continue;
        }
        const bool blocks = std::ranges::any_of(failed, [&](const Finding* finding) {
            return is_blocker(*result.rule, *finding, settings);
        });
        const auto gain = gain_of(result, failed);
        open.push_back({&result, std::move(failed), blocks, gain});
    }
    std::ranges::stable_sort(open, {}, [](const OpenCheck& check) {
        return std::tuple(!check.blocks, -check.gain);
    });
    return open;
}

std::vector<const Finding*> findings_with(const RuleResult& result, Outcome outcome) {
    std::vector<const Finding*> found;
    for (const auto& finding : result.findings) {
        if (finding.outcome == outcome) {
            found.push_back(&finding);
        }
    }
    return found;
}

std::vector<CheckFindings> checks_with(const Assessment& assessment, Outcome outcome) {
    std::vector<CheckFindings> checks;
    for (const auto& result : assessment.results) {
        if (auto findings = findings_with(result, outcome); !findings.empty()) {
            checks.push_back({&result, std::move(findings)});
        }
    }
    return checks;
}

int subjects_of(const std::vector<const Finding*>& findings) {
    return std::accumulate(findings.begin(), findings.end(), 0, [](int sum, const Finding* one) {
        return sum + one->count;
    });
}

std::string message_of(const Rule& rule, const Finding& finding) {
    if (finding.outcome == Outcome::not_assessed) {
        return finding.observed.empty() ? "its value is not known here" : finding.observed;
    }
    // A step without a name is called after what it uses, which may be an address.
    const auto name = finding.subject == nullptr ? std::string(finding.object())
                                                 : redacted(finding.subject->name);
    const std::array<std::pair<std::string_view, std::string>, 4> values = {{
        {"name", name.empty() ? std::string(finding.object()) : name},
        {"path", std::string(finding.object())},
        {"observed", finding.observed.empty() ? "nothing" : finding.observed},
        {"expected", finding.expected},
    }};
    const auto& text = rule.text.message.empty() ? rule.text.title : rule.text.message;
    return filled_in(text, values);
}

std::string place_text(const Place& place) {
    std::string text(place.file);
    if (!text.empty() && place.spot.line > 0) {
        text += ":" + std::to_string(place.spot.line);
        text += place.spot.column > 0 ? ":" + std::to_string(place.spot.column) : "";
    }
    return text;
}

std::string where_text(const Finding& finding) {
    auto place = place_text(finding.place);
    return place.empty() ? std::string(finding.object()) : place;
}

std::string points_text(std::int64_t hundredths) {
    const auto magnitude = hundredths < 0 ? -hundredths : hundredths;
    const auto rest = std::to_string(100 + magnitude % 100);
    return (hundredths < 0 ? "-" : "") + std::to_string(magnitude / 100) + "." + rest.substr(1);
}

std::string interval_text(const Interval& interval) {
    const auto low = points_text(interval.low.hundredths);
    return interval.low.exact == interval.high.exact
               ? low
               : low + " to " + points_text(interval.high.hundredths);
}

std::string_view verdict_text(const Assessment& assessment) {
    switch (recommendation(assessment)) {
        case Recommendation::approved: return "READY";
        case Recommendation::not_approved: return "NOT READY";
        case Recommendation::incomplete: break;
    }
    return "INCOMPLETE";
}

std::vector<std::string> reasons(const Assessment& assessment) {
    std::vector<std::string> why;
    if (!assessment.score) {
        why.emplace_back("no check could be asked: nothing here is of a kind that is known");
    } else if (!is_whole(assessment.coverage)) {
        why.push_back(
            std::to_string(assessment.coverage.read) + " of " +
            count_of(assessment.coverage.recognised, "file") +
            " could be read; below 95% nobody knows what was not looked at"
        );
    }
    if (assessment.score && asks_too_little(assessment)) {
        why.push_back(
            "only " + count_of(count_checks(assessment).asked(), "check") +
            " had something to ask about, at least " +
            std::to_string(assessment.facts->settings().least_checks) +
            " are needed to say anything of a service"
        );
    }
    const auto minimum = assessment.facts->settings().minimum;
    if (assessment.score && assessment.score->low.hundredths < 100L * minimum) {
        why.push_back(
            "the low end " + points_text(assessment.score->low.hundredths) + " is below " +
            std::to_string(minimum)
        );
    }
    const auto stopping = blockers(assessment);
    if (!stopping.empty()) {
        why.push_back(count_of(std::ssize(stopping), "blocker") + ", which no score outweighs");
    }
    return why;
}

std::string fingerprint(std::string_view rule, std::string_view object) {
    constexpr std::size_t length = 32;
    return documents::sha256_hex(std::string(rule) + "\n" + std::string(object)).substr(0, length);
}

std::int64_t coverage_of(const Coverage& coverage) {
    return coverage.recognised == 0
               ? 0
               : static_cast<std::int64_t>(coverage.read) * 10'000 / coverage.recognised;
}

std::string weights_digest(const Assessment& assessment) {
    std::string text;
    for (const auto& category : assessment.categories) {
        text += std::string(category.id) + "=" + std::to_string(category.weight) + "\n";
    }
    return documents::sha256_hex(text);
}

}  // namespace deployctl::readiness
