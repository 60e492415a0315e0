// SPDX-License-Identifier: Apache-2.0
#include "cli/completion.hpp"

#include "cli/commands/verbs.hpp"

#include <memory>
#include <ostream>

namespace deployctl::cli::commands {

namespace {

using Script = std::string (*)();

}  // namespace

Run completion(Form& form) {
    const auto script = std::make_shared<Script>(bash_completion);  // shared with the form's reader
    form.add_argument(
        "SHELL",
        "which shell",
        one_of<Script, Script>(
            *script, {{"bash", bash_completion}, {"zsh", zsh_completion}, {"fish", fish_completion}}
        )
    );
    form.add_example("source <(deployctl completion bash)", "complete in this shell");
    return [script](Session& session) {
        session.terminal.out << (*script)();
        return ExitCode::done;
    };
}

}  // namespace deployctl::cli::commands
