// SPDX-License-Identifier: Apache-2.0
#include "plugins/terraform/tool.hpp"

#include "plugins/process/boost_process.hpp"
#include "plugins/process/child.hpp"
#include "plugins/system/descriptor.hpp"
#include "plugins/terraform/apply_stream.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <array>
#include <csignal>
#include <exception>
#include <fcntl.h>
#include <optional>
#include <unistd.h>

namespace deployctl::plugins::terraform {

namespace asio = boost::asio;

namespace {

constexpr Duration between_looks = milliseconds(50);
constexpr Duration last_grace = seconds(10);
constexpr std::size_t most_output = 256UL << 20U;
constexpr std::size_t most_errors = 1UL << 20U;

/// What a growing file has got since the last time.
class Follower {
public:
    explicit Follower(const std::string& path) : file_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}

    void read_on(const Lines::Take& take) {
        std::array<char, 64UL << 10U> piece{};
        for (;;) {
            const auto size = ::read(file_.number(), piece.data(), piece.size());
            if (size <= 0) {
                return;
            }
            lines_.add({piece.data(), static_cast<std::size_t>(size)}, take);
        }
    }

    void finish(const Lines::Take& take) {
        read_on(take);
        lines_.finish(take);
    }

private:
    Descriptor file_;
    Lines lines_;
};

/// Those who are told what the tool does. It is in the middle of changing the world: what one of
/// them throws must not end it, and is remembered instead.
class Audience {
public:
    explicit Audience(const ToolCall& call) : call_(call) {}

    void hear_start(int pid) {
        tell([this, pid] { return call_.on_start ? call_.on_start(pid) : void(); });
    }

    void hear(std::string_view line) {
        tell([this, line] { return call_.on_line ? call_.on_line(line) : void(); });
    }

    Task<> attend() {
        if (!failure_.empty() || !call_.meanwhile) {
            co_return;
        }
        try {
            auto care = call_.meanwhile();
            co_await std::move(care);
        } catch (const std::exception& error) {
            failure_ = error.what();
        }
    }

    const std::string& failure() const { return failure_; }

private:
    template <class Telling>
    void tell(Telling telling) {
        if (!failure_.empty()) {
            return;
        }
        try {
            telling();
        } catch (const std::exception& error) {
            failure_ = error.what();
        }
    }

    const ToolCall& call_;
    std::string failure_;
};

/// Which signal is due: at the first stop, at the second or after the grace, and at the end of all
/// patience.
class Patience {
public:
    Patience(const Clock& clock, const ToolCall& call)
        : clock_(clock), grace_(call.grace), deadline_(clock.boot_time() + call.timeout) {}

    std::optional<int> signal_due(int stops) {
        const bool is_over = clock_.boot_time() >= deadline_;
        const bool is_asked = stops > sent_;
        if (sent_ > 2 || (!is_asked && !is_over)) {
            return std::nullopt;
        }
        is_late_ = is_late_ || (sent_ == 0 && !is_asked);
        return sent_ == 2 ? send(SIGKILL, last_grace)
                          : send(SIGINT, sent_ == 0 ? grace_ : last_grace);
    }

    bool is_late() const { return is_late_; }

    bool was_stopped() const { return sent_ > 0 && !is_late_; }

private:
    int send(int signal, Duration grace) {
        ++sent_;
        deadline_ = clock_.boot_time() + grace;
        return signal;
    }

    const Clock& clock_;
    Duration grace_;
    BootTime deadline_;
    int sent_ = 0;
    bool is_late_ = false;
};

void make_private(const std::string& path) {
    unlink(path.c_str());
    const Descriptor made(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
}

std::string take_text(const std::string& path, std::size_t most, bool* is_cut) {
    const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    std::string text;
    std::array<char, 64UL << 10U> piece{};
    for (;;) {
        const auto size = file.is_open() ? ::read(file.number(), piece.data(), piece.size()) : 0;
        if (size <= 0) {
            return text;
        }
        const auto room = most - std::min(most, text.size());
        *is_cut = *is_cut || room < static_cast<std::size_t>(size);
        text.append(piece.data(), std::min(room, static_cast<std::size_t>(size)));
    }
}

ToolEnd::Kind kind_of(const Patience& patience, const ChildEnd& end) {
    const bool has_exited = end.kind == ChildEnd::Kind::exited;
    if (has_exited && end.code == 0) {
        return ToolEnd::Kind::exited;  // it was done before a signal reached it
    }
    if (patience.is_late()) {
        return ToolEnd::Kind::timed_out;
    }
    if (patience.was_stopped()) {
        return ToolEnd::Kind::stopped;
    }
    return has_exited ? ToolEnd::Kind::exited : ToolEnd::Kind::signalled;
}

ToolEnd not_started(std::string why) {
    ToolEnd end;
    end.kind = ToolEnd::Kind::not_started;
    end.error_output = std::move(why);
    return end;
}

/// Empty where there is none.
std::string path_of(const std::string& program) {
    return program.find('/') != std::string::npos ? program : find_program(program);
}

ChildStart start_of(const ToolPlace& place, const ToolCall& call, const std::string& program) {
    ChildStart start;
    start.argv = {program};
    start.argv.insert(start.argv.end(), call.arguments.begin(), call.arguments.end());
    start.output_file = place.folder + "/" + call.output_name;
    start.error_file = start.output_file + ".errors";
    start.environment = place.environment;
    start.signal_at_death = SIGINT;
    make_private(start.output_file);
    make_private(start.error_file);
    return start;
}

void take_outputs(const ChildStart& start, const ToolCall& call, ToolEnd& end) {
    bool ignored = false;
    end.error_output = take_text(start.error_file, most_errors, &ignored);
    unlink(start.error_file.c_str());
    if (call.output == ToolCall::Output::take) {
        end.output = take_text(start.output_file, most_output, &end.is_cut);
        unlink(start.output_file.c_str());
    }
}

}  // namespace

Task<> keep_cancellation() {
    co_await asio::this_coro::throw_if_cancelled(false);
    co_await asio::this_coro::reset_cancellation_state(
        asio::enable_terminal_cancellation(), asio::disable_cancellation()
    );
}

std::string how_it_ended(const ToolCall& call, const ToolEnd& end) {
    switch (end.kind) {
        case ToolEnd::Kind::exited: return "exit code " + std::to_string(end.code);
        case ToolEnd::Kind::signalled: return "ended by signal " + std::to_string(end.code);
        case ToolEnd::Kind::timed_out:
            return "not done after " + deployctl::to_text(call.timeout) + ", and stopped";
        case ToolEnd::Kind::stopped: return "stopped";
        case ToolEnd::Kind::not_started: return "not started: " + end.error_output;
    }
    return "";
}

Task<int> Tool::count_stops() {
    const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
    const bool is_cancelled = state.cancelled() != asio::cancellation_type::none;
    co_return (is_cancelled ? 1 : 0) + (place_.stops ? place_.stops() : 0);
}

Task<ToolEnd> Tool::run(ToolCall call) {
    const auto program = path_of(place_.program);
    if (program.empty()) {
        co_return not_started("no " + place_.program + " in $PATH");
    }
    const auto start = start_of(place_, call, program);
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    Child child(executor, start);
    if (!child.is_running() && !child.end()) {
        co_return not_started(child.failure());
    }
    Audience audience(call);
    audience.hear_start(child.pid());
    Follower follower(start.output_file);
    const Lines::Take take = [&audience](std::string_view line) { audience.hear(line); };
    Patience patience(clock_, call);
    while (child.is_running()) {
        const auto stops = co_await count_stops();
        if (const auto signal = patience.signal_due(stops)) {
            child.send(*signal);
        }
        co_await audience.attend();
        co_await clock_.sleep(between_looks);
        follower.read_on(take);
    }
    follower.finish(take);
    ToolEnd end;
    end.kind = kind_of(patience, *child.end());
    end.code = child.end()->code;
    end.untold = audience.failure();
    take_outputs(start, call, end);
    co_return end;
}

}  // namespace deployctl::plugins::terraform
