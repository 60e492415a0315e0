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
        need_buckets("max_slow", question.max_slow > 0);
    }

    void operator()(const auto&) {}

private:
    bool has(const char* name) const { return gate_.value.find(name) != nullptr; }

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

}  // namespace

void check_analyses(const Configuration& configuration, const YamlNode& root, Report& report) {
    const auto* gates = root.find("gates");
    if (gates == nullptr) {
        return;
    }
    for (const auto& entry : gates->value.entries) {
        const auto gate = configuration.gates.find(entry.key);
        if (gate != configuration.gates.end()) {
            std::visit(AnalysisMeaning(entry, report), gate->second.question);
        }
    }
}

}  // namespace deployctl::config
