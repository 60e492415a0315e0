// SPDX-License-Identifier: Apache-2.0
// A long-lived child with no input and its error output in a file. Killed, with its process group,
// when this object goes; it also dies with this process, however that ends. Needs the loop only to
// begin. Engine's thread.
#pragma once

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
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    bool is_running();

    const std::string& failure() const { return failure_; }

    int pid() const { return pid_; }

private:
    int pid_ = -1;  ///< -1 where it has ended and was waited for
    std::string failure_;
};

}  // namespace deployctl::plugins
