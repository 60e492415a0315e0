// SPDX-License-Identifier: Apache-2.0
// A script in kubectl's place, whose `proxy` leads straight to a server of the test. Any thread.
#pragma once

#include "tests/plugins/scratch_folder.hpp"

#include <filesystem>
#include <fstream>
#include <string>

namespace deployctl::tests {

class FakeKubectl {
public:
    /// Each call is one of `cases`, the body of a shell `case`: "version) echo ... ;;".
    explicit FakeKubectl(const std::string& cases) {
        std::ofstream(path()) << "#!/bin/sh\nfor word in \"$@\"; do\n"
                                 "case $word in --unix-socket=*) socket=${word#*=} ;; esac\ndone\n"
                                 "echo \"$@\" >> "
                              << folder_.path() << "/calls\ncase $* in\n"
                              << cases << "\nesac\n";
        std::filesystem::permissions(path(), std::filesystem::perms::owner_all);
    }

    static std::string proxy_to(const std::string& server_socket) {
        return "*proxy*) ln -s " + server_socket + " $socket; exec sleep 60 ;;";
    }

    std::string path() const { return folder_.path() + "/kubectl"; }

    std::string calls() const {
        std::ifstream file(folder_.path() + "/calls");
        return {std::istreambuf_iterator<char>(file), {}};
    }

private:
    ScratchFolder folder_;
};

}  // namespace deployctl::tests
