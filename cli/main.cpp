// SPDX-License-Identifier: Apache-2.0
// The program: words to a command, the command to an exit code. What went wrong becomes a message
// here.
#include "cli/complaint.hpp"
#include "cli/parsing.hpp"
#include "cli/session.hpp"
#include "cli/standard_streams.hpp"
#include "cli/wiring.hpp"
#include "plugins/system/environment.hpp"
#include "plugins/system/terminal_keys.hpp"

#include <exception>
#include <filesystem>
#include <iostream>
#include <unistd.h>

namespace deployctl::cli {

namespace {

std::optional<std::string> look_up(const std::string& name) {
    return plugins::environment(name.c_str());
}

ScreenSize measure() {
    const auto facts = plugins::terminal_facts();
    return {facts.columns, facts.rows};
}

Terminal make_terminal(const Look& look) {
    const auto facts = plugins::terminal_facts();
    Terminal terminal{std::cin, std::cout, std::cerr, measure, plugins::listen_at_terminal};
    terminal.out_style = style_for({facts.out_is_tty, facts.columns}, look, look_up);
    terminal.err_style = style_for({facts.err_is_tty, facts.columns}, look, look_up);
    terminal.ends = {
        facts.out_is_tty, facts.err_is_tty, facts.err_is_tty && isatty(STDIN_FILENO) == 1
    };
    return terminal;
}

void work_in(const std::string& folder) {
    std::error_code failure;
    std::filesystem::current_path(folder, failure);
    if (failure) {
        throw Error(
            ExitCode::usage,
            "cannot work in " + folder + ": " + failure.message(),
            "name a folder that is there, and that you may enter, with -C"
        );
    }
}

ExitCode run(const std::vector<std::string>& words, Globals& globals) {
    const EnvironmentLookup environment = look_up;
    const auto invocation = parse(words, environment, globals);
    if (!invocation.run) {
        std::cout << invocation.text;
        return ExitCode::done;
    }
    if (!globals.place.directory.empty()) {
        work_in(globals.place.directory);
    }
    auto terminal = make_terminal(globals.look);
    const auto parts = make_parts(globals.place);
    Session session{globals, terminal, *parts, environment};
    return invocation.run(session);
}

}  // namespace

}  // namespace deployctl::cli

int main(int count, char** words) {
    deployctl::cli::keep_standard_streams();
    const std::vector<std::string> line(words + 1, words + count);
    deployctl::cli::Globals globals;
    auto exit = deployctl::ExitCode::done;
    try {
        exit = deployctl::cli::run(line, globals);
    } catch (const deployctl::Error& error) {
        const auto style = deployctl::cli::make_terminal(globals.look).err_style;
        std::cerr << deployctl::cli::complaint(error, style);
        exit = error.exit();
    } catch (const std::exception& error) {
        const auto folder = deployctl::plugins::default_state_folder();
        std::cerr << deployctl::cli::crash_complaint(error.what(), line, folder);
        exit = deployctl::ExitCode::internal_error;
    }
    if (!deployctl::cli::is_delivered(std::cout)) {
        std::cerr << deployctl::cli::lost_output_complaint;
        exit = exit == deployctl::ExitCode::done ? deployctl::ExitCode::internal_error : exit;
    }
    return static_cast<int>(exit);
}
