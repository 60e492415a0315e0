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

}  // namespace deployctl::cli
