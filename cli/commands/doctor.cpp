// SPDX-License-Identifier: Apache-2.0
#include "cli/checkup.hpp"
#include "cli/commands/verbs.hpp"
#include "cli/output/result.hpp"

#include <memory>

namespace deployctl::cli::commands {

namespace {

Sign sign_of(Finding::Mark mark) {
    switch (mark) {
        case Finding::Mark::good: return Sign::done;
        case Finding::Mark::doubtful: return Sign::attention;
        case Finding::Mark::bad: return Sign::failed;
        case Finding::Mark::skipped: return Sign::unknown;
    }
    return Sign::unknown;
}

const char* word_of(Finding::Mark mark) {
    switch (mark) {
        case Finding::Mark::good: return "good";
        case Finding::Mark::doubtful: return "doubtful";
        case Finding::Mark::bad: return "bad";
        case Finding::Mark::skipped: return "skipped";
    }
    return "";
}

std::string draw(const std::vector<Finding>& findings, const Style& style) {
    std::string text;
    for (const auto& finding : findings) {
        text += sign(style, sign_of(finding.mark)) + " " + pad(finding.subject, 15) +
                printable(finding.says) + "\n";
        text += finding.mend.empty()
                    ? ""
                    : std::string(17, ' ') + "= help: " + printable(finding.mend) + "\n";
    }
    return text;
}

ExitCode run(Session& session) {
    const auto findings = check_up(session);
    Result result;
    Value::Array items;
    bool is_bad = false;
    for (const auto& finding : findings) {
        items.push_back(Value::map({
            {"check", finding.subject},
            {"result", word_of(finding.mark)},
            {"says", finding.says},
            {"mend", finding.mend},
        }));
        is_bad = is_bad || finding.mark == Finding::Mark::bad;
        result.names.push_back(finding.subject);
    }
    result.value = Value::map({{"items", std::move(items)}});
    result.text = [&findings](const Style& style) { return draw(findings, style); };
    print(session, result);
    return is_bad ? ExitCode::tool_missing : ExitCode::done;
}

}  // namespace

Run doctor(Form& form) {
    form.describe("Says of each thing how to mend it. Exit code 10 where one is bad.");
    form.add_example("deployctl doctor -e production", "before the first rollout");
    form.add_example("deployctl doctor --context kind-dev -n shop", "without a configuration");
    return run;
}

}  // namespace deployctl::cli::commands
