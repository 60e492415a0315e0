// SPDX-License-Identifier: Apache-2.0
#include "readiness/reports/sarif_json.hpp"

#include "model/text.hpp"
#include "readiness/reports/escaping.hpp"

namespace deployctl::readiness {

namespace {

constexpr auto schema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

const char* level_of(FindingSeverity severity) {
    switch (severity) {
        case FindingSeverity::critical:
        case FindingSeverity::high: return "error";
        case FindingSeverity::medium: return "warning";
        case FindingSeverity::low: break;
    }
    return "note";
}

/// By which GitHub sorts: above 9 is critical, above 7 high, above 4 medium.
const char* security_severity(FindingSeverity severity) {
    switch (severity) {
        case FindingSeverity::critical: return "9.5";
        case FindingSeverity::high: return "8.0";
        case FindingSeverity::medium: return "5.0";
        case FindingSeverity::low: break;
    }
    return "2.0";
}

const char* precision_of(Confidence confidence) {
    switch (confidence) {
        case Confidence::certain: return "very-high";
        case Confidence::derived: return "high";
        case Confidence::heuristic: return "medium";
        case Confidence::declared: break;
    }
    return "low";
}

Value text_value(std::string_view text) {
    return Value::map({{"text", clean(text)}});
}

std::string help_text(const Rule& rule) {
    auto text = rule.text.why + " " + rule.text.mend;
    if (!rule.text.references.empty()) {
        text += " (" + join(rule.text.references, ", ") + ")";
    }
    return text;
}

std::string help_markdown(const Rule& rule) {
    auto text = escape_markdown(rule.text.why) +
                "\n\n**To mend it**: " + escape_markdown(rule.text.mend) + "\n";
    for (const auto& reference : rule.text.references) {
        text += "\n- " + escape_markdown(reference);
    }
    return text;
}

Value rule_value(const Rule& rule) {
    auto help = text_value(help_text(rule));
    help.set("/markdown", help_markdown(rule));
    return Value::map({
        {"id", rule.id},
        {"name", rule.id},
        {"shortDescription", text_value(rule.text.title)},
        {"fullDescription", text_value(rule.text.why.empty() ? rule.text.title : rule.text.why)},
        {"help", std::move(help)},
        {"defaultConfiguration", Value::map({{"level", level_of(rule.severity)}})},
        {"properties",
         Value::map({
             {"tags", Value::list({"readiness", rule.category})},
             {"precision", precision_of(rule.confidence)},
             {"security-severity", security_severity(rule.severity)},
         })},
    });
}

Value physical_location(std::string_view file, const documents::Spot& spot) {
    auto location = Value::map({
        {"artifactLocation", Value::map({{"uri", escape_address(file)}, {"uriBaseId", "%SRCROOT%"}})
        },
    });
    if (spot.line > 0) {
        location.set("/region", Value::map({{"startLine", spot.line}}));
    }
    if (spot.line > 0 && spot.column > 0) {
        location.set("/region/startColumn", spot.column);
    }
    return location;
}

Value location_of(const Finding& finding) {
    auto location = Value::map({
        {"logicalLocations",
         Value::list({Value::map({{"fullyQualifiedName", clean(finding.object())}})})},
    });
    if (!finding.place.file.empty()) {
        location.set(
            "/physicalLocation", physical_location(finding.place.file, finding.place.spot)
        );
    }
    return location;
}

Value suppression_of(const Waiver* waiver) {
    const auto why = waiver == nullptr ? std::string("waived")
                                       : waiver->reason + " (" + waiver->owner + ", until " +
                                             waiver->expires + ")";
    return Value::map({{"kind", "external"}, {"status", "accepted"}, {"justification", clean(why)}}
    );
}

Value result_value(const Rule& rule, const Finding& finding, std::int64_t rule_index) {
    auto result = Value::map({
        {"ruleId", rule.id},
        {"ruleIndex", rule_index},
        {"level", level_of(rule.severity)},
        {"message", text_value(message_of(rule, finding))},
        {"locations", Value::list({location_of(finding)})},
        {"partialFingerprints",
         Value::map({{"deployctlReadiness/v1", fingerprint(rule.id, finding.object())}})},
    });
    if (finding.outcome == Outcome::waived) {
        result.set("/suppressions", Value::list({suppression_of(finding.waiver)}));
    }
    return result;
}

Value notification_of(const UnreadFile& file) {
    auto notification = Value::map({
        {"level", "error"},
        {"message", text_value(file.path + " could not be read: " + file.why)},
    });
    notification.set(
        "/locations",
        Value::list({Value::map({{"physicalLocation", physical_location(file.path, file.spot)}})})
    );
    return notification;
}

Value invocation_of(const Assessment& assessment, const ReportHead& head) {
    Value::Array notifications;
    for (const auto& file : assessment.coverage.unread) {
        notifications.push_back(notification_of(file));
    }
    return Value::map({
        {"executionSuccessful", is_whole(assessment.coverage)},
        {"endTimeUtc", to_rfc3339(head.at)},
        {"toolExecutionNotifications", std::move(notifications)},
    });
}

struct RulesAndResults {
    Value::Array rules;
    Value::Array results;
};

/// Only rules that were asked of something.
RulesAndResults rules_and_results(const Assessment& assessment) {
    RulesAndResults both;
    for (const auto& result : assessment.results) {
        if (result.findings.empty()) {
            continue;
        }
        const auto index = static_cast<std::int64_t>(both.rules.size());
        both.rules.push_back(rule_value(*result.rule));
        for (const auto& finding : result.findings) {
            if (finding.outcome == Outcome::fail || finding.outcome == Outcome::waived) {
                both.results.push_back(result_value(*result.rule, finding, index));
            }
        }
    }
    return both;
}

}  // namespace

Value sarif_of(const Assessment& assessment, const ReportHead& head) {
    auto both = rules_and_results(assessment);
    auto driver = Value::map({
        {"name", "deployctl assess"},
        {"semanticVersion", head.program},
        {"rules", std::move(both.rules)},
    });
    auto run = Value::map({
        {"tool", Value::map({{"driver", std::move(driver)}})},
        {"columnKind", "unicodeCodePoints"},
        {"automationDetails",
         Value::map({{"id", "deployctl-assess/" + clean(head.environment) + "/"}})},
        {"invocations", Value::list({invocation_of(assessment, head)})},
        {"results", std::move(both.results)},
    });
    return Value::map(
        {{"$schema", schema}, {"version", "2.1.0"}, {"runs", Value::list({std::move(run)})}}
    );
}

}  // namespace deployctl::readiness
