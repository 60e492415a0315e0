// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/verbs.hpp"
#include "cli/manual.hpp"

#include <ostream>

namespace deployctl::cli::commands {

Run man(Form& form) {
    form.add_example("deployctl man | man -l -", "read it");
    form.add_example("deployctl man > /usr/local/share/man/man1/deployctl.1", "install it");
    return [](Session& session) {
        session.terminal.out << manual_page();
        return ExitCode::done;
    };
}

}  // namespace deployctl::cli::commands
