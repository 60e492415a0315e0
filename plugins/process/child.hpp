// SPDX-License-Identifier: Apache-2.0
// A long-lived child, ended when this object goes: SIGTERM, then SIGKILL. It also dies with this process, however
// that ends. Engine's thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace boost::asio {
class any_io_executor;
}

namespace deployctl::plugins {

class Child {
public:
    /// Throws Error{tool_missing} where the program cannot be started. Its error output goes to `error_file`.
    Child(
        const boost::asio::any_io_executor& executor,
        const std::vector<std::string>& argv,
        const std::string& error_file
    );
    ~Child();
    Child(Child&&) noexcept;
    Child& operator=(Child&&) noexcept;

    bool is_running();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace deployctl::plugins
