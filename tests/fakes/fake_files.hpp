// SPDX-License-Identifier: Apache-2.0
// Files of a test, by path. One thread.
#pragma once

#include "ports/files.hpp"

#include <map>
#include <string>

namespace deployctl::tests {

class FakeFiles final : public Files {
public:
    FakeFiles& has(const std::string& path, const std::string& text, WallTime modified = {}) {
        files_[path] = {FileAnswer::Kind::read, text, modified, ""};
        return *this;
    }

    void lose(const std::string& path) { files_.erase(path); }

    FileAnswer read(const std::string& path, std::size_t most_bytes) override {
        const auto found = files_.find(path);
        if (found == files_.end()) {
            return {FileAnswer::Kind::missing, "", {}, "No such file or directory"};
        }
        if (found->second.text.size() > most_bytes) {
            return {FileAnswer::Kind::too_large, "", {}, "larger than the limit"};
        }
        return found->second;
    }

private:
    std::map<std::string, FileAnswer> files_;
};

}  // namespace deployctl::tests
