// SPDX-License-Identifier: Apache-2.0
#include "cli/question.hpp"

#include <istream>
#include <ostream>

namespace deployctl::cli {

bool is_confirmed(Session& session, const std::string& question) {
    const auto& consent = session.globals.consent;
    if (consent.yes || consent.no_input || !session.terminal.ends.can_ask) {
        return true;
    }
    auto& terminal = session.terminal;
    terminal.err << paint(terminal.err_style, Tone::strong, question) << " [y/N] " << std::flush;
    std::string answer;
    std::getline(terminal.in, answer);
    return answer == "y" || answer == "Y" || answer == "yes";
}

void need_yes(Session& session, const std::string& question) {
    const auto& consent = session.globals.consent;
    const bool can_ask = session.terminal.ends.can_ask && !consent.no_input;
    if (!consent.yes && !can_ask) {
        throw Error(
            ExitCode::blocked, question + " Nobody can be asked", "-y says yes; nothing was changed"
        );
    }
    if (!is_confirmed(session, question)) {
        throw Error(ExitCode::blocked, "not applied, as answered", "nothing was changed");
    }
}

}  // namespace deployctl::cli
