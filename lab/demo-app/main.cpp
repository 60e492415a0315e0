// SPDX-License-Identifier: Apache-2.0
// The demo app: a web shop's front page that a release can spoil in every way that a release does.
#include "server.hpp"
#include "settings.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fstream>
#include <thread>
#include <unistd.h>

namespace {

constexpr int bad_configuration = 78;
constexpr std::size_t most_leaked = std::size_t{1} << 30;

void crash_later(std::chrono::milliseconds after) {
    std::this_thread::sleep_for(after);
    std::fprintf(stderr, "FATAL price table: unexpected end of file at offset 4096, giving up\n");
    _exit(1);
}

// Memory that is touched and never given back; without a limit on the container it ends before the
// machine does.
void leak(int kib_per_second) {
    constexpr int steps_per_second = 10;
    const auto step = static_cast<std::size_t>(kib_per_second) * 1024 / steps_per_second;
    for (std::size_t leaked = 0; leaked < most_leaked; leaked += step) {
        if (void* lost = std::malloc(step)) {
            std::memset(lost, 1, step);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(1000 / steps_per_second));
    }
}

}  // namespace

int main() {
    sigset_t stopping;
    sigemptyset(&stopping);
    sigaddset(&stopping, SIGTERM);
    sigaddset(&stopping, SIGINT);
    // Blocked before the first thread: every thread inherits it, and pid 1 would ignore the signal
    // anyway.
    sigprocmask(SIG_BLOCK, &stopping, nullptr);

    const demo::Settings settings = demo::settings_from_environment();
    if (!settings.config_file.empty() && !std::ifstream(settings.config_file)) {
        std::fprintf(
            stderr, "FATAL cannot read %s: %s\n", settings.config_file.c_str(), std::strerror(errno)
        );
        return bad_configuration;
    }
    if (settings.crash_after.count() > 0) {
        std::thread(crash_later, settings.crash_after).detach();
    }
    if (settings.leak_kib_per_second > 0) {
        std::thread(leak, settings.leak_kib_per_second).detach();
    }
    demo::Server server(settings);
    std::thread([&] {
        int signal = 0;
        sigwait(&stopping, &signal);
        std::fprintf(
            stderr,
            "stopping: serving for %lld ms more\n",
            static_cast<long long>(settings.drain.count())
        );
        server.stop();
    }).detach();
    std::this_thread::sleep_for(settings.start_delay);
    try {
        server.run();
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "FATAL %s\n", problem.what());
        return 1;
    }
    std::fprintf(stderr, "stopped\n");
    _exit(0);  // threads of idle connections still look at the server
}
