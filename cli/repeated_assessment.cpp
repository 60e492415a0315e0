// SPDX-License-Identifier: Apache-2.0
#include "cli/repeated_assessment.hpp"

#include "cli/assess_report.hpp"
#include "cli/earlier_assessment.hpp"

#include <ostream>
#include <utility>

namespace deployctl::cli {

namespace {

void say(Session& session, const std::string& text) {
    session.terminal.out << text;
    session.terminal.out.flush();
}

}  // namespace

ExitCode repeat_or_assess(Session& session, const AssessScope& scope) {
    auto folder = read_folder(scope, session.globals.place.environment);
    const auto key = key_of(session, folder);
    if (const auto earlier = find_earlier(session, key)) {
        say(session, earlier->out);
        return static_cast<ExitCode>(earlier->exit_code);
    }
    const Assessed assessed{assess(session, std::move(folder)), report_head(session), std::nullopt};
    const auto exit = exit_of(assessed.assessment);
    if (key.empty()) {
        tell(session, assessed, {});
        return exit;
    }
    const auto text = report_text(session, assessed, {});
    say(session, text);
    keep_for_later(session, key, {static_cast<int>(exit), text, ""});
    return exit;
}

}  // namespace deployctl::cli
