// SPDX-License-Identifier: Apache-2.0
#include "config/analysis_semantics.hpp"

#include "config/keys.hpp"

#include <string>
#include <utility>
#include <variant>

namespace deployctl::config {

namespace {

using documents::YamlEntry;
using documents::YamlNode;

class AnalysisMeaning {
public:
    AnalysisMeaning(const YamlEntry& gate, Report& report) : gate_(gate), report_(report) {}

    void operator()(const AnalysisQuestion& question) {
        if (!has("errors") && !has("total") && !has("buckets")) {
            add("C1080", "gate `" + gate_.key + "` compares nothing", "errors").help =
                "write `errors` and `total`, or `buckets`, or all of them";
        }
        need_both("errors", "total");
        need_buckets("quantiles", !question.quantiles.empty());
        need_buckets("edges", !question.edges.empty());
        need_buckets("max_slow", question.max_slow != AnalysisQuestion{}.max_slow);
    }

    void operator()(const ExhaustionQuestion& question) {
        if (question.limit.has_value() == !question.limit_query.empty()) {
            add("C1083", "gate `" + gate_.key + "` needs one limit", "limit").help =
                "write `limit: 512000000`, or `limit_query`, and not both";
        }
    }

    void operator()(const MannWhitneyQuestion& question) {
        if (question.marginal_score > question.pass_score) {
            add("C1085", "gate `" + gate_.key + "` passes below its marginal score", "pass_score")
                .help = "write a `pass_score` that is not below `marginal_score`";
        }
    }

    void operator()(const SloQuestion&) { check_counters(); }

    void operator()(const ErrorBudgetQuestion&) { check_counters(); }

    void operator()(const auto&) {}

private:
    bool has(const char* name) const { return gate_.value.find(name) != nullptr; }

    void check_counters() {
        if (!has("errors") && !has("total")) {
            add("C1084", "gate `" + gate_.key + "` has no counters", "errors").help =
                "write `errors` and `total`, each a selector of counters";
        }
        need_both("errors", "total");
    }

    /// A default that is written out says nothing.
    void need_buckets(const char* name, bool says_something) {
        if (says_something && has(name) && !has("buckets")) {
            needs(name, "buckets", "C1082");
        }
    }

    void need_both(const char* one, const char* other) {
        if (has(one) && !has(other)) {
            needs(one, other, "C1081");
        } else if (has(other) && !has(one)) {
            needs(other, one, "C1081");
        }
    }

    void needs(const std::string& one, const std::string& other, const char* code) {
        auto& wrong =
            report_.add(code, "`" + one + "` needs `" + other + "`", gate_.value.find(one)->place);
        wrong.docs = "gates." + other;
        wrong.help = "write `" + other + ": '" + std::string(find_key(wrong.docs)->example) + "'`";
    }

    Diagnostic& add(const char* code, std::string message, const char* key) {
        auto& wrong = report_.add(code, std::move(message), gate_.place);
        wrong.docs = "gates." + std::string(key);
        return wrong;
    }

    const YamlEntry& gate_;
    Report& report_;
};

/// One whose method is a mistake is judged by none.
bool is_as_written(const YamlEntry& entry, const GateQuestion& question) {
    const auto* method = entry.value.find("method");
    return method == nullptr || method->value.text == method_of(question);
}

}  // namespace

void check_analyses(const Configuration& configuration, const YamlNode& root, Report& report) {
    const auto* gates = root.find("gates");
    if (gates == nullptr) {
        return;
    }
    for (const auto& entry : gates->value.entries) {
        const auto gate = configuration.gates.find(entry.key);
        if (gate != configuration.gates.end() && is_as_written(entry, gate->second.question)) {
            std::visit(AnalysisMeaning(entry, report), gate->second.question);
        }
    }
}

}  // namespace deployctl::config
