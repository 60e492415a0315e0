// SPDX-License-Identifier: Apache-2.0
#include "cli/assessing.hpp"
#include "cli/commands/verbs.hpp"
#include "cli/output/assess_view.hpp"
#include "cli/output/result.hpp"
#include "config/spelling.hpp"
#include "model/text.hpp"
#include "readiness/reports/assessment_json.hpp"

#include <algorithm>
#include <memory>

namespace deployctl::cli::commands {

namespace {

struct Options {
    AssessScope scope;
    std::string check;
};

const readiness::RuleResult& find_result(
    const readiness::Assessment& assessment, const std::string& check
) {
    std::vector<std::string_view> names;
    for (const auto& result : assessment.results) {
        if (lower(result.rule->id) == lower(check)) {
            return result;
        }
        if (upper(check).front() == result.rule->id.front()) {  // there are hundreds
            names.emplace_back(result.rule->id);
        }
    }
    const auto near = config::closest(upper(check), names);
    throw Error(
        ExitCode::usage,
        "there is no check `" + printable(check) + "`",
        near ? "did you mean " + std::string(*near) + "?" : "deployctl assess --list"
    );
}

Value value_of(const readiness::Assessment& assessment, const std::string& id, Session& session) {
    const auto whole = readiness::to_value(assessment, report_head(session));
    const auto& rules = whole.items("/rules");
    const auto found =
        std::ranges::find_if(rules, [&](const Value& rule) { return rule.view("/id") == id; });
    return *found;
}

ExitCode run(Session& session, const Options& options) {
    const auto assessment = assess(session, options.scope);
    const auto& found = find_result(assessment, options.check);
    Result result;
    result.value = value_of(assessment, found.rule->id, session);
    result.value.set("/why", found.rule->text.why);
    result.value.set("/mend", found.rule->text.mend);
    result.value.set("/references", lines_value(found.rule->text.references));
    result.names = {found.rule->id};
    result.text = [&found](const Style& style) { return draw_check(found, style); };
    print(session, result);
    return ExitCode::done;
}

}  // namespace

Run assess_explain(Form& form) {
    const auto options = std::make_shared<Options>();  // shared with the form's readers
    form.add_argument("CHECK", "its id, such as K8S-33", into(options->check));
    form.add_optional_argument("PATH", "a folder (default: this one)", into(options->scope.path));
    add_scope_options(form, options->scope);
    form.describe(
        "What the check is about, how to mend it, what it brings to the score, and what it has "
        "found at each object that it was asked of."
    );
    form.add_example("deployctl assess explain K8S-33", "with the evidence of this folder");
    return [options](Session& session) { return run(session, *options); };
}

}  // namespace deployctl::cli::commands
