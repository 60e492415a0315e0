// SPDX-License-Identifier: Apache-2.0
#include "plugins/process/child.hpp"

#include "plugins/process/launch.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/process/v2.hpp>

#include <cstdio>
#include <sys/wait.h>

namespace deployctl::plugins {

namespace process = boost::process::v2;

struct Child::Impl {
    explicit Impl(const boost::asio::any_io_executor& executor) : process(executor) {}

    ~Impl() {
        boost::system::error_code ignored;
        if (process.id() > 0 && process.running(ignored)) {
            kill(-process.id(), SIGKILL);
            process.wait(ignored);
        }
    }

    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    process::process process;
};

Child::Child(const boost::asio::any_io_executor& executor, const ChildStart& start)
    : impl_(std::make_unique<Impl>(executor)) {
    using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;
    const File nothing(std::fopen("/dev/null", "r+e"), std::fclose);
    const File errors(std::fopen(start.error_file.c_str(), "we"), std::fclose);
    if (!nothing || !errors) {
        failure_ = "cannot write " + start.error_file;
        return;
    }
    const auto& argv = start.argv;
    process::default_process_launcher launcher;
    boost::system::error_code error;
    impl_->process = launcher(
        executor,
        error,
        argv.front(),
        std::vector<std::string>(argv.begin() + 1, argv.end()),
        process::process_stdio{{nothing.get()}, {nothing.get()}, {errors.get()}},
        DieWithParent{}
    );
    if (error) {
        if (launcher.pid > 0) {
            waitpid(launcher.pid, nullptr, 0);  // forked, but not executed: Boost leaves a zombie
        }
        failure_ = argv.front() + ": " + error.message();
    }
}

Child::~Child() = default;
Child::Child(Child&&) noexcept = default;
Child& Child::operator=(Child&&) noexcept = default;

bool Child::is_running() {
    boost::system::error_code ignored;
    return impl_->process.id() > 0 && impl_->process.running(ignored);
}

int Child::pid() const {
    return impl_->process.id();
}

}  // namespace deployctl::plugins
