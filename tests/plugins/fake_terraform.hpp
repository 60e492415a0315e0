// SPDX-License-Identifier: Apache-2.0
// A script in Terraform's place: what it answers stands in files of its folder, and what it was
// called with in another. Any thread.
#pragma once

#include "tests/plugins/scratch_folder.hpp"

#include <filesystem>
#include <fstream>
#include <string>

namespace deployctl::tests {

class FakeTerraform {
public:
    FakeTerraform() {
        write("terraform", R"sh(#!/bin/sh
here=$(dirname "$0")
echo "$@" >> "$here/calls"
[ "$1" = version ] && { echo '{"terraform_version":"1.5.7"}'; exit 0; }
shift
verb=$1
[ "$verb" = state ] && verb=state-$2
for word in "$@"; do case $word in -out=*) echo saved > "${word#-out=}" ;; esac; done
[ -e "$here/$verb.sh" ] && . "$here/$verb.sh"
[ -e "$here/$verb.err" ] && cat "$here/$verb.err" >&2
[ -e "$here/$verb.out" ] && cat "$here/$verb.out"
[ -e "$here/$verb.code" ] && exit "$(cat "$here/$verb.code")"
exit 0
)sh");
        std::filesystem::permissions(program(), std::filesystem::perms::owner_all);
        std::filesystem::create_directories(root());
        write("root/main.tf", "# nothing\n");
    }

    void write(const std::string& name, const std::string& text) const {
        std::ofstream(folder_.path() + "/" + name) << text;
    }

    void answers(const std::string& verb, const std::string& text, int code = 0) const {
        write(verb + ".out", text);
        write(verb + ".code", std::to_string(code));
    }

    std::string program() const { return folder_.path() + "/terraform"; }

    std::string root() const { return folder_.path() + "/root"; }

    std::string notes() const { return folder_.path() + "/notes"; }

    std::string calls() const {
        std::ifstream file(folder_.path() + "/calls");
        return {std::istreambuf_iterator<char>(file), {}};
    }

    void forget_calls() const { std::filesystem::remove(folder_.path() + "/calls"); }

private:
    ScratchFolder folder_;
};

}  // namespace deployctl::tests
