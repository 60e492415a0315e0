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
// The header-only mode of 1.81 leaves this file out of v2.hpp, so process_environment would have no body.
#include <boost/process/v2/impl/environment.ipp>
#include <memory>
#include <optional>

#include "plugins/process/launch.hpp"

namespace deployctl::plugins {

namespace asio = boost::asio;
namespace process = boost::process::v2;
using namespace boost::asio::experimental::awaitable_operators;

namespace {

constexpr std::size_t most_output = 64UL * 1024 * 1024;
constexpr auto quiet = asio::as_tuple(asio::use_awaitable);

Task<> drain(asio::readable_pipe& pipe, std::string& text) {
    std::string chunk(64UL * 1024, '\0');
    for (;;) {
        const auto buffer = asio::buffer(chunk);
        const auto [error, size] = co_await pipe.async_read_some(buffer, quiet);
        if (text.size() < most_output) {
            text.append(chunk, 0, size);
        }
        if (error) {
            co_return;
        }
    }
}

Task<> feed(asio::writable_pipe& pipe, const std::string& text) {
    const auto buffer = asio::buffer(text);
    co_await asio::async_write(pipe, buffer, quiet);
    pipe.close();
}

/// Asks the child to end, then makes it, once the timeout is over; ends itself by cancellation before.
Task<> end_after(process::process& child, Duration timeout, Duration grace, bool& timed_out) {
    asio::steady_timer timer(co_await asio::this_coro::executor, timeout);
    co_await timer.async_wait(asio::use_awaitable);
    timed_out = true;
    boost::system::error_code ignored;
    child.request_exit(ignored);
    timer.expires_after(grace);
    co_await timer.async_wait(asio::use_awaitable);
    child.terminate(ignored);
    timer.expires_at(asio::steady_timer::time_point::max());
    co_await timer.async_wait(asio::use_awaitable);
}

Task<int> wait_all(
    process::process& child, asio::readable_pipe& out, asio::readable_pipe& err, CommandResult& result
) {
    co_await (drain(out, result.output) && drain(err, result.error_output));
    const auto code = co_await child.async_wait(asio::use_awaitable);
    co_return code;
}

struct Pipes {
    explicit Pipes(const asio::any_io_executor& executor) : in(executor), out(executor), err(executor) {}

    asio::writable_pipe in;
    asio::readable_pipe out;
    asio::readable_pipe err;
};

std::optional<process::process> launch(
    const asio::any_io_executor& executor, const Command& command, Pipes& pipes, std::string& failure
) {
    std::vector<std::string> variables;
    for (const auto& variable : process::environment::current()) {
        const auto name = variable.key().string();
        if (!command.environment.contains(name)) {
            variables.push_back(name + "=" + variable.value().string());
        }
    }
    for (const auto& [name, value] : command.environment) {
        variables.push_back(name + "=" + value);
    }
    const auto& argv = command.argv;
    const auto path = argv.front().find('/') == std::string::npos ? find_program(argv.front()) : argv.front();
    try {
        return std::optional<process::process>(
            std::in_place,
            executor,
            path,
            std::vector<std::string>(argv.begin() + 1, argv.end()),
            process::process_stdio{{pipes.in}, {pipes.out}, {pipes.err}},
            process::process_environment(variables),
            DieWithParent{}
        );
    } catch (const boost::system::system_error& caught) {
        failure = caught.code().message();
        return std::nullopt;
    }
}

}  // namespace

std::string find_program(const std::string& name) {
    const auto path = process::environment::find_executable(name);
    return path.string();
}

Task<CommandResult> BoostProcess::run(Command command) {
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    CommandResult result;
    Pipes pipes(executor);
    auto child = launch(executor, command, pipes, result.error_output);
    if (!child) {
        result.end = CommandResult::End::not_started;
        co_return result;
    }
    bool timed_out = false;
    auto& running = *child;
    const auto ended = co_await (
        (feed(pipes.in, command.input) && wait_all(running, pipes.out, pipes.err, result)) ||
        end_after(running, command.timeout, command.grace, timed_out)
    );
    result.exit_code = ended.index() == 0 ? std::get<0>(ended) : -1;
    result.end = timed_out ? CommandResult::End::timed_out : CommandResult::End::exited;
    co_return result;
}

}  // namespace deployctl::plugins
