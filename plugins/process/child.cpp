// SPDX-License-Identifier: Apache-2.0
#include "plugins/process/child.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/process/v2.hpp>
#include <cstdio>

#include "model/error.hpp"
#include "plugins/process/launch.hpp"

namespace deployctl::plugins {

namespace process = boost::process::v2;

struct Child::Impl {
    Impl(
        const boost::asio::any_io_executor& executor,
        const std::vector<std::string>& argv,
        std::FILE* nothing,
        std::FILE* errors
    )
        : process(
              executor,
              argv.front(),
              std::vector<std::string>(argv.begin() + 1, argv.end()),
              process::process_stdio{{nothing}, {nothing}, {errors}},
              DieWithParent{}
          ) {}

    ~Impl() {
        boost::system::error_code ignored;
        if (process.running(ignored)) {
            process.terminate(ignored);
        }
        process.wait(ignored);
    }

    process::process process;
};

Child::Child(
    const boost::asio::any_io_executor& executor,
    const std::vector<std::string>& argv,
    const std::string& error_file
) {
    using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;
    const File nothing(std::fopen("/dev/null", "r+e"), std::fclose);
    const File errors(std::fopen(error_file.c_str(), "we"), std::fclose);
    try {
        impl_ = std::make_unique<Impl>(executor, argv, nothing.get(), errors.get());
    } catch (const boost::system::system_error& error) {
        throw Error(ExitCode::tool_missing, "cannot start " + argv.front() + ": " + error.code().message());
    }
}

Child::~Child() = default;
Child::Child(Child&&) noexcept = default;
Child& Child::operator=(Child&&) noexcept = default;

bool Child::is_running() {
    boost::system::error_code ignored;
    return impl_->process.running(ignored);
}

}  // namespace deployctl::plugins
