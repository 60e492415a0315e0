// SPDX-License-Identifier: Apache-2.0
// A long-lived child with no input and its outputs in files, which it can go on writing when this
// process is gone. Killed, with its process group, when this object goes; it also gets a signal
// when this process dies, however that ends. One that has such a signal of its own gets that one
// instead of being killed, where it got none yet, ten seconds to end in its own way, and is left
// alone then. Needs the loop only to begin. Engine's thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace boost::asio {
class any_io_executor;
}

namespace deployctl::plugins {

struct ChildStart {
    std::vector<std::string> argv;
    std::string error_file;
    std::string output_file = "/dev/null";
    std::map<std::string, std::string> environment = {};  ///< added to the program's own
    std::optional<int> signal_at_death = {};              ///< of this process; none: SIGKILL
};

struct ChildEnd {
    enum class Kind { exited, signalled } kind{};
    int code = 0;  ///< or the signal
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

    /// Once it is not running any more; nothing where it was never started.
    const std::optional<ChildEnd>& end() const { return end_; }

    /// To the program itself, not to what it has started.
    void send(int signal);

    const std::string& failure() const { return failure_; }

    int pid() const { return pid_; }

private:
    void see_off();

    std::optional<int> parting_signal_;  ///< none: SIGKILL
    bool is_told_ = false;               ///< it got a signal
    int pid_ = -1;                       ///< -1 where it has ended and was waited for
    std::optional<ChildEnd> end_;
    std::string failure_;
};

}  // namespace deployctl::plugins
