// SPDX-License-Identifier: Apache-2.0
// A long-lived child with no input and its error output in a file. Killed, with its process group,
// when this object goes; it also dies with this process, however that ends. Engine's thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace boost::asio {
class any_io_executor;
}

namespace deployctl::plugins {

struct ChildStart {
    std::vector<std::string> argv;
    std::string error_file;
};

class Child {
public:
    /// Where the program cannot be started, `is_running` is false from the beginning and `failure`
    /// says why.
    Child(const boost::asio::any_io_executor& executor, const ChildStart& start);
    ~Child();
    Child(Child&&) noexcept;
    Child& operator=(Child&&) noexcept;

    bool is_running();

    const std::string& failure() const { return failure_; }

    int pid() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
    std::string failure_;
};

}  // namespace deployctl::plugins
