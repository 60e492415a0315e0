// SPDX-License-Identifier: Apache-2.0
// A folder of a test's own, gone with this object. Any thread.
#pragma once

#include <filesystem>
#include <stdlib.h>
#include <string>

namespace deployctl::tests {

class ScratchFolder {
public:
    ScratchFolder() { mkdtemp(path_.data()); }

    ~ScratchFolder() { std::filesystem::remove_all(path_); }

    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;

    const std::string& path() const { return path_; }

private:
    std::string path_ = std::filesystem::temp_directory_path() / "deployctl-test-XXXXXX";
};

}  // namespace deployctl::tests
