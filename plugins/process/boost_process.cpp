// SPDX-License-Identifier: Apache-2.0
#include "plugins/process/boost_process.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/readable_pipe.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/writable_pipe.hpp>
#include <boost/asio/write.hpp>
#include <boost/process/v2.hpp>

#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
// The header-only mode of 1.81 leaves this file out of v2.hpp, so process_environment would have no
// body.
#include "plugins/process/group.hpp"
#include "plugins/process/launch.hpp"
#include "plugins/system/environment.hpp"
#include "ports/left_behind.hpp"

#include <boost/process/v2/impl/environment.ipp>

#include <memory>
#include <optional>

namespace deployctl::plugins {

namespace asio = boost::asio;
namespace process = boost::process::v2;
using asio::experimental::awaitable_operators::operator&&;
using asio::experimental::awaitable_operators::operator||;

namespace {

constexpr std::size_t most_output = 16UL * 1024 * 1024;
/// How long what the leader has left behind may hold the pipes.
constexpr Duration drain_grace = milliseconds(500);
constexpr auto quiet = asio::as_tuple(asio::use_awaitable);

/// One run of one program. Lives in the frame of the coroutine that runs it; so do the coroutines
/// it starts.
class Execution {
public:
    Execution(const asio::any_io_executor& executor, Command command)
        : command_(std::move(command)),
          child_(executor),
          in_(executor),
          out_(executor),
          err_(executor) {}

    ~Execution() {
        if (leader_ == Leader::running) {
            signal_group(SIGTERM);
            await_end_for_a_moment();
            signal_group(SIGKILL);
        }
    }

    Execution(const Execution&) = delete;
    Execution& operator=(const Execution&) = delete;

    /// False, with the reason in the result, where the program cannot be started.
    bool start() {
        const auto& argv = command_.argv;
        const bool is_path = argv.front().find('/') != std::string::npos;
        const auto path = is_path ? argv.front() : find_program(argv.front());
        const auto variables = variables_with(command_.environment);
        process::default_process_launcher launcher;
        boost::system::error_code error;
        child_ = launcher(
            child_.get_executor(),
            error,
            path,
            std::vector<std::string>(argv.begin() + 1, argv.end()),
            process::process_stdio{{in_}, {out_}, {err_}},
            process::process_environment(variables),
            DieWithParent{}
        );
        if (error) {
            if (launcher.pid > 0) {
                waitpid(
                    launcher.pid, nullptr, 0
                );  // forked, but not executed: Boost leaves a zombie
            }
            result_.end = CommandResult::End::not_started;
            result_.error_output = path.empty() ? "no such program in $PATH" : error.message();
            return false;
        }
        leader_ = Leader::running;
        return true;
    }

    Task<> finish() {
        auto whole = run_to_end() || end_after_timeout();
        co_await std::move(whole);
        conclude();
    }

    CommandResult take_result() { return std::move(result_); }

private:
    enum class Leader { not_started, running, ended, left_others };

    Task<> run_to_end() {
        auto pumps = feed() && drain(&out_, &result_.output) && drain(&err_, &result_.error_output);
        auto pumped = std::move(pumps) || give_up_on_pipes();
        co_await std::move(pumped);
        co_await await_exit();
    }

    Task<> feed() {
        const auto buffer = asio::buffer(command_.input);
        co_await asio::async_write(in_, buffer, quiet);
        in_.close();
    }

    Task<> drain(asio::readable_pipe* pipe, std::string* text) {
        std::string chunk(64UL * 1024, '\0');
        for (;;) {
            const auto buffer = asio::buffer(chunk);
            const auto [error, size] = co_await pipe->async_read_some(buffer, quiet);
            const auto room = most_output - std::min(most_output, text->size());
            text->append(chunk, 0, std::min(size, room));
            if (error) {
                co_return;
            }
        }
    }

    Task<> await_exit() {
        const auto [error, code] = co_await child_.async_wait(quiet);
        if (!error && leader_ == Leader::running) {
            leader_ = is_any_running(child_.id()) ? Leader::left_others : Leader::ended;
            signal_group(SIGKILL);  // no child outlives the call, grandchildren included
        }
    }

    Task<> give_up_on_pipes() {
        co_await await_exit();
        asio::steady_timer timer(child_.get_executor(), drain_grace);
        co_await timer.async_wait(asio::use_awaitable);
    }

    Task<> end_after_timeout() {
        asio::steady_timer timer(child_.get_executor(), command_.timeout);
        co_await timer.async_wait(asio::use_awaitable);
        timed_out_ = true;
        signal_group(SIGTERM);
        timer.expires_after(command_.grace);
        co_await timer.async_wait(asio::use_awaitable);
        signal_group(SIGKILL);
        timer.expires_at(asio::steady_timer::time_point::max());
        co_await timer.async_wait(asio::use_awaitable);
    }

    void signal_group(int signal) const { kill(-child_.id(), signal); }

    /// Nobody waits for it any more, and it may have something to put in order. Nothing else is
    /// done meanwhile: a program that does not heed the signal takes all of the moment.
    void await_end_for_a_moment() const {
        constexpr int moment = 2000;  // milliseconds
        const auto exit = static_cast<int>(syscall(SYS_pidfd_open, child_.id(), 0));
        if (exit >= 0) {
            pollfd ended{exit, POLLIN, 0};
            poll(&ended, 1, moment);
            close(exit);
        }
    }

    void conclude() {
        const auto status = child_.native_exit_code();
        const bool signalled = WIFSIGNALED(status);
        result_.exit_code = signalled ? WTERMSIG(status) : WEXITSTATUS(status);
        result_.end = timed_out_  ? CommandResult::End::timed_out
                      : signalled ? CommandResult::End::signalled
                                  : CommandResult::End::exited;
        const bool is_good = result_.end == CommandResult::End::exited && result_.exit_code == 0;
        if (is_good && leader_ == Leader::left_others) {
            const auto& said = result_.error_output;
            const bool is_within_line = !said.empty() && !said.ends_with('\n');
            result_.error_output += (is_within_line ? "\n" : "") + std::string(left_behind) + "\n";
        }
    }

    Command command_;
    CommandResult result_;
    process::process child_;
    asio::writable_pipe in_;
    asio::readable_pipe out_;
    asio::readable_pipe err_;
    Leader leader_ = Leader::not_started;
    bool timed_out_ = false;
};

}  // namespace

std::vector<std::string> variables_with(const std::map<std::string, std::string>& more) {
    std::vector<std::string> variables;
    for (const auto& variable : process::environment::current()) {
        const auto name = variable.key().string();
        if (!more.contains(name)) {
            variables.push_back(name + "=" + variable.value().string());
        }
    }
    for (const auto& [name, value] : more) {
        variables.push_back(name + "=" + value);
    }
    return variables;
}

std::string find_program(const std::string& name) {
    const auto path = process::environment::find_executable(name);
    return path.string();
}

BoostProcess::BoostProcess() {
    ignore_broken_pipes();
}

Task<CommandResult> BoostProcess::run(Command command) {
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    Execution execution(executor, std::move(command));
    const bool started = execution.start();
    if (started) {
        co_await execution.finish();
    }
    co_return execution.take_result();
}

}  // namespace deployctl::plugins
